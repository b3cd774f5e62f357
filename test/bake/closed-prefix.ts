import t from 'tap';
import {
  completionOrder,
  culpritsAmong,
  type Loads,
  shortestFailing,
  withDependents,
} from '../../src/bake/closed-prefix.js';

function loadsOf(edges: Readonly<Record<string, readonly string[]>>): Loads[] {
  return Object.entries(edges).map(([file, loads]) => ({ file, loads }));
}

t.test('a module completes after all that it loads', async (t) => {
  t.same(completionOrder(loadsOf({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [], e: ['a'] })), ['d', 'b', 'c', 'a', 'e']);
});

t.test('a cycle completes at the member through which it was entered', async (t) => {
  t.same(completionOrder(loadsOf({ a: ['b'], b: ['c'], c: ['a'] })), ['c', 'b', 'a']);
});

t.test('what is not among the modules is no part of the order', async (t) => {
  t.same(completionOrder(loadsOf({ a: ['unknown', 'b'], b: [] })), ['b', 'a']);
  t.same(completionOrder([]), []);
});

t.test('every prefix is closed under "loads" where there are no cycles', async (t) => {
  const modules = loadsOf({ a: ['c', 'b'], b: ['d', 'e'], c: ['e'], d: [], e: ['f'], f: [], g: ['a', 'f'] });
  const order = completionOrder(modules);
  for (const { file, loads } of modules) {
    for (const load of loads) t.ok(order.indexOf(load) < order.indexOf(file), `${load} before ${file}`);
  }
});

t.test('a chain of 10^5 modules needs no deep stack', async (t) => {
  const edges: Record<string, string[]> = {};
  for (let i = 0; i < 100_000; i++) edges[`m${i}`] = i + 1 < 100_000 ? [`m${i + 1}`] : [];
  const order = completionOrder(loadsOf(edges));
  t.equal(order[0], 'm99999');
  t.equal(order.at(-1), 'm0');
});

t.test('dependents of a culprit go with it, directly or not', async (t) => {
  const modules = loadsOf({ a: ['b'], b: ['c'], c: [], d: ['c', 'e'], e: [], f: ['e'] });
  t.same([...withDependents(modules, ['c'])].sort(), ['a', 'b', 'c', 'd']);
  t.same([...withDependents(modules, ['b', 'e'])].sort(), ['a', 'b', 'd', 'e', 'f']);
  t.same([...withDependents(modules, [])], []);
  t.same([...withDependents(loadsOf({ a: ['b'], b: ['a'] }), ['a'])].sort(), ['a', 'b']);
});

t.test('the shortest failing prefix is found in O(log n) tries', async (t) => {
  for (const total of [1, 2, 3, 10, 1_000, 3_121]) {
    for (const culprit of new Set([1, 2, Math.ceil(total / 2), total])) {
      if (culprit > total) continue;
      let tries = 0;
      const found = await shortestFailing(0, total, async (length) => {
        tries++;
        return length < culprit;
      });
      t.equal(found, culprit, `${culprit} of ${total}`);
      t.ok(tries <= Math.ceil(Math.log2(total)), `${tries} tries for ${total}`);
    }
  }
});

t.test('what is known to pass is not tried again', async (t) => {
  const tried: number[] = [];
  const found = await shortestFailing(90, 100, async (length) => {
    tried.push(length);
    return length < 95;
  });
  t.equal(found, 95);
  t.ok(tried.every((length) => length > 90 && length < 100));
});

t.test('all culprits among names, whatever a busy machine says once', async (t) => {
  const culprits = new Set(['c', 'f', 'g']);
  const names = [...'abcdefgh'];
  let noise = 0;
  const passes = (every: number) => async (asked: readonly string[]) => {
    noise++;
    return !asked.some((name) => culprits.has(name)) && noise % every !== 0;
  };
  t.same((await culpritsAmong(names, passes(Number.POSITIVE_INFINITY))).sort(), ['c', 'f', 'g']);
  noise = 0;
  const failsOnce = async (asked: readonly string[]) => ++noise !== 1 && !asked.includes('c');
  t.same(await culpritsAmong(names, failsOnce), ['c'], 'and no others');
  noise = 0;
  t.same(await culpritsAmong(['a', 'b'], async () => ++noise > 1), [], 'none where it fails once');
  t.same(await culpritsAmong([], async () => false), []);
  t.same(
    (await culpritsAmong(names, async (asked) => asked.length === 0)).sort(),
    names,
    'all of them, and no end to it',
  );
});

t.test('with a right guess few questions do; a wrong one changes no answer', async (t) => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const asking = (culprits: readonly string[]) => {
    const questions: (readonly string[])[] = [];
    const passes = async (asked: readonly string[]) => {
      questions.push(asked);
      return !asked.some((name) => culprits.includes(name));
    };
    return { questions, passes };
  };
  const right = asking(['c']);
  t.same(await culpritsAmong(names, right.passes, ['c', 'x']), ['c']);
  t.equal(right.questions.length, 3, 'the others, and twice the suspect beside them');
  const innocent = asking([]);
  t.same(await culpritsAmong(names, innocent.passes, ['c']), []);
  t.equal(innocent.questions.at(-1)?.length, names.length, 'it is seen to pass with all the others');
  const incomplete = asking(['c', 'f']);
  t.same((await culpritsAmong(names, incomplete.passes, ['c'])).sort(), ['c', 'f'], 'another one is searched for');
  const wrong = asking(['b']);
  t.same(await culpritsAmong(names, wrong.passes, ['c']), ['b']);
});
