// Searches among names for those that make a test fail.
import t from 'tap';
import { culpritsAmong, shortestFailing } from '../../src/bake/culprits.js';

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
