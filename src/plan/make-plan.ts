// Decides for each traced module whether it is baked, packed or external. Pure.
// A module is baked iff nothing is found against it, and all that it loads at load is baked; statements that do or load
// what cannot be baked may wait until the module is activated (deferrable.ts, deferral.ts). It is judged in three steps:
// each module by what was found against it, then by what it loads (propagation.ts), then by the order of loads (order.ts).
import type { Analysis, Effect, Input, SharedRead } from '../graph/analysis.js';
import type { Graph, ModuleFormat, TracedModule } from '../graph/types.js';
import { findHazards, rules } from '../hazards/index.js';
import type { Finding, Rule } from '../hazards/rule.js';
import type { StaticFacts } from '../source/static-facts.js';
import { Deferrable } from './deferrable.js';
import { Deferral } from './deferral.js';
import { Description } from './description.js';
import { EvaluatedWith, onePerPair } from './evaluated-with.js';
import { Extents } from './extents.js';
import { FailingGuards, type Habits } from './guards.js';
import { BAKED, external, type Judgement, lazy, packed } from './judgement.js';
import { LazyModules } from './lazy-modules.js';
import { LoadGraph } from './load-graph.js';
import { OrderJudge, type OrderProblem } from './order.js';
import { Placement } from './placement.js';
import { Propagation } from './propagation.js';
import type { Plan } from './types.js';

export interface PlanInput {
  readonly graph: Graph;
  readonly analysis: Analysis;
  readonly facts: ReadonlyMap<string, StaticFacts>;
  readonly rules?: readonly Rule[];
  /** Built-ins (`node:NAME`) that no snapshot may hold on this node, beside those that hazards name. */
  readonly unfitBuiltins?: ReadonlySet<string> | undefined;
  /**
   * Whether something may wait for a launch: statements be deferred, and with them cycles be loose; modules be lazy.
   * Default: false.
   */
  readonly mayWait?: boolean;
  /** How the program is run; without it, nothing is baked on a condition. */
  readonly habits?: Habits | undefined;
}

/**
 * A baked module that changes others forbids that statements are deferred in some (deferrable.ts); and what is deferred
 * decides what is baked. So it is planned again with all writers that turned out to be baked, until no other one does.
 */
export function makePlan(input: PlanInput): Plan {
  for (let pinning: ReadonlySet<string> = new Set(); ; ) {
    const planner = new Planner(input, pinning);
    const plan = planner.plan();
    const found = planner.bakedWriters().filter((writer) => !pinning.has(writer));
    if (found.length === 0) return plan;
    pinning = new Set([...pinning, ...found]);
  }
}

function groupBy<T extends { readonly module: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.module);
    if (group) group.push(item);
    else groups.set(item.module, [item]);
  }
  return groups;
}

class Planner {
  readonly #input: PlanInput;
  readonly #modules: Map<string, TracedModule>;
  /** Without those that a guard takes the consequence from. */
  readonly #effects: Map<string, Effect[]>;
  readonly #guarded: Map<string, Effect[]>;
  readonly #reads: Map<string, SharedRead[]>;
  readonly #inputs: Map<string, Input[]>;
  readonly #loads: LoadGraph;
  readonly #extents: Extents;
  readonly #deferral: Deferral;
  readonly #deferrable: Deferrable;
  readonly #lazy: LazyModules;
  readonly #evaluated: ReadonlySet<string>;
  readonly #placement: Placement;
  readonly #propagation: Propagation;
  /** One of those that share their writer and their owner. */
  readonly #foreignWrites: readonly Effect[];
  readonly #evaluatedWith: EvaluatedWith;

  constructor(input: PlanInput, pinning: ReadonlySet<string>) {
    const { graph, analysis, facts, unfitBuiltins, mayWait = false } = input;
    this.#input = input;
    this.#modules = new Map(graph.modules.map((module) => [module.file, module]));
    this.#lazy = new LazyModules({ graph, analysis, facts, isOn: mayWait, unfitBuiltins });
    const isServed = ({ kind, module, subject }: Effect) =>
      kind === 'unsnapshotable-builtin' && this.#lazy.servesAll(module, subject);
    const failing = new FailingGuards(graph, input.habits);
    const isGuarded = (effect: Effect) => effect.guard !== undefined && !failing.has(effect.module, effect.guard);
    this.#effects = groupBy(analysis.effects.filter((effect) => !isGuarded(effect) && !isServed(effect)));
    this.#guarded = groupBy(analysis.effects.filter(isGuarded));
    this.#foreignWrites = onePerPair(analysis.effects.filter(({ kind }) => kind === 'foreign-write'));
    this.#reads = groupBy(analysis.reads);
    this.#inputs = groupBy(analysis.inputs);
    this.#evaluated = new Set(analysis.evaluated);
    this.#extents = new Extents(graph, analysis);
    this.#deferral = new Deferral({ touches: analysis.touches, facts, isOn: mayWait });
    this.#loads = new LoadGraph(graph, analysis, (name) => unfitBuiltins?.has(name) ?? false);
    const [deferral, loads, evaluated] = [this.#deferral, this.#loads, this.#evaluated];
    this.#deferrable = new Deferrable({
      graph,
      facts,
      effects: this.#effects,
      foreignWrites: this.#foreignWrites,
      loads,
      seenLoads: analysis.loads,
      extents: this.#extents,
      deferral,
      pinning,
    });
    const deferrable = this.#deferrable;
    const isTraced = (file: string) => this.#modules.has(file);
    this.#placement = new Placement({ isTraced, lazy: this.#lazy, deferral, deferrable });
    const placement = this.#placement;
    this.#propagation = new Propagation({ loads, placement, deferral, deferrable, evaluated, mayLoosen: mayWait });
    this.#evaluatedWith = new EvaluatedWith({
      loads,
      isBaked: (file) => placement.isBaked(file),
      isDeferred: (file, statement) => deferral.isDeferred(file, statement),
    });
  }

  /** After the plan is made. */
  bakedWriters(): string[] {
    return [...this.#deferrable.writers].filter((file) => this.#isBaked(file));
  }

  plan(): Plan {
    for (const file of this.#modules.keys()) this.#placement.place(file, this.#judgeAlone(file));
    for (const file of this.#modules.keys()) if (this.#isBaked(file)) this.#deferHazards(file);
    this.#propagation.run();
    this.#judgeOrder();
    const traced = [...this.#modules.values()].sort((a, b) => a.order - b.order);
    const description = this.#description();
    const modules = traced.map(({ file }) => description.of(file));
    return { modules, order: this.#order() };
  }

  #judgeAlone(file: string): Judgement {
    const { graph } = this.#input;
    const format = this.#modules.get(file)?.format ?? 'other';
    if (file === graph.entry) return packed('PLAN_ENTRY', 'the entry of the program always runs anew');
    if (format === 'addon') return external('PLAN_ADDON', 'native addons are loaded from disk');
    if (format === 'module') return external('PLAN_ES_MODULE', 'ES modules are loaded by Node from disk');
    if (format === 'other') return external('PLAN_FORMAT', 'Node loads this kind of file itself');
    return this.#judgeHazards(file, format);
  }

  #judgeHazards(file: string, format: 'commonjs' | 'json'): Judgement {
    const effects = this.#effects.get(file) ?? [];
    const certain = effects.filter(({ statement = -1 }) => !this.#deferrable.canDefer(file, statement));
    const evidence = this.#findingsOf(file, format, certain);
    const first = evidence[0];
    if (first === undefined) return BAKED;
    if (this.#lazy.has(file)) return { ...lazy(`it ${first.message}`), evidence };
    return { ...packed(first.code, `it ${first.message}`), evidence };
  }

  #findingsOf(file: string, format: ModuleFormat, effects: readonly Effect[]): Finding[] {
    const cycle = this.#loads.cycleOf(file);
    const facts = {
      file,
      format,
      evaluated: this.#evaluated.has(file),
      loadsFailed: this.#loads.filesOf(file).some((target) => !this.#evaluated.has(target)),
      effects,
      text: this.#input.facts.get(file),
      isComparedReading: (at: string) => this.#isComparedReading(at),
      mayChange: (other: string) => cycle.includes(other) || this.#extents.isWithin(other, file),
    };
    return findHazards(facts, this.#input.rules ?? rules);
  }

  #isComparedReading(at: string): boolean {
    const cut = at.lastIndexOf(':');
    return this.#input.facts.get(at.slice(0, cut))?.comparedReadings.includes(Number(at.slice(cut + 1))) ?? false;
  }

  /** Of a module with nothing else against it: the statements that have effects wait. */
  #deferHazards(file: string): void {
    const format = this.#modules.get(file)?.format ?? 'other';
    for (const effect of this.#effects.get(file) ?? []) {
      if (effect.statement === undefined || this.#deferral.isDeferred(file, effect.statement)) continue;
      const evidence = this.#findingsOf(file, format, [effect]);
      const [finding] = evidence;
      if (finding === undefined) continue;
      const reason = `it ${finding.message}`;
      const judgement = { ...packed(finding.code, reason), evidence };
      this.#placement.defer(effect.statement, { file, reason, judgement });
    }
  }

  #isBaked(file: string): boolean {
    return this.#placement.isBaked(file);
  }

  /** Packing one module makes its writes at load come later than baked reads: repeat until nothing changes. */
  #judgeOrder(): void {
    const judge = new OrderJudge(this.#input.graph, this.#input.analysis);
    for (let changed = true; changed; ) {
      changed = false;
      for (const file of this.#modules.keys()) {
        if (!this.#isBaked(file)) continue;
        const problem = this.#changedBefore(file) ?? this.#misses(file, judge);
        if (problem === undefined) continue;
        const judgement = { ...packed(problem.finding.code, problem.finding.message), evidence: [problem.finding] };
        if (this.#canReadLater(file, problem)) this.#deferReads(file, problem, judgement);
        else this.#placement.place(file, judgement);
        changed = true;
      }
      if (changed) this.#propagation.run();
    }
  }

  #misses(file: string, judge: OrderJudge): OrderProblem | undefined {
    return judge.problem(file, this.#readsWhileBaking(file), {
      isBaked: (by) => this.#isBaked(by),
      reaches: (by) => this.#loads.leadsTo(file, by),
    });
  }

  /** Whether all that reads it are statements that can wait. */
  #canReadLater(file: string, { reads }: OrderProblem): boolean {
    return reads.length > 0 && reads.every(({ statement = -1 }) => this.#deferrable.canDefer(file, statement));
  }

  #deferReads(file: string, { finding, reads }: OrderProblem, judgement: Judgement): void {
    for (const { statement = -1 } of reads)
      this.#placement.defer(statement, { file, reason: finding.message, judgement });
  }

  /** Deferred statements read at a launch. */
  #readsWhileBaking(file: string): readonly SharedRead[] {
    const reads = this.#reads.get(file) ?? [];
    return reads.filter(({ statement = -1 }) => !this.#deferral.isDeferred(file, statement));
  }

  /** A baked module that it needs at load, and whose state one that is not baked changes before that. */
  #changedBefore(file: string): OrderProblem | undefined {
    const order = this.#modules.get(file)?.order ?? 0;
    for (const { module, owner, subject, at } of this.#foreignWrites) {
      if (owner === undefined || owner === file || module === file) continue;
      if (this.#isBaked(module) || !this.#isBaked(owner)) continue;
      const isBefore = (this.#modules.get(module)?.order ?? 0) < order || this.#loads.leadsTo(file, module);
      if (!isBefore || !this.#evaluatedWith.has(file, owner)) continue;
      const message = `before it loads, ${module} changes ${subject} of ${owner}`;
      return { finding: { code: 'HAZARD_ORDER', message, at }, reads: [] };
    }
    return undefined;
  }

  #description(): Description {
    const { analysis, unfitBuiltins = new Set() } = this.#input;
    return new Description({
      judgements: this.#placement.judgements,
      inputs: this.#inputs,
      guarded: this.#guarded,
      reads: (file) => this.#readsWhileBaking(file),
      foreignWrites: this.#foreignWrites,
      evaluated: analysis.evaluated,
      unfitBuiltins,
      loads: this.#loads,
      deferral: this.#deferral,
      deferrable: this.#deferrable,
      lazy: this.#lazy,
    });
  }

  #order(): string[] {
    const baked = this.#input.analysis.evaluated.filter((file) => this.#isBaked(file));
    const position = (file: string) => this.#modules.get(file)?.order ?? 0;
    return baked.sort((a, b) => position(a) - position(b));
  }
}
