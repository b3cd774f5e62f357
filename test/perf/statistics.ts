import t from 'tap';
import { median, quantile, summarise } from '../../src/perf/statistics.js';

t.test('a summary of an odd sample, whatever its order', async (t) => {
  const sample = [9, 1, 5, 3, 100];
  t.match(summarise(sample), { runs: 5, median: 5, mad: 4, min: 1, max: 100 });
  t.same(sample, [9, 1, 5, 3, 100], 'the sample is left as it was');
});

t.test('numbers are ordered as numbers', async (t) => {
  t.equal(median([10, 9, 100]), 10);
});

t.test('an even sample is interpolated', async (t) => {
  t.equal(median([1, 2, 3, 4]), 2.5);
  t.equal(quantile([0, 10], 0.1), 1);
  t.equal(quantile([0, 10], 1), 10);
});

t.test('one run has no spread', async (t) => {
  t.same(summarise([7]), { runs: 1, median: 7, mad: 0, p10: 7, p90: 7, min: 7, max: 7 });
});

t.test('an outlier moves neither centre nor spread', async (t) => {
  const calm = summarise([10, 11, 12, 13, 14]);
  const disturbed = summarise([10, 11, 12, 13, 5000]);
  t.equal(disturbed.median, calm.median);
  t.equal(disturbed.mad, calm.mad);
});

t.test('what has no answer throws', async (t) => {
  t.throws(() => median([]), RangeError);
  t.throws(() => quantile([1], 1.1), RangeError);
  t.throws(() => quantile([1], Number.NaN), RangeError);
});
