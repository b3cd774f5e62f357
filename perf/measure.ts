// Times and counts the sides of one scenario.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runHyperfine } from 'hyperfine-wrapper';
import { parseResources, type Resources, TIME_FORMAT } from '../src/perf/resources.js';
import { orderForRound, type Round } from '../src/perf/rounds.js';
import { parseSystemCalls, type SystemCalls } from '../src/perf/system-calls.js';
import type { Side } from './sides.js';

export interface Effort {
  readonly rounds: number;
  readonly runs: number;
  readonly warmup: number;
}

export interface Counts {
  readonly calls?: SystemCalls | undefined;
  readonly resources?: Resources | undefined;
}

/** Several short rounds; each side once a round, in an order that turns round each time. */
export async function timeSides(sides: readonly Side[], { rounds, runs, warmup }: Effort): Promise<Round[]> {
  const result: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const times = new Map<string, readonly number[]>();
    for (const { name, argv, env } of orderForRound(sides, round)) {
      // Each side has its own environment, so each is a run of hyperfine of its own.
      const [timed] = await runHyperfine({ commands: [{ name, argv }], env, runs, warmup });
      if (timed !== undefined) times.set(name, timed.timesMs);
    }
    result.push(times);
  }
  return result;
}

/** Counts what one run does; what needs a program that is not installed is left out. */
export function countSide(side: Side): Counts {
  const folder = mkdtempSync(join(tmpdir(), 'snap-counts-'));
  try {
    const calls = under(['strace', '-f', '-c', '-o', join(folder, 'calls')], side, join(folder, 'calls'));
    const faults = under(['/usr/bin/time', '-f', TIME_FORMAT, '-o', join(folder, 'time')], side, join(folder, 'time'));
    const resources = faults === undefined ? undefined : parseResources(faults);
    return { calls: calls === undefined ? undefined : parseSystemCalls(calls), resources };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function under(tool: readonly string[], { argv, env }: Side, file: string): string | undefined {
  const [program = '', ...args] = [...tool, ...argv];
  spawnSync(program, args, { env, stdio: 'ignore' });
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
