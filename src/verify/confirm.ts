// Differences on a terminal have to be seen twice. Runs are slower there, and what is shown depends on how fast the terminal
// takes it. A difference that does not come again ends the world for terminals: it does not show that the runs are the same,
// and a search for the module that makes it would blame one by chance.
import type { TrainingLine } from '../graph/types.js';
import type { Difference } from './compare.js';
import { unsteadyOnTerminal } from './errors.js';
import { differing, type LineResult } from './verify.js';

const MOST_REPEATS = 5;

export type VerifyLines = (lines: readonly TrainingLine[]) => Promise<readonly LineResult[]>;

function isFoundIn(results: readonly LineResult[], { what, environment }: Difference): boolean {
  return results.some(({ differences }) =>
    differences.some((found) => found.what === what && found.environment === environment),
  );
}

/**
 * What `verify` finds of `lines`, each difference of which it finds again in one of five repeats of its line.
 * @throws SnapError TERMINAL_UNSTEADY
 */
export async function verifyConfirmed(
  lines: readonly TrainingLine[],
  verify: VerifyLines,
): Promise<readonly LineResult[]> {
  const results = await verify(lines);
  for (const { args, differences } of differing(results)) {
    let unconfirmed = differences;
    for (let repeat = 0; repeat < MOST_REPEATS && unconfirmed.length > 0; repeat++) {
      const again = await verify([args]);
      unconfirmed = unconfirmed.filter((difference) => !isFoundIn(again, difference));
    }
    if (unconfirmed.length > 0) throw unsteadyOnTerminal(args);
  }
  return results;
}
