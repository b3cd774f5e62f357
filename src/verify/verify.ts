// Differential runs: plain twice (what differs between them is no evidence), and the artifact between, each from the same
// folder with the same environment.
import path from 'node:path';
import { withoutPlainCauses } from '../node/environment.js';
import { compareRuns, type Difference } from './compare.js';
import { type RunOptions, type RunResult, runOnce } from './run-once.js';

export interface VerifyOptions extends RunOptions {
  readonly launcher: string;
  /** The node that plain runs with, and its shebang flags. */
  readonly node: string;
  readonly nodeFlags: readonly string[];
  readonly entry: string;
  readonly argv1: string;
}

export interface LineResult {
  readonly args: readonly string[];
  readonly differences: readonly Difference[];
  /** False where the artifact decided to run plain: same, but nothing was shown. */
  readonly isAccelerated: boolean;
}

/** The environment of both sides: PATH finds the node built for, nothing switches the artifact off, and it says its path. */
export function verifyEnvironment(env: NodeJS.ProcessEnv, node: string): NodeJS.ProcessEnv {
  const { NODE_COMPILE_CACHE: _cache, ...rest } = withoutPlainCauses(env);
  return { ...rest, SNAP_DEBUG: '1', PATH: `${path.dirname(node)}${path.delimiter}${rest.PATH ?? ''}` };
}

/** Before a difference is believed. */
const MORE_PLAIN_RUNS = 4;

const DEBUG_LINE = /^snap: (accelerated|plain)[^\n]*\n/m;

/** Takes the artifact's own line out of what it wrote. */
function withoutDebugLine(run: RunResult): { readonly run: RunResult; readonly isAccelerated: boolean } {
  const text = run.stderr.toString('latin1');
  const line = DEBUG_LINE.exec(text);
  const stderr = Buffer.from(text.replace(DEBUG_LINE, ''), 'latin1');
  return { run: { ...run, stderr }, isAccelerated: line?.[1] === 'accelerated' };
}

export async function verifyLine(options: VerifyOptions, args: readonly string[]): Promise<LineResult> {
  const plainArgs = [...options.nodeFlags, options.argv1, ...args];
  const plain = () => runOnce(options.node, plainArgs, { ...options, argv0: 'node' });
  const first = await plain();
  const { run, isAccelerated } = withoutDebugLine(await runOnce(options.launcher, args, options));
  const compareWith = async () => compareRuns([first, await plain()], run, options.entry);
  let differences = await compareWith();
  // Two plain runs may agree by chance on what varies: a duration in whole milliseconds, say.
  for (let more = 0; more < MORE_PLAIN_RUNS && differences.length > 0; more++) differences = await compareWith();
  return { args, differences, isAccelerated };
}
