// Built-ins that make worker threads abort, once a heap has them (`crypto` on Node 24 and 26). Which ones do is asked of
// node: a worker of such a heap loads every built-in.
import type { BakePlan } from '../../snapshot-entry/shared/bake-plan.cjs';
import type { Builder } from './builder-run.js';
import { culpritsAmong } from './culprits.js';

/** What the answer was on Node 24 and 26: asked about first, which saves questions, but never taken for granted. */
const SUSPECTS = ['crypto'];

/** Those of `names` that no builder may load. */
export function workerUnsafeBuiltins(
  builder: Pick<Builder, 'build'>,
  plan: BakePlan,
  names: readonly string[],
): Promise<string[]> {
  const isBuilt = async (builtins: readonly string[]) => {
    const { kind } = await builder.build({ ...plan, modules: [], builtins });
    return kind === 'built';
  };
  return culpritsAmong(names, isBuilt, SUSPECTS);
}
