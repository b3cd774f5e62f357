// Built-ins that make worker threads abort, once a heap has them: those that load the binding `stream_wrap` (Node 22, 24 and
// 26). Which ones do is asked of the builder, which refuses to end with it.
import type { BakePlan } from '../../snapshot-entry/bake-plan.cjs';
import type { Builder } from './builder-run.js';
import { culpritsAmong } from './closed-prefix.js';

/** Those of `names` that no builder may load for a program that starts workers. */
export function workerUnsafeBuiltins(builder: Builder, plan: BakePlan, names: readonly string[]): Promise<string[]> {
  return culpritsAmong(names, async (builtins) => {
    await builder.usePlan({ ...plan, modules: [], builtins, protectsWorkers: true });
    return (await builder.buildIn(builder.home, [])).kind === 'built';
  });
}
