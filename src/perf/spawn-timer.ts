// A stand-in for hyperfine where that is not installed: spawns a command again and again and takes the wall time of
// each run. It counts Node's own cost of spawning in, the same for every command, so ratios come out closer to 1.

import { spawnSync } from 'node:child_process';

export interface SpawnTimerOptions {
  readonly warmup: number;
  readonly runs: number;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Wall times in ms. Throws where the program cannot be started or ends with an error. */
export function timeSpawns(argv: readonly string[], options: SpawnTimerOptions): number[] {
  const times: number[] = [];
  for (let run = -options.warmup; run < options.runs; run += 1) {
    const elapsedMs = timeOnce(argv, options);
    if (run >= 0) times.push(elapsedMs);
  }
  return times;
}

function timeOnce(argv: readonly string[], { env, cwd }: SpawnTimerOptions): number {
  const [program, ...args] = argv;
  if (program === undefined) throw new RangeError('there is no program to time');
  const started = process.hrtime.bigint();
  const { status, signal, error } = spawnSync(program, args, { env, cwd, stdio: 'ignore' });
  const elapsedMs = Number(process.hrtime.bigint() - started) / 1e6;
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${signal ?? `exit code ${status}`}`);
  return elapsedMs;
}
