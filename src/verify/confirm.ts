// A difference counts once it has come twice. One that does not come again is the machine's (a terminal that was slow, two
// processes that raced), and a search for the module that makes it would blame any.
import type { LineResult } from './verify.js';

/** What came once in so many runs is told from chance by no further one. */
const MOST_REPEATS = 5;

export type VerifyLines = (lines: readonly (readonly string[])[]) => Promise<readonly LineResult[]>;

export function differing(results: readonly LineResult[]): LineResult[] {
  return results.filter(({ differences }) => differences.length > 0);
}

/** What `verify` finds of `lines`, without differences that it does not find again. */
export async function verifyConfirmed(
  lines: readonly (readonly string[])[],
  verify: VerifyLines,
): Promise<readonly LineResult[]> {
  const first = await verify(lines);
  const doubtful = differing(first).map(({ args }) => args);
  if (doubtful.length === 0) return first;
  for (let repeat = 0; repeat < MOST_REPEATS; repeat++) {
    if (differing(await verify(doubtful)).length > 0) return first;
  }
  // A verification may end with its first difference: the lines behind it are still to be seen.
  return verify(lines);
}
