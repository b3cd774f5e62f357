// Does the artifact start faster than plain? Asked of the machine that it was built on: booting a snapshot costs some
// milliseconds of its own, which a small program does not earn back. Nothing but this choice hangs on a time.
import { runOnce } from './run-once.js';
import type { VerifyOptions } from './verify.js';

export interface Gain {
  readonly plainMs: number;
  readonly acceleratedMs: number;
}

/** Pairs of runs. The least of each side is compared: on a busy machine it moves the least. */
const ROUNDS = 9;

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
  const gain = { plainMs: Number.POSITIVE_INFINITY, acceleratedMs: Number.POSITIVE_INFINITY };
  for (let round = 0; round < ROUNDS; round++) {
    gain.plainMs = Math.min(gain.plainMs, await timed(plain));
    gain.acceleratedMs = Math.min(gain.acceleratedMs, await timed(accelerated));
  }
  return gain;
}

/** Less than this is no gain that anybody would notice, and noise could make it a loss. */
const LEAST_GAIN = 0.92;

export function isFaster({ plainMs, acceleratedMs }: Gain): boolean {
  return acceleratedMs < plainMs * LEAST_GAIN;
}
