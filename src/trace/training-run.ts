// One plain run of the CLI under the preload, in a process group of its own so that a hanging run ends with its children.

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { withoutPlainCauses } from '../target/environment.js';
import { killGroup } from '../target/run-group.js';
import { aborted, nodeFailed, noRecording, TraceError, timedOut } from './errors.js';
import { readRecording } from './recording.js';
import type { Recording } from './shape.cjs';

const PRELOAD = fileURLToPath(new URL('./preload.cjs', import.meta.url));
/** Time between asking a hanging run to end and ending it. */
const GRACE_MS = 1000;
/** As much of a failed run's stderr as an error message can bear. */
const STDERR_TAIL_CHARS = 600;

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

export async function runTraining(request: RunRequest): Promise<FinishedRun> {
  if (request.signal.aborted) throw new TraceError(aborted(request.entry), { cause: request.signal.reason });
  const startMs = performance.now();
  const child = spawn(request.node, ['--require', PRELOAD, ...request.nodeFlags, request.entry, ...request.args], {
    cwd: request.cwd,
    env: { ...request.env, V8_SNAP_RECORDING: request.recordingFile },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const stderr = tailOf(child);
  const { exitCode, signal } = await endOf(child, request);
  const wallMs = performance.now() - startMs;
  const how = signal === null ? `exit code ${exitCode}` : `by ${signal}`;
  const missing = () => new TraceError(noRecording(request.entry, request.args, how, stderr()));
  if (signal !== null) throw missing();
  const recording = await readRecording(request.recordingFile);
  if (recording === undefined) throw missing();
  return { recording, exitCode, signal, wallMs };
}

/** Drains both streams, so that the program never waits for a reader, and keeps the end of stderr. */
function tailOf(child: ChildProcess): () => string {
  let tail = '';
  child.stdout?.resume();
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_TAIL_CHARS);
  });
  return () => tail;
}

function endOf(child: ChildProcess, request: RunRequest): Promise<Pick<FinishedRun, 'exitCode' | 'signal'>> {
  return new Promise((resolve, reject) => {
    let stopped: TraceError | undefined;
    let grace: NodeJS.Timeout | undefined;
    const stop = (why: TraceError): void => {
      stopped ??= why;
      killGroup(child, 'SIGTERM');
      grace ??= setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MS);
    };
    const onAbort = (): void => stop(new TraceError(aborted(request.entry), { cause: request.signal.reason }));
    const onExit = (): void => killGroup(child, 'SIGKILL');
    const timer = setTimeout(
      () => stop(new TraceError(timedOut(request.entry, request.args, request.timeoutMs))),
      request.timeoutMs,
    );
    const settle = (done: () => void): void => {
      clearTimeout(timer);
      clearTimeout(grace);
      request.signal.removeEventListener('abort', onAbort);
      process.off('exit', onExit);
      // Not 'close': a daemon that the program started may hold the pipes for ever.
      child.stdout?.destroy();
      child.stderr?.destroy();
      done();
    };
    request.signal.addEventListener('abort', onAbort, { once: true });
    process.once('exit', onExit);
    child.once('error', (cause) =>
      settle(() => reject(new TraceError(nodeFailed(request.node, cause.message), { cause }))),
    );
    child.once('exit', (exitCode, signal) => {
      // A run that was stopped may have left children that ignore SIGTERM.
      if (stopped !== undefined) killGroup(child, 'SIGKILL');
      settle(() => (stopped === undefined ? resolve({ exitCode, signal }) : reject(stopped)));
    });
  });
}
