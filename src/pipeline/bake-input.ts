// From the plan to what the builder is told: the baked modules with what they asked for, the guards, the stamps.
import type { BakePlan, Guard, PlannedModule, SharedReadPlan } from '../../snapshot-entry/shared/bake-plan.cjs';
import type { BakedText } from '../bake/baked-texts.js';
import type { Graph } from '../graph/types.js';
import type { Plan } from '../plan/types.js';
import type { Stamps } from '../stamps/source-stamps.js';
import type { Target } from './assemble.js';

/**
 * `from` → its requests, each with the file, built-in or failure that it led to. Node remembers by folder where a request led,
 * and does not resolve it again for another module of that folder: such a request is seen among the module's loads alone.
 */
function requestsByModule(graph: Graph): Map<string, [string, string | null][]> {
  const requests = new Map<string, [string, string | null][]>();
  const add = (from: string, request: string, target: string | null): void => {
    const known = requests.get(from);
    if (known === undefined) requests.set(from, [[request, target]]);
    else if (!known.some(([asked]) => asked === request)) known.push([request, target]);
  };
  for (const { from, request, target } of graph.resolutions) add(from, request, target);
  for (const { file, loads } of graph.modules) for (const { request, target } of loads) add(file, request, target);
  return requests;
}

/** Each shared member once, and each module's as positions among them. */
function indexReads(plan: Plan): { reads: SharedReadPlan[]; indexesOf: (file: string) => number[] } {
  const positions = new Map<string, number>();
  const reads: SharedReadPlan[] = [];
  const byModule = new Map<string, Set<number>>();
  for (const { file, owner, member } of plan.modules.flatMap((module) =>
    module.reads.map((read) => ({ file: module.file, ...read })),
  )) {
    const key = `${owner}\0${member}`;
    const position = positions.get(key) ?? reads.push({ owner, member }) - 1;
    positions.set(key, position);
    byModule.set(file, (byModule.get(file) ?? new Set()).add(position));
  }
  return { reads, indexesOf: (file) => [...(byModule.get(file) ?? [])] };
}

/** Each guard once, and each module's as positions among them. */
function indexGuards(plan: Plan): { guards: Guard[]; guardsOf: (file: string) => PlannedModule['guards'] } {
  const positions = new Map<string, number>();
  const guards: Guard[] = [];
  const byModule = new Map<string, PlannedModule['guards']>();
  for (const module of plan.modules) {
    const own = module.guards.map(({ guard, after }) => {
      const key = JSON.stringify(guard);
      const position = positions.get(key) ?? guards.push(guard) - 1;
      positions.set(key, position);
      return { position, after };
    });
    byModule.set(module.file, own);
  }
  return { guards, guardsOf: (file) => byModule.get(file) ?? [] };
}

export function bakeInput(input: {
  readonly plan: Plan;
  readonly graph: Graph;
  readonly target: Target;
  readonly stamps: Stamps;
  readonly artifactId: string;
  readonly importsDynamically: boolean;
  /** Default: false, pipes. */
  readonly isTerminal?: boolean;
  readonly texts?: ReadonlyMap<string, BakedText>;
  /** As `Analysis.late`. */
  readonly late?: readonly string[];
}): BakePlan {
  const { plan, graph, target, stamps, artifactId, importsDynamically, texts, isTerminal = false, late = [] } = input;
  const { version, arch, v8Tag, frames } = target.node;
  const requests = requestsByModule(graph);
  const { reads, indexesOf } = indexReads(plan);
  const { guards, guardsOf } = indexGuards(plan);
  const planned = new Map(plan.modules.map((module) => [module.file, module]));
  const formats = new Map(graph.modules.map((module) => [module.file, module.format]));
  const modules: PlannedModule[] = plan.order.map((file) => ({
    file,
    format: formats.get(file) === 'json' ? 'json' : 'commonjs',
    requests: requests.get(file) ?? [],
    reads: indexesOf(file),
    guards: guardsOf(file),
    heads: planned.get(file)?.heads ?? [],
    isLazy: planned.get(file)?.isLazy ?? false,
    standIns: planned.get(file)?.standIns ?? [],
    ...texts?.get(file),
  }));
  const { file: entry, argv1, nodeFlags } = target.entry;
  return {
    artifactId,
    importsDynamically,
    isTerminal,
    remakesNotes: target.node.remakesNotes,
    entry,
    argv1,
    nodeFlags,
    node: { version, arch, v8Tag },
    frames,
    modules,
    reads,
    late,
    guards,
    ...stamps,
  };
}
