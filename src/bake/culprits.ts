// Which of several names make a test fail? The test is asked about some of them at a time.

/**
 * The length of the shortest failing prefix, given that the first `known` pass and all `total` fail: O(log n) questions.
 * What ends that prefix is a culprit: it fails with those before it, which pass without it.
 */
export async function shortestFailing(
  known: number,
  total: number,
  passes: (length: number) => Promise<boolean>,
): Promise<number> {
  let good = known;
  let bad = total;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (await passes(middle)) good = middle;
    else bad = middle;
  }
  return bad;
}

/** How often it may turn out that what was found passes after all: on a busy machine a test now and then fails by chance. */
const MOST_DOUBTS = 3;

type Passes = (names: readonly string[]) => Promise<boolean>;

/**
 * Those of `names` without which the others pass together. `passes` is asked of lists of names; what it refuses, it is
 * asked again. `suspects`: which they probably are, and then few questions do; a wrong guess costs one.
 */
export async function culpritsAmong(
  names: readonly string[],
  passes: Passes,
  suspects: readonly string[] = [],
): Promise<string[]> {
  const asked = names.filter((name) => suspects.includes(name));
  const others = names.filter((name) => !suspects.includes(name));
  if (asked.length > 0 && (await passes(others))) return refusedBeside(others, asked, passes);
  return searchAmong(names, passes);
}

/** Those of `asked` that do not pass together with `others`, which do. */
async function refusedBeside(others: readonly string[], asked: readonly string[], passes: Passes): Promise<string[]> {
  const kept = [...others];
  const found: string[] = [];
  for (const name of asked) {
    const isFine = (await passes([...kept, name])) || (await passes([...kept, name]));
    (isFine ? kept : found).push(name);
  }
  return found;
}

async function searchAmong(names: readonly string[], passes: Passes): Promise<string[]> {
  const found: string[] = [];
  let doubts = 0;
  for (let left = [...names]; left.length > 0 && !(await passes(left)); ) {
    const length = await shortestFailing(0, left.length, (count) => passes(left.slice(0, count)));
    if (doubts < MOST_DOUBTS && (await passes(left.slice(0, length)))) {
      doubts++;
      continue;
    }
    const culprit = left[length - 1] as string;
    found.push(culprit);
    left = left.filter((name) => name !== culprit);
  }
  return found;
}
