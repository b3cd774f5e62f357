// Which modules can be left out of a snapshot together. Modules in the order in which their evaluation ends form
// prefixes that are closed under "requires at load", so the shortest prefix that fails ends with a culprit.

export interface Loads {
  readonly file: string;
  readonly loads: readonly string[];
}

/** Modules in the order in which their evaluation ends. O(V+E), iterative: graphs run to 10^5 modules. */
export function completionOrder(modules: readonly Loads[]): string[] {
  const byFile = new Map(modules.map((module) => [module.file, module]));
  const entered = new Set<string>();
  const order: string[] = [];
  for (const { file } of modules) {
    const stack: { file: string; next: number }[] = [];
    const enter = (name: string) => {
      if (entered.has(name) || !byFile.has(name)) return;
      entered.add(name);
      stack.push({ file: name, next: 0 });
    };
    enter(file);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const load = byFile.get(top.file)?.loads[top.next++];
      if (load !== undefined) enter(load);
      else order.push((stack.pop() as { file: string }).file);
    }
  }
  return order;
}

/** `culprits` and all that requires one of them at load, directly or not. */
export function withDependents(modules: readonly Loads[], culprits: Iterable<string>): Set<string> {
  const dependents = new Map<string, string[]>();
  for (const { file, loads } of modules) {
    for (const load of loads) dependents.set(load, [...(dependents.get(load) ?? []), file]);
  }
  const found = new Set(culprits);
  for (const file of found) for (const dependent of dependents.get(file) ?? []) found.add(dependent);
  return found;
}

/**
 * The length of the shortest failing prefix, given that `known` modules pass and all `total` fail: O(log n) tries.
 * In a cycle the module that ends last is named; its partners go with it as its dependents.
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

/** On a busy machine a test fails now and then for reasons of its own. */
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
