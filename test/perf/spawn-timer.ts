import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { timeSpawns } from '../../src/perf/spawn-timer.js';

const env = { PATH: process.env.PATH ?? '' };

t.test('warm-up runs happen and are not counted', async (t) => {
  const log = join(t.testdir(), 'log');
  const script = `require('fs').appendFileSync(${JSON.stringify(log)}, 'x')`;
  const times = timeSpawns([process.execPath, '-e', script], { warmup: 1, runs: 3, env });
  t.equal(times.length, 3);
  t.ok(times.every((time) => time > 0));
  t.equal(readFileSync(log, 'utf8'), 'xxxx');
});

t.test('a command that fails is no measurement', async (t) => {
  const options = { warmup: 0, runs: 1, env };
  t.throws(() => timeSpawns([process.execPath, '-e', 'process.exit(3)'], options), /exit code 3/);
  t.throws(() => timeSpawns([join(t.testdir(), 'nope')], options), { code: 'ENOENT' });
  t.throws(() => timeSpawns([], options), RangeError);
});
