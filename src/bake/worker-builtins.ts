// Built-ins that make worker threads abort, once a heap has them: those that load the binding `stream_wrap` (Node 22, 24 and
// 26). Which ones do is asked of the builder, which refuses to end with it.
import type { BakePlan } from '../../snapshot-entry/bake-plan.cjs';
import type { Builder } from './builder-run.js';
import { shortestFailing } from './closed-prefix.js';

/** Those of `names` that no builder may load for a program that starts workers. */
export async function workerUnsafeBuiltins(
  builder: Builder,
  plan: BakePlan,
  names: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  let left = [...names];
  for (;;) {
    const isSafe = async (length: number) => {
      await builder.usePlan({ ...plan, modules: [], builtins: left.slice(0, length), protectsWorkers: true });
      return (await builder.buildIn(builder.home, [])).kind === 'built';
    };
    if (await isSafe(left.length)) return found;
    const culprit = left[(await shortestFailing(0, left.length, isSafe)) - 1] as string;
    found.push(culprit);
    left = left.filter((name) => name !== culprit);
  }
}
