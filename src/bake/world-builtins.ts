// Some built-ins keep, from the moment they are loaded, what their environment was (`assert`, say, whether errors are to
// be coloured). Which ones do is measured, like everything else about a node: they are loaded in two worlds.
import type { BakePlan } from '../../snapshot-entry/bake-plan.cjs';
import { shortestFailing } from './closed-prefix.js';
import type { Worlds } from './prove.js';

function loading(plan: BakePlan, names: readonly string[]): BakePlan {
  return { ...plan, modules: [], builtins: names };
}

/** Those of `names` whose load leaves another heap in another environment. */
export async function worldDependentBuiltins(
  worlds: Worlds,
  plan: BakePlan,
  names: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  let left = [...names];
  for (;;) {
    const isSame = async (length: number) => (await worlds.compare(loading(plan, left.slice(0, length)))).same === true;
    if (await isSame(left.length)) return found;
    const culprit = left[(await shortestFailing(0, left.length, isSame)) - 1] as string;
    found.push(culprit);
    left = left.filter((name) => name !== culprit);
  }
}
