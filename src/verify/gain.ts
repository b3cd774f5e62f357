// Does the artifact start faster than plain? Asked of the machine that it was built on: booting a snapshot costs some
// milliseconds of its own, which a small program does not earn back. No other decision of a build depends on a time.
import { runOnce } from './run-once.js';
import type { VerifyOptions } from './verify.js';

export interface Gain {
  readonly plainMs: number;
  readonly acceleratedMs: number;
}

/** Pairs of runs. The least of each side is compared: on a busy machine it moves the least. */
const MOST_ROUNDS = 9;
/** Where every accelerated run so far took less than this part of every plain one, further pairs would show the same. */
const CLEAR_ROUNDS = 3;
const CLEAR_GAIN = 0.8;

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Runs one line plainly and accelerated in turn. */
export async function measureGain(options: VerifyOptions, args: readonly string[]): Promise<Gain> {
  const { SNAP_DEBUG: _debug, ...env } = options.env;
  const quiet = { ...options, env };
  const plain = () =>
    runOnce(options.node, [...options.nodeFlags, options.argv1, ...args], { ...quiet, argv0: 'node' });
  const accelerated = () => runOnce(options.launcher, args, quiet);
  return measurePairs(
    () => timed(plain),
    () => timed(accelerated),
  );
}

/** The least of each side, in milliseconds, of as many pairs as the question takes. */
export async function measurePairs(plain: () => Promise<number>, accelerated: () => Promise<number>): Promise<Gain> {
  const gain = { plainMs: Number.POSITIVE_INFINITY, acceleratedMs: Number.POSITIVE_INFINITY };
  let slowestMs = 0;
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    gain.plainMs = Math.min(gain.plainMs, await plain());
    const ms = await accelerated();
    gain.acceleratedMs = Math.min(gain.acceleratedMs, ms);
    slowestMs = Math.max(slowestMs, ms);
    if (round >= CLEAR_ROUNDS && slowestMs < gain.plainMs * CLEAR_GAIN) break;
  }
  return gain;
}

/** Less than this is no gain that anybody would notice, and noise could make it a loss. */
const LEAST_GAIN = 0.92;

export function isFaster({ plainMs, acceleratedMs }: Gain): boolean {
  return acceleratedMs < plainMs * LEAST_GAIN;
}
