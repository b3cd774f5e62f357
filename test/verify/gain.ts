// How many pairs of runs the question "is it faster?" takes, by times made up here.
import t from 'tap';
import { isFaster, measurePairs } from '../../src/verify/gain.js';

/** Each side's times in turn, in milliseconds; the last one again and again. */
async function pairs(plainMs: readonly number[], acceleratedMs: readonly number[]) {
  const ran = { plain: 0, accelerated: 0 };
  const timesOf = (side: keyof typeof ran, times: readonly number[]) => async () =>
    times[Math.min(ran[side]++, times.length - 1)] ?? Number.NaN;
  const gain = await measurePairs(timesOf('plain', plainMs), timesOf('accelerated', acceleratedMs));
  return { gain, ran };
}

t.test('three pairs show a gain that every run shows', async (t) => {
  const { gain, ran } = await pairs([100, 120, 110], [50, 79, 60]);
  t.same(gain, { plainMs: 100, acceleratedMs: 50 });
  t.same(ran, { plain: 3, accelerated: 3 });
});

t.test('where one run says otherwise, all nine are asked', async (t) => {
  const { gain, ran } = await pairs([100, 101], [50, 81, 50]);
  t.same(gain, { plainMs: 100, acceleratedMs: 50 });
  t.same(ran, { plain: 9, accelerated: 9 });
});

t.test('nine pairs show that there is none, the least of each side', async (t) => {
  const { gain, ran } = await pairs([100, 90, 130], [130, 85]);
  t.same(gain, { plainMs: 90, acceleratedMs: 85 });
  t.same(ran, { plain: 9, accelerated: 9 });
  t.notOk(isFaster(gain));
  t.ok(isFaster({ plainMs: 100, acceleratedMs: 91 }));
});
