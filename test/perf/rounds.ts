import t from 'tap';
import { compare, mergeRounds, orderForRound, type Round } from '../../src/perf/rounds.js';

const round = (plain: number[], fast: number[]): Round => new Map(Object.entries({ plain, fast }));

t.test('rounds alternate their order', async (t) => {
  const items = ['a', 'b', 'c'];
  t.same(orderForRound(items, 0), ['a', 'b', 'c']);
  t.same(orderForRound(items, 1), ['c', 'b', 'a']);
  t.same(items, ['a', 'b', 'c']);
});

t.test('merging puts all runs of a name together', async (t) => {
  const merged = mergeRounds([round([100, 110], [50]), round([90], [40, 60])]);
  t.match(merged.get('plain'), { runs: 3, median: 100 });
  t.match(merged.get('fast'), { runs: 3, median: 50 });
});

t.test('a ratio of medians, with its range over the rounds', async (t) => {
  // The machine is twice as slow in the second round: the ratio within each round does not see that.
  const result = compare([round([100], [50]), round([200], [120])], 'fast', 'plain');
  t.ok(result);
  t.equal(result?.lowest, 0.5);
  t.equal(result?.highest, 0.6);
  t.equal(result?.ratio, 85 / 150);
});

t.test('no comparison with what was not measured in every round', async (t) => {
  t.equal(compare([round([1], [1])], 'fast', 'absent'), undefined);
  t.equal(compare([round([1], [1]), new Map([['plain', [1]]])], 'fast', 'plain'), undefined);
  t.equal(compare([], 'fast', 'plain'), undefined);
  t.equal(compare([round([0], [1])], 'fast', 'plain'), undefined);
});
