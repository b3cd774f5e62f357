// Where the planner places a module, and why, while the plan is made: this changes until nothing follows from anything any
// more. What makePlan hands out then is a `PlannedVerdict` (types.ts).
import type { Finding } from '../hazards/rule.js';
import type { Verdict } from './types.js';

export interface Judgement {
  readonly verdict: Verdict;
  readonly code: string;
  readonly reason: string;
  readonly evidence: readonly Finding[];
  /** The dependency that decided it, and the module at the end of that chain. */
  readonly because?: string;
  readonly root?: string;
}

export const BAKED: Judgement = {
  verdict: 'baked',
  code: 'PLAN_BAKED',
  reason: 'nothing it does at load depends on the run',
  evidence: [],
};

/** Baked, but evaluated when something of it is first used (lazy-modules.ts). */
export function lazy(reason: string): Judgement {
  return { verdict: 'baked', code: 'PLAN_LAZY', reason: `evaluated at its first use: ${reason}`, evidence: [] };
}

export function packed(code: string, reason: string): Judgement {
  return { verdict: 'packed', code, reason, evidence: [] };
}

export function external(code: string, reason: string): Judgement {
  return { verdict: 'external', code, reason, evidence: [] };
}
