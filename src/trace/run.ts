// The trace phase: runs the plain CLI once per training line under the preload and merges what was recorded.

import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Graph, TrainingLine } from '../graph/types.js';
import { entryMissing, TraceError } from './errors.js';
import { mergeRuns } from './merge.js';
import { makeScratch } from './sandbox.js';
import { type FinishedRun, runTraining, trainingEnvironment } from './training-run.js';

export interface TraceOptions {
  /** The JavaScript file that the CLI starts with; symlinks are followed, as Node does. */
  readonly entry: string;
  /** Path of the node binary. */
  readonly node: string;
  /** Flags of the CLI's shebang. */
  readonly nodeFlags: readonly string[];
  /** The arguments of each training run. */
  readonly lines: readonly TrainingLine[];
  readonly cwd: string;
  /** For each run. */
  readonly timeoutMs: number;
  /** Default: the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Stops the runs and removes what they left. */
  readonly signal?: AbortSignal | undefined;
  /** Called before each run. */
  readonly onProgress?: (line: number, args: readonly string[]) => void;
}

/**
 * Runs the training lines one after another. A run may fail as it likes (its exit code is in the graph); one that
 * hangs, is killed or leaves no recording throws TraceError. Scratch files are gone when this settles or the process
 * exits; a caller that handles SIGINT aborts `signal` or calls process.exit().
 */
export async function traceProgram(options: TraceOptions): Promise<Graph> {
  const entry = await entryFile(options.entry);
  const scratch = await makeScratch();
  process.once('exit', scratch.remove);
  const stopOnSignal = guardSignals(options.signal);
  try {
    const runs = await runLines({ ...options, entry, signal: stopOnSignal.signal }, scratch.folder);
    return mergeRuns(entry, options.lines, runs);
  } finally {
    process.off('exit', scratch.remove);
    scratch.remove();
    stopOnSignal.release();
  }
}

async function entryFile(entry: string): Promise<string> {
  try {
    return await realpath(resolve(entry));
  } catch (cause) {
    throw new TraceError(entryMissing(entry), cause);
  }
}

async function runLines(options: TraceOptions & { readonly signal: AbortSignal }, folder: string) {
  const { entry, node, nodeFlags, lines, cwd, timeoutMs, signal } = options;
  const env = trainingEnvironment(options.env ?? process.env);
  const runs: FinishedRun[] = [];
  for (const [line, args] of lines.entries()) {
    options.onProgress?.(line, args);
    const recordingFile = join(folder, `recording-${line}.json`);
    runs.push(await runTraining({ entry, node, nodeFlags, args, cwd, env, timeoutMs, recordingFile, signal }));
  }
  return runs;
}

/**
 * Ctrl-C does not reach the runs, which are in groups of their own. Where the caller leaves the signals to Node, they
 * stop the runs here and take effect when the scratch files are gone.
 */
function guardSignals(outer: AbortSignal | undefined): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    received = signal;
    controller.abort();
  };
  const onOuter = (): void => controller.abort(outer?.reason);
  const guarded = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).filter((signal) => process.listenerCount(signal) === 0);
  for (const signal of guarded) process.on(signal, onSignal);
  outer?.addEventListener('abort', onOuter, { once: true });
  if (outer?.aborted === true) onOuter();
  return {
    signal: controller.signal,
    release: () => {
      outer?.removeEventListener('abort', onOuter);
      for (const signal of guarded) process.off(signal, onSignal);
      if (received !== undefined) process.kill(process.pid, received);
    },
  };
}
