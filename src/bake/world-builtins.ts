// Some built-ins keep, from the moment they are loaded, what their environment was (`assert`, say, whether errors are to
// be coloured). Which ones do is measured, like everything else about a node: they are loaded in two worlds.
import type { BakePlan } from '../../snapshot-entry/bake-plan.cjs';
import { culpritsAmong } from './closed-prefix.js';
import { FEW_REPEATS, type Worlds } from './prove.js';

/** Those of `names` whose load leaves another heap in another environment. */
export function worldDependentBuiltins(worlds: Worlds, plan: BakePlan, names: readonly string[]): Promise<string[]> {
  return culpritsAmong(names, async (builtins) => {
    const proof = await worlds.compare({ ...plan, modules: [], builtins }, FEW_REPEATS);
    return proof.same === true;
  });
}
