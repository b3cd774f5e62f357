// Some built-ins keep, from the moment they are loaded, what their environment was: `assert`, for one, whether errors
// are to be coloured. Which ones do is measured, like everything else about a node: they are loaded in the two
// environments of the proof.
import type { BakePlan } from '../../snapshot-entry/shared/bake-plan.cjs';
import { culpritsAmong } from './culprits.js';
import { type EnvironmentPair, FEW_REPEATS } from './prove.js';

/** What the answer was on Node 22, 24 and 26: asked about first, which saves questions, but never taken for granted. */
const SUSPECTS = ['assert'];

/** Those of `names` whose load leaves another heap in another environment. */
export function keepingBuiltins(
  pair: Pick<EnvironmentPair, 'compare'>,
  plan: BakePlan,
  names: readonly string[],
): Promise<string[]> {
  const isSame = async (builtins: readonly string[]) => {
    const proof = await pair.compare({ ...plan, modules: [], builtins }, FEW_REPEATS);
    return proof.same === true;
  };
  return culpritsAmong(names, isSame, SUSPECTS);
}
