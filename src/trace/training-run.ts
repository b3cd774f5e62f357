// One plain run of the CLI under the preload, in a process group of its own so that a hanging run ends with its children.

import { fileURLToPath } from 'node:url';
import { type ChildEnd, runChild } from '../target/child.js';
import { withoutPlainCauses } from '../target/environment.js';
import { aborted, nodeFailed, noRecording, TraceError, timedOut } from './errors.js';
import { readRecording } from './recording.js';
import type { Recording } from './shape.cjs';

const PRELOAD = fileURLToPath(new URL('./preload.cjs', import.meta.url));
/** Time between asking a hanging run to end and ending it. */
const GRACE_MS = 1000;
/** As much of a failed run's stderr as an error message can bear. */
const STDERR_TAIL_BYTES = 600;

export interface RunRequest {
  readonly entry: string;
  readonly node: string;
  readonly nodeFlags: readonly string[];
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly recordingFile: string;
  readonly signal: AbortSignal;
}

export interface FinishedRun {
  readonly recording: Recording;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly wallMs: number;
}

/** What a training run sees of the user's environment: all but what would change or see how modules load. */
export function trainingEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_COMPILE_CACHE: _cache, ...kept } = withoutPlainCauses(env);
  // Programs that turn the compile cache on themselves (tsc) would report the times of a warm cache.
  return { ...kept, NODE_DISABLE_COMPILE_CACHE: '1' };
}

/** Both streams are read, so that the program never waits for a reader; the end of stderr is kept. */
async function runUnderPreload(request: RunRequest): Promise<ChildEnd> {
  const { entry, node, nodeFlags, args, cwd, timeoutMs, signal } = request;
  const env = { ...request.env, V8_SNAP_RECORDING: request.recordingFile };
  const limits = { timeoutMs, signal, ownGroup: true, graceMs: GRACE_MS };
  const streams = { stdout: { first: 0 }, stderr: { last: STDERR_TAIL_BYTES } };
  try {
    return await runChild(node, ['--require', PRELOAD, ...nodeFlags, entry, ...args], {
      cwd,
      env,
      ...limits,
      ...streams,
    });
  } catch (cause) {
    if (signal.aborted) throw new TraceError(aborted(entry), signal.reason);
    throw new TraceError(nodeFailed(node, cause instanceof Error ? cause.message : String(cause)), cause);
  }
}

export async function runTraining(request: RunRequest): Promise<FinishedRun> {
  const { entry, args } = request;
  const { exitCode, signal, isTimeout, wallMs, stderr } = await runUnderPreload(request);
  if (isTimeout) throw new TraceError(timedOut(entry, args, request.timeoutMs));
  const how = signal === null ? `exit code ${exitCode}` : `by ${signal}`;
  const recording = signal === null ? await readRecording(request.recordingFile) : undefined;
  if (recording === undefined) throw new TraceError(noRecording(entry, args, how, stderr.toString()));
  return { recording, exitCode, signal, wallMs };
}
