// What a plan says: plain data between the analysis and the bake, and most of what the manifest shows.
import type { Input, SharedRead } from '../graph/analysis.js';
import type { Guard } from '../graph/guard.js';
import type { Finding } from '../hazards/rule.js';
import type { MemberUses } from '../source/member-uses.js';

/**
 * Where a module is: evaluated at build, in the snapshot; in the pack, as source and code cache; or on disk, for Node to
 * load.
 */
export type Verdict = 'baked' | 'packed' | 'external';

export interface PlannedGuard {
  readonly guard: Guard;
  /** The last of the module's deferrable statements that had ended when it was asked; -1: none. */
  readonly after: number;
}

export interface PlannedVerdict {
  readonly file: string;
  readonly verdict: Verdict;
  /** A hazard's code, or one of PLAN_*. */
  readonly code: string;
  /** Why, in one sentence. */
  readonly reason: string;
  /** Findings with `file:line`; empty for baked modules and for those that only follow others. */
  readonly evidence: readonly Finding[];
  /** From this module along its loads to the one that has the hazard; empty where that is this module. */
  readonly via: readonly string[];
  readonly inputs: readonly Input[];
  /** Baked only: shared values that it may have read, compared again before it is used. */
  readonly reads: readonly SharedRead[];
  /**
   * Baked only: modules without which it must not be used. Of a cycle, the member whose load evaluated the others (a run
   * that enters the cycle elsewhere evaluates it in another order); and those that changed its state after its load.
   */
  readonly heads: readonly string[];
  /** Baked only: conditions on the run, compared before it is used. */
  readonly guards: readonly PlannedGuard[];
  /** Baked only: statements that are run when the module is activated, each with what keeps it out of the snapshot. */
  readonly deferred: readonly DeferredStatement[];
  /** Baked only: it is evaluated when something of it is first used. */
  readonly isLazy: boolean;
  /** Baked only: what it requires of such modules, and uses of their members. */
  readonly standIns: readonly MemberUses[];
}

export interface DeferredStatement {
  /** Among the statements of the source. */
  readonly index: number;
  /** 1-based. */
  readonly line: number;
  /** One sentence. */
  readonly reason: string;
  /** Whether it loads files: then it cannot be run again. */
  readonly loadsFiles: boolean;
  /** How many calls of `require` it makes, where it does nothing else; else 0. */
  readonly requires: number;
}

export interface Plan {
  /** Every traced module, in traced order. */
  readonly modules: readonly PlannedVerdict[];
  /** The baked modules in the order in which their evaluation began. */
  readonly order: readonly string[];
}
