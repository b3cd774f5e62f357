// Differential runs: plain, then the artifact, each from the same folder with the same environment. Where they are not the
// same, plain again, several times: what differs between plain runs is no evidence.
import path from 'node:path';
import { withoutPlainCauses } from '../target/environment.js';
import { compareRuns, type Difference } from './compare.js';
import type { Run } from './run-in.js';
import { type RunOptions, type RunResult, runOnce } from './run-once.js';

export interface VerifyOptions extends RunOptions {
  readonly launcher: string;
  /** The node that plain runs with, and its shebang flags. */
  readonly node: string;
  readonly nodeFlags: readonly string[];
  readonly entry: string;
  readonly argv1: string;
  /** Show nothing of a line that plain does not end in time. Default: compare what both did until they were killed. */
  readonly skipsEndless?: boolean;
}

export interface LineResult {
  readonly args: readonly string[];
  readonly differences: readonly Difference[];
  /** False where the artifact decided to run plain: same, but nothing was shown. */
  readonly isAccelerated: boolean;
}

export function differing(results: readonly LineResult[]): LineResult[] {
  return results.filter(({ differences }) => differences.length > 0);
}

/** A line in one environment. */
export interface Comparison extends LineResult {
  readonly plainMs: number;
  /** True where plain did not end and nothing was compared. */
  readonly isEndless: boolean;
}

/** The environment of both sides: PATH finds the node built for, nothing switches the artifact off, and it says its path. */
export function verifyEnvironment(env: NodeJS.ProcessEnv, node: string): NodeJS.ProcessEnv {
  const { NODE_COMPILE_CACHE: _cache, ...rest } = withoutPlainCauses(env);
  return { ...rest, SNAP_DEBUG: '1', PATH: `${path.dirname(node)}${path.delimiter}${rest.PATH ?? ''}` };
}

/** Two plain runs may agree by chance on what varies (a duration in whole milliseconds, say): so many have to. */
const MOST_PLAIN_RUNS = 6;

/** On a terminal the line ends with a carriage return, too. */
const DEBUG_LINE = /^snap: (accelerated|plain)[^\n]*\n/m;

/** Takes the artifact's own line out of what it wrote; a terminal shows it among the output. */
function withoutDebugLine(run: RunResult): { readonly run: RunResult; readonly isAccelerated: boolean } {
  for (const stream of ['stderr', 'stdout'] as const) {
    const text = run[stream].toString('latin1');
    const line = DEBUG_LINE.exec(text);
    if (line === null) continue;
    const rest = Buffer.from(text.replace(DEBUG_LINE, ''), 'latin1');
    return { run: { ...run, [stream]: rest }, isAccelerated: line[1] === 'accelerated' };
  }
  return { run, isAccelerated: false };
}

/** One line, by both paths, as `run` runs it. */
export async function compareLine(options: VerifyOptions, args: readonly string[], run: Run): Promise<Comparison> {
  const plainArgs = [...options.nodeFlags, options.argv1, ...args];
  const plain = () => run(options.node, plainArgs, { ...options, argv0: 'node' });
  const startMs = performance.now();
  const first = await plain();
  const plainMs = performance.now() - startMs;
  if (first.isTimeout && options.skipsEndless === true)
    return { args, differences: [], isAccelerated: false, plainMs, isEndless: true };
  const { run: ours, isAccelerated } = withoutDebugLine(await run(options.launcher, args, options));
  // Where ours is what the first one was, no further run could show anything.
  let differences = compareRuns([first, first], ours, options.entry);
  for (let runs = 1; runs < MOST_PLAIN_RUNS && differences.length > 0; runs++) {
    const suspects = new Set(differences.map(({ what }) => what));
    const found = compareRuns([first, await plain()], ours, options.entry);
    differences = found.filter(({ what }) => suspects.has(what));
  }
  return { args, differences, isAccelerated, plainMs, isEndless: false };
}

export function verifyLine(options: VerifyOptions, args: readonly string[]): Promise<Comparison> {
  return compareLine(options, args, runOnce);
}
