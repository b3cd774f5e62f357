// Where a module is placed, while the plan is made, and why: what makePlan hands out is types.ts.
import type { Finding } from '../hazards/rule.js';

export interface Verdict {
  readonly verdict: 'baked' | 'packed' | 'external';
  readonly code: string;
  readonly reason: string;
  readonly evidence: readonly Finding[];
  /** The dependency that decided it, and the module at the end of that chain. */
  readonly because?: string;
  readonly root?: string;
}

export const BAKED: Verdict = {
  verdict: 'baked',
  code: 'PLAN_BAKED',
  reason: 'nothing it does at load depends on the run',
  evidence: [],
};

/** Baked, but evaluated when something of it is first used (lazy-modules.ts). */
export function lazy(reason: string): Verdict {
  return { verdict: 'baked', code: 'PLAN_LAZY', reason: `evaluated at its first use: ${reason}`, evidence: [] };
}

export function packed(code: string, reason: string): Verdict {
  return { verdict: 'packed', code, reason, evidence: [] };
}

export function external(code: string, reason: string): Verdict {
  return { verdict: 'external', code, reason, evidence: [] };
}
