// Decides for each traced module whether it is baked, packed or external. Pure.
// A module is baked iff nothing is found against it, and all that it loads at load is baked; statements that do or load
// what cannot be baked may wait until the module is activated (deferrable.ts, deferral.ts).
import type { Analysis, Effect, Input, SharedRead } from '../graph/analysis.js';
import type { Graph, ModuleFormat, TracedModule } from '../graph/types.js';
import { findHazards, rules } from '../hazards/index.js';
import type { Finding, Rule } from '../hazards/rule.js';
import type { StaticFacts } from '../source/static-facts.js';
import { Deferrable } from './deferrable.js';
import { type Conflict, Deferral } from './deferral.js';
import { Description } from './description.js';
import { EvaluatedWith, onePerPair } from './evaluated-with.js';
import { Extents } from './extents.js';
import { FailingGuards, type Habits } from './guards.js';
import { LazyModules } from './lazy-modules.js';
import { LoadGraph } from './load-graph.js';
import { OrderJudge, type OrderProblem } from './order.js';
import type { Plan, Reason } from './types.js';
import { BAKED, external, lazy, packed, type Verdict } from './verdict.js';

export interface PlanInput {
  readonly graph: Graph;
  readonly analysis: Analysis;
  readonly facts: ReadonlyMap<string, StaticFacts>;
  /** Modules that a later phase found unfit (native aborts, the proof, verification). */
  readonly demotions?: ReadonlyMap<string, Reason>;
  readonly rules?: readonly Rule[];
  /** Built-ins (`node:NAME`) that no snapshot may hold on this node, beside those that hazards name. */
  readonly unfitBuiltins?: ReadonlySet<string>;
  /** Whether statements may be deferred. Default: false. */
  readonly isLazy?: boolean;
  /** How the program is run; without it, nothing is baked on a condition. */
  readonly habits?: Habits;
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
  readonly #evaluated: Set<string>;
  readonly #verdicts = new Map<string, Verdict>();
  /** One of those that share their writer and their owner. */
  readonly #foreignWrites: readonly Effect[];
  readonly #evaluatedWith: EvaluatedWith;

  constructor(input: PlanInput, pinning: ReadonlySet<string>) {
    const { graph, analysis } = input;
    this.#input = input;
    this.#modules = new Map(graph.modules.map((module) => [module.file, module]));
    const { facts, unfitBuiltins } = input;
    const unfit = unfitBuiltins === undefined ? {} : { unfitBuiltins };
    this.#lazy = new LazyModules({ graph, analysis, facts, isOn: input.isLazy ?? false, ...unfit });
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
    this.#deferral = new Deferral({
      touches: analysis.touches,
      facts: input.facts,
      isOn: input.isLazy ?? false,
      mayFollow: (touch) => this.#deferrable.mayFollow(touch),
    });
    this.#loads = new LoadGraph(graph, analysis, (name) => input.unfitBuiltins?.has(name) ?? false);
    this.#evaluatedWith = new EvaluatedWith({
      loads: this.#loads,
      isBaked: (file) => this.#isBaked(file),
      isDeferred: (file, statement) => this.#deferral.isDeferred(file, statement),
    });
    this.#deferrable = new Deferrable({
      graph,
      facts: input.facts,
      effects: this.#effects,
      foreignWrites: this.#foreignWrites,
      loads: this.#loads,
      seenLoads: analysis.loads,
      extents: this.#extents,
      deferral: this.#deferral,
      pinning,
    });
  }

  /** After the plan is made. */
  bakedWriters(): string[] {
    return [...this.#deferrable.writers].filter((file) => this.#isBaked(file));
  }

  plan(): Plan {
    for (const file of this.#modules.keys()) this.#verdicts.set(file, this.#judgeAlone(file));
    for (const file of this.#modules.keys()) if (this.#isBaked(file)) this.#deferHazards(file);
    this.#propagate();
    this.#judgeOrder();
    const traced = [...this.#modules.values()].sort((a, b) => a.order - b.order);
    const description = this.#description();
    const modules = traced.map(({ file }) => description.of(file));
    return { modules, order: this.#order() };
  }

  #judgeAlone(file: string): Verdict {
    const { graph, demotions } = this.#input;
    const format = this.#modules.get(file)?.format ?? 'other';
    if (file === graph.entry) return packed('PLAN_ENTRY', 'the entry of the program always runs anew');
    if (format === 'addon') return external('PLAN_ADDON', 'native addons are loaded from disk');
    if (format === 'module') return external('PLAN_ES_MODULE', 'ES modules are loaded by Node from disk');
    if (format === 'other') return external('PLAN_FORMAT', 'Node loads this kind of file itself');
    const demotion = demotions?.get(file);
    if (demotion) return packed(demotion.code, demotion.message);
    return this.#judgeHazards(file, format);
  }

  #judgeHazards(file: string, format: 'commonjs' | 'json'): Verdict {
    const effects = this.#effects.get(file) ?? [];
    const certain = effects.filter(({ statement = -1 }) => !this.#deferrable.canDefer(file, statement));
    const evidence = this.#findingsOf(file, format, certain);
    const first = evidence[0];
    if (first === undefined) return BAKED;
    if (this.#lazy.has(file)) return { ...lazy(`it ${first.message}`), evidence };
    return { ...packed(first.code, `it ${first.message}`), evidence };
  }

  /** Whether the load of a module finds what it needs in the heap. */
  #isThere(file: string, target: string): boolean {
    if (this.#isBaked(target) && !this.#lazy.has(target)) return true;
    return (this.#isBaked(target) || target.startsWith('node:')) && this.#lazy.servesAll(file, target);
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
      const verdict = { ...packed(finding.code, reason), evidence };
      this.#settle(this.#deferral.defer(effect.statement, { file, reason, verdict }));
    }
  }

  /** What uses, at load and for good, a name that is set later, is not baked. */
  #settle(conflicts: readonly Conflict<Verdict>[]): void {
    for (const { file, owner, line, cause } of conflicts) {
      if (!this.#isBaked(file)) continue;
      const uses = packed('PLAN_USES_DEFERRED', `at load it uses what ${owner}:${line} could only set later`);
      this.#verdicts.set(file, file === cause.file ? cause.verdict : { ...uses, because: owner });
    }
  }

  /** From the leaves up: what needs a module that is not baked is not baked. */
  #propagate(): void {
    for (let before = -1; before !== this.#unbaked; ) {
      before = this.#unbaked;
      for (const members of this.#loads.components) {
        const culprit = members.find((file) => !this.#isBaked(file)) ?? this.#brokenLoad(members);
        if (culprit === undefined) continue;
        if (members.length > 1 && this.#input.isLazy === true) this.#loosen(members, culprit);
        else for (const file of members) this.#follow(file, members, culprit);
      }
    }
  }

  /**
   * A cycle is baked whole, entered where it was entered at build. Or it is loose: each member of it that is baked defers
   * all that it requires of the others, and so uses none of them at load; then it does not matter which are baked.
   */
  #loosen(members: readonly string[], culprit: string): void {
    this.#deferrable.loosen(members);
    for (const file of members) {
      const isBroken = this.#loads
        .of(file)
        .some(
          ([target, statements]) =>
            (members.includes(target) || !this.#isThere(file, target)) && !this.#deferLoads(file, target, statements),
        );
      if (isBroken || !this.#evaluated.has(file)) this.#follow(file, [], culprit);
    }
  }

  get #unbaked(): number {
    let count = 0;
    for (const { verdict } of this.#verdicts.values()) if (verdict !== 'baked') count++;
    return count;
  }

  #isBaked(file: string): boolean {
    return this.#verdicts.get(file)?.verdict === 'baked';
  }

  #brokenLoad(members: readonly string[]): string | undefined {
    const inside = new Set(members);
    const broken = members.find((file) =>
      this.#loads
        .of(file)
        .some(
          ([target, statements]) =>
            !inside.has(target) && !this.#isThere(file, target) && !this.#deferLoads(file, target, statements),
        ),
    );
    // Whatever the findings say: what was not evaluated is never baked.
    return broken ?? members.find((file) => !this.#evaluated.has(file));
  }

  /** False where a statement that cannot wait loads it. */
  #deferLoads(file: string, target: string, statements: ReadonlySet<number>): boolean {
    const canWait = [...statements].every((statement) => this.#deferrable.canDefer(file, statement));
    if (!canWait || !this.#deferrable.mayLoad(target)) return false;
    const cause = { file, reason: `it loads ${target}, which is not baked`, verdict: this.#needs(target) };
    for (const statement of statements) {
      if (!this.#deferral.isDeferred(file, statement)) this.#settle(this.#deferral.defer(statement, cause));
    }
    return this.#isBaked(file);
  }

  #follow(file: string, members: readonly string[], culprit: string): void {
    if (!this.#isBaked(file)) return;
    const target = this.#brokenTarget(file, members) ?? this.#failedTarget(file) ?? culprit;
    this.#verdicts.set(file, this.#needs(target));
  }

  /** The verdict of a module that needs, at load, what is not baked. */
  #needs(because: string): Verdict {
    if (because.startsWith('node:')) {
      const reason = `it loads ${because}, which keeps its environment, or makes worker threads abort, once a heap has it`;
      return packed('PLAN_BUILTIN_KEPT_OUT', reason);
    }
    if (this.#isBaked(because) && this.#lazy.has(because))
      return packed('PLAN_USES_LAZY', `at load it uses ${because}, which is evaluated at its first use`);
    const known = this.#modules.has(because);
    const verdict = packed(
      'PLAN_NEEDS_UNBAKED',
      `at load it needs ${because}, which is not ${known ? 'baked' : 'among the traced modules'}`,
    );
    return { ...verdict, because, root: this.#verdicts.get(because)?.root ?? because };
  }

  /** It was not evaluated to its end because this one was not. */
  #failedTarget(file: string): string | undefined {
    return this.#evaluated.has(file)
      ? undefined
      : this.#loads.filesOf(file).find((target) => !this.#evaluated.has(target));
  }

  #brokenTarget(file: string, members: readonly string[]): string | undefined {
    const loads = this.#loads.of(file);
    return loads.find(
      ([target, statements]) =>
        !members.includes(target) &&
        !this.#isThere(file, target) &&
        ![...statements].every((statement) => this.#deferral.isDeferred(file, statement)),
    )?.[0];
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
        const verdict = { ...packed(problem.finding.code, problem.finding.message), evidence: [problem.finding] };
        if (!this.#deferReads(file, problem, verdict)) this.#verdicts.set(file, verdict);
        changed = true;
      }
      if (changed) this.#propagate();
    }
  }

  #misses(file: string, judge: OrderJudge): OrderProblem | undefined {
    return judge.problem(file, this.#readsWhileBaking(file), {
      isBaked: (by) => this.#isBaked(by),
      reaches: (by) => this.#loads.leadsTo(file, by),
    });
  }

  /** False where a statement that cannot wait reads it. */
  #deferReads(file: string, { finding, reads }: OrderProblem, verdict: Verdict): boolean {
    const canWait = reads.every(({ statement = -1 }) => this.#deferrable.canDefer(file, statement));
    if (!canWait || reads.length === 0) return false;
    for (const { statement = -1 } of reads)
      this.#settle(this.#deferral.defer(statement, { file, reason: finding.message, verdict }));
    return true;
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
      verdicts: this.#verdicts,
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
