// Decides for each traced module whether it is baked, packed or external. Pure, O(V+E) over modules and loads.
// A module is baked iff nothing is found against it, and all that it loads at load is baked.
import type { Analysis, Effect, Input, SharedRead } from '../graph/analysis.js';
import type { Graph, TracedModule } from '../graph/types.js';
import { findHazards, rules } from '../hazards/index.js';
import type { Finding, Rule } from '../hazards/rule.js';
import type { StaticFacts } from '../hazards/static-facts.js';
import { cyclesOf } from './cycles.js';
import { OrderJudge } from './order.js';
import type { Plan, PlannedVerdict, Reason } from './types.js';

export interface PlanInput {
  readonly graph: Graph;
  readonly analysis: Analysis;
  readonly facts: ReadonlyMap<string, StaticFacts>;
  /** Modules that a later phase found unfit (native aborts, the proof, verification). */
  readonly demotions?: ReadonlyMap<string, Reason>;
  readonly rules?: readonly Rule[];
}

interface Verdict {
  readonly verdict: 'baked' | 'packed' | 'external';
  readonly code: string;
  readonly reason: string;
  readonly evidence: readonly Finding[];
  /** The dependency that decided it, and the module at the end of that chain. */
  readonly because?: string;
  readonly root?: string;
}

const LONGEST_CHAIN = 20;

const BAKED: Verdict = {
  verdict: 'baked',
  code: 'PLAN_BAKED',
  reason: 'nothing it does at load depends on the run',
  evidence: [],
};

export function makePlan(input: PlanInput): Plan {
  return new Planner(input).plan();
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
  readonly #effects: Map<string, Effect[]>;
  readonly #reads: Map<string, SharedRead[]>;
  readonly #inputs: Map<string, Input[]>;
  readonly #loads = new Map<string, Set<string>>();
  readonly #cycle = new Map<string, readonly string[]>();
  readonly #components: string[][];
  readonly #evaluated: Set<string>;
  readonly #verdicts = new Map<string, Verdict>();

  constructor(input: PlanInput) {
    const { graph, analysis } = input;
    this.#input = input;
    this.#modules = new Map(graph.modules.map((module) => [module.file, module]));
    this.#effects = groupBy(analysis.effects);
    this.#reads = groupBy(analysis.reads);
    this.#inputs = groupBy(analysis.inputs);
    this.#evaluated = new Set(analysis.evaluated);
    for (const module of graph.modules) for (const { target } of module.loads) this.#addLoad(module.file, target);
    for (const { module, target } of analysis.loads) this.#addLoad(module, target);
    this.#components = cyclesOf(this.#modules.keys(), (file) => this.#loadsOf(file));
    for (const members of this.#components) for (const member of members) this.#cycle.set(member, members);
  }

  #addLoad(file: string, target: string): void {
    if (target.startsWith('node:')) return;
    const loads = this.#loads.get(file) ?? new Set();
    this.#loads.set(file, loads.add(target));
  }

  #loadsOf(file: string): readonly string[] {
    return [...(this.#loads.get(file) ?? [])];
  }

  plan(): Plan {
    for (const file of this.#modules.keys()) this.#verdicts.set(file, this.#judgeAlone(file));
    this.#propagate();
    this.#judgeOrder();
    const traced = [...this.#modules.values()].sort((a, b) => a.order - b.order);
    const modules = traced.map((module) => this.#describe(module.file));
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
    const cycle = this.#cycle.get(file) ?? [];
    const facts = {
      file,
      format,
      evaluated: this.#evaluated.has(file),
      loadsFailed: this.#loadsOf(file).some((target) => !this.#evaluated.has(target)),
      effects: this.#effects.get(file) ?? [],
      text: this.#input.facts.get(file),
      sameCycle: (other: string) => cycle.includes(other),
    };
    const evidence = findHazards(facts, this.#input.rules ?? rules);
    const first = evidence[0];
    return first ? { ...packed(first.code, `it ${first.message}`), evidence } : BAKED;
  }

  /** From the leaves up: what needs a module that is not baked is not baked; a cycle is baked whole or not at all. */
  #propagate(): void {
    for (const members of this.#components) {
      const culprit = members.find((file) => !this.#isBaked(file)) ?? this.#brokenLoad(members);
      if (culprit === undefined) continue;
      for (const file of members) this.#follow(file, members, culprit);
    }
  }

  #isBaked(file: string): boolean {
    return this.#verdicts.get(file)?.verdict === 'baked';
  }

  #brokenLoad(members: readonly string[]): string | undefined {
    const inside = new Set(members);
    const broken = members.find((file) =>
      this.#loadsOf(file).some((target) => !inside.has(target) && !this.#isBaked(target)),
    );
    // Whatever the findings say: what was not evaluated is never baked.
    return broken ?? members.find((file) => !this.#evaluated.has(file));
  }

  #follow(file: string, members: readonly string[], culprit: string): void {
    if (!this.#isBaked(file)) return;
    const target = this.#loadsOf(file).find((load) => !members.includes(load) && !this.#isBaked(load));
    const because = target ?? culprit;
    const known = this.#modules.has(because);
    const verdict = packed(
      'PLAN_NEEDS_UNBAKED',
      `at load it needs ${because}, which is not ${known ? 'baked' : 'among the traced modules'}`,
    );
    this.#verdicts.set(file, { ...verdict, because, root: this.#verdicts.get(because)?.root ?? because });
  }

  /** Packing one module makes its writes at load come later than baked reads: repeat until nothing changes. */
  #judgeOrder(): void {
    const judge = new OrderJudge(this.#input.graph, this.#input.analysis);
    for (let changed = true; changed; ) {
      changed = false;
      for (const file of this.#modules.keys()) {
        if (!this.#isBaked(file)) continue;
        const problem = judge.problem(file, this.#reads.get(file) ?? [], (by) => this.#isBaked(by));
        if (!problem) continue;
        this.#verdicts.set(file, { ...packed(problem.code, problem.message), evidence: [problem] });
        changed = true;
      }
      if (changed) this.#propagate();
    }
  }

  #describe(file: string): PlannedVerdict {
    const { verdict, code, reason, evidence } = this.#verdicts.get(file) ?? BAKED;
    const cycle = this.#cycle.get(file) ?? [];
    const head = verdict === 'baked' && cycle.length > 1 ? this.#headOf(cycle) : undefined;
    return {
      file,
      verdict,
      code,
      reason,
      evidence,
      via: this.#chain(file),
      inputs: this.#inputs.get(file) ?? [],
      reads: verdict === 'baked' ? (this.#reads.get(file) ?? []) : [],
      ...(head === undefined ? {} : { cycleHead: head }),
    };
  }

  /** Long chains keep their beginning and their end: all chains in full would be O(V²). */
  #chain(file: string): string[] {
    const chain: string[] = [];
    for (let next = this.#verdicts.get(file)?.because; next !== undefined; next = this.#verdicts.get(next)?.because) {
      if (chain.includes(next) || next === file) break;
      chain.push(next);
      if (chain.length === LONGEST_CHAIN) break;
    }
    const root = this.#verdicts.get(file)?.root;
    return root === undefined || chain.includes(root) || root === file ? chain : [...chain, root];
  }

  /** The member of a cycle that ended last was begun first: its load evaluated the others. */
  #headOf(members: readonly string[]): string | undefined {
    const inside = new Set(members);
    return this.#input.analysis.evaluated.findLast((file) => inside.has(file));
  }

  #order(): string[] {
    const baked = this.#input.analysis.evaluated.filter((file) => this.#isBaked(file));
    const position = (file: string) => this.#modules.get(file)?.order ?? 0;
    return baked.sort((a, b) => position(a) - position(b));
  }
}

function packed(code: string, reason: string): Verdict {
  return { verdict: 'packed', code, reason, evidence: [] };
}

function external(code: string, reason: string): Verdict {
  return { verdict: 'external', code, reason, evidence: [] };
}
