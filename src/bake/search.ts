// Leaves out of a snapshot what makes it fail. All modules are tried together; where that fails, a module that is at fault is
// searched for by trials with fewer, left out with all that needs it, and the others are tried again. What is tried is the
// caller's: that they build (bake.ts), that nothing in them depends on the builder's environment (bake.ts), that the program
// still does what it does (src/pipeline/attempts.ts).
//
// A trial has the first of the closed sets (closed-sets.ts), so no module is ever tried without what it needs. With n sets,
// a culprit takes log2(n) trials. Of a set with several modules, as of a cycle, nobody can tell which of them is at fault:
// the first one is named, and the others go with it.
import type { PlannedModule } from '../../snapshot-entry/shared/bake-plan.cjs';
import { closedSets, dependentsOf, needsOf } from './closed-sets.js';
import { shortestFailing } from './culprits.js';

export type DemotionCode =
  | 'BAKE_THREW'
  | 'BAKE_ABORTED'
  | 'BAKE_DEPENDS_ON_WORLD'
  | 'BAKE_NEEDS_DEMOTED'
  | 'BAKE_NEVER_USED'
  | 'VERIFY_DIFFERS';

/** Why a module that the plan would bake is packed. */
export interface Demotion {
  readonly file: string;
  readonly code: DemotionCode;
  readonly detail: string;
  /** The module at fault that it needs; itself where it is that one. */
  readonly culprit: string;
}

export interface Placed {
  /** In the order in which their evaluation began. */
  readonly baked: readonly PlannedModule[];
  /** Of all that were left out, each once. */
  readonly demotions: readonly Demotion[];
}

export interface Fault {
  readonly code: DemotionCode;
  readonly detail: string;
  /** The baked module that has it, where that is known without a search. */
  readonly culprit?: string;
}

export interface Attempt<T> {
  /** What was baked in the end: an attempt may itself have left out more. */
  readonly placed: Placed;
  /** Null: nothing is wrong. */
  readonly fault: Fault | null;
  readonly made: T;
}

export interface Search<T> {
  /** Tries all that is to be baked. */
  attempt(placed: Placed): Promise<Attempt<T>>;
  /** What is wrong with these modules of a failed attempt, without the others; null: nothing. */
  trial(modules: readonly PlannedModule[], failed: Attempt<T>): Promise<string | null>;
  /** Where there is no culprit to be found: it fails with nothing baked (`detail`), or there are too many (null). */
  giveUp(failed: Attempt<T>, detail: string | null): Promise<Attempt<T>>;
  /** Default: as many as there are. */
  readonly mostCulprits?: number;
  /** Whether what has passed a trial would pass those of later rounds, too: false where each round asks something else. */
  readonly isSteady: boolean;
}

/** Tries, and leaves out one culprit after the other, until an attempt is fine or the search gives up. */
export async function untilFine<T>(start: Placed, search: Search<T>): Promise<Attempt<T>> {
  const { mostCulprits = Number.POSITIVE_INFINITY } = search;
  let placed = start;
  let passing: readonly string[] | null = null;
  for (let culprits = 0; ; culprits++) {
    const attempt = await search.attempt(placed);
    if (attempt.fault === null) return attempt;
    if (culprits >= mostCulprits) return search.giveUp(attempt, null);
    const found = await findCulprit(attempt.placed.baked, attempt.fault, {
      trial: (modules) => search.trial(modules, attempt),
      passing,
    });
    if ('detail' in found) return search.giveUp(attempt, found.detail);
    placed = leaveOut(attempt.placed, [found.culprit], found.fault);
    if (search.isSteady) passing = found.passing ?? passing;
  }
}

type Found =
  | {
      readonly culprit: string;
      readonly fault: Fault;
      /** Modules that passed a trial together; null where none was made. */
      readonly passing: readonly string[] | null;
    }
  /** What is wrong with nothing baked. */
  | { readonly detail: string };

/** Which of `modules`, which fail together, is at fault. `passing`: modules that are known to pass together. */
export async function findCulprit(
  modules: readonly PlannedModule[],
  fault: Fault,
  asked: {
    readonly trial: (modules: readonly PlannedModule[]) => Promise<string | null>;
    readonly passing: readonly string[] | null;
  },
): Promise<Found> {
  const { culprit: known } = fault;
  if (known !== undefined && modules.some(({ file }) => file === known))
    return { culprit: known, fault, passing: null };
  if (modules.length === 0) return { detail: fault.detail };
  const empty = asked.passing === null ? await asked.trial([]) : null;
  if (empty !== null) return { detail: empty };
  const sets = closedSets(modules);
  const firstOf = (count: number) => sets.slice(0, count).flat();
  let { detail } = fault;
  const shortest = await shortestFailing(knownToPass(sets, asked.passing ?? []), sets.length, async (count) => {
    const files = new Set(firstOf(count));
    const found = await asked.trial(modules.filter(({ file }) => files.has(file)));
    // The last trial to fail is that of the shortest failing prefix.
    if (found !== null) detail = found;
    return found === null;
  });
  const [culprit = ''] = sets[shortest - 1] ?? [];
  return { culprit, fault: { code: fault.code, detail }, passing: firstOf(shortest - 1) };
}

/** How many of the first sets lie within modules that pass together. */
function knownToPass(sets: readonly (readonly string[])[], passing: readonly string[]): number {
  const known = new Set(passing);
  const first = sets.findIndex((files) => files.some((file) => !known.has(file)));
  // Together they fail: at least the last one is in question.
  return first === -1 ? sets.length - 1 : first;
}

/** What is left without `culprits` and without what needs one of them, which is said of each. O(V+E). */
export function leaveOut(
  { baked, demotions }: Placed,
  culprits: readonly string[],
  { code, detail }: Pick<Fault, 'code' | 'detail'>,
): Placed {
  const files = new Set(baked.map(({ file }) => file));
  const dependents = dependentsOf(needsOf(baked));
  const gone = new Map<string, Demotion>();
  const all = culprits.filter((file) => files.has(file));
  for (const culprit of all) gone.set(culprit, { file: culprit, code, detail, culprit });
  for (const culprit of all) {
    const open = [culprit];
    for (const needed of open) {
      for (const file of dependents.get(needed) ?? []) {
        if (gone.has(file)) continue;
        gone.set(file, { file, code: 'BAKE_NEEDS_DEMOTED', detail, culprit });
        open.push(file);
      }
    }
  }
  return { baked: baked.filter(({ file }) => !gone.has(file)), demotions: [...demotions, ...gone.values()] };
}
