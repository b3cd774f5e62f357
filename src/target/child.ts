// Starts child processes: all that the tool starts, from builders and training runs to touch(1). One place says how a child
// is stopped (time, an abort signal, the end of this process) and how much is kept of what it writes. It rejects only where
// a child cannot be started or was aborted; a child that fails or hangs is an answer. Native crashes stay in the child.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** What is still in the pipes when a program has ended is read in less. */
const DRAIN_MS = 200;

/** Of a stream: `nothing` gives the child /dev/null; `{ first: 0 }` a pipe that is read and forgotten. In bytes. */
export type Kept = 'nothing' | 'all' | { readonly first: number } | { readonly last: number };

export interface ChildLimits {
  readonly timeoutMs: number;
  /** Ends the child; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface ChildOptions extends ChildLimits {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string | undefined;
  /** What the program sees as its own name. */
  readonly argv0?: string | undefined;
  /** Default: nothing. */
  readonly stdout?: Kept | undefined;
  readonly stderr?: Kept | undefined;
  /** Whether stdin is an open pipe. Default: it is /dev/null. */
  readonly hasStdin?: boolean | undefined;
  /**
   * Whether the child has a process group of its own: then all that it started is stopped with it. Ctrl-C in a terminal
   * does not reach such a group. Default: no.
   */
  readonly ownGroup?: boolean | undefined;
  /** How long a child that is stopped may take to end by itself, asked by SIGTERM. Default: it is killed at once. */
  readonly graceMs?: number | undefined;
}

export interface ExitStatus {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly isTimeout: boolean;
}

export interface ChildEnd extends ExitStatus {
  /** From the start to the end of the child itself, whoever holds its pipes after that. */
  readonly wallMs: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export interface StartedChild {
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  /** Settles when the child has ended, though what it left behind on purpose, a daemon, keep the pipes open. */
  readonly end: Promise<ChildEnd>;
}

/** Reads a stream to its end, and keeps that much. */
function collect(stream: Readable | null, kept: Kept): () => Buffer {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const [most, last] = typeof kept === 'string' ? [] : 'first' in kept ? [kept.first] : [undefined, kept.last];
  stream?.on('data', (chunk: Buffer) => {
    const part = most === undefined ? chunk : chunk.subarray(0, Math.max(0, most - bytes));
    if (part.length > 0) chunks.push(part);
    bytes += part.length;
    for (let [first] = chunks; last !== undefined && first && bytes - first.length >= last; [first] = chunks) {
      bytes -= first.length;
      chunks.shift();
    }
  });
  return () => {
    const all = Buffer.concat(chunks);
    return last === undefined ? all : all.subarray(Math.max(0, all.length - last));
  };
}

function send(child: ChildProcess, signal: NodeJS.Signals, ownGroup: boolean): void {
  if (child.pid === undefined) return;
  if (!ownGroup) {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: the group is gone, which is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Those that are running, to be killed when this process ends before them. */
const running = new Set<() => void>();

function killRunning(): void {
  for (const kill of running) kill();
}

function remember(kill: () => void): void {
  if (running.size === 0) process.on('exit', killRunning);
  running.add(kill);
}

function forget(kill: () => void): void {
  running.delete(kill);
  if (running.size === 0) process.off('exit', killRunning);
}

function endOf(child: ChildProcess, options: ChildOptions): Promise<ExitStatus & Pick<ChildEnd, 'wallMs'>> {
  const { timeoutMs, signal, ownGroup = false, graceMs = 0 } = options;
  const startMs = performance.now();
  return new Promise((resolve, reject) => {
    let isTimeout = false;
    let grace: NodeJS.Timeout | undefined;
    const kill = (): void => send(child, 'SIGKILL', ownGroup);
    const stop = (): void => {
      if (graceMs === 0) {
        kill();
        return;
      }
      send(child, 'SIGTERM', ownGroup);
      grace ??= setTimeout(kill, graceMs);
    };
    const timer = setTimeout(() => {
      isTimeout = true;
      stop();
    }, timeoutMs);
    const settle = (done: () => void): void => {
      clearTimeout(timer);
      clearTimeout(grace);
      signal?.removeEventListener('abort', stop);
      forget(kill);
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
      done();
    };
    signal?.addEventListener('abort', stop, { once: true });
    remember(kill);
    child.once('error', (error) => settle(() => reject(error)));
    child.once('exit', (exitCode, by) => {
      const wallMs = performance.now() - startMs;
      clearTimeout(timer);
      // Others of a group that was asked to end may ignore it.
      if (grace !== undefined) kill();
      const ended = { exitCode, signal: by, isTimeout, wallMs };
      const finish = () => settle(() => (signal?.aborted === true ? reject(signal.reason) : resolve(ended)));
      // The immediate lets one more round of reading happen where this process was kept from it.
      const drain = setTimeout(() => setImmediate(finish), DRAIN_MS);
      child.once('close', () => {
        clearTimeout(drain);
        finish();
      });
    });
  });
}

/** Throws the signal's reason where it is aborted already. */
export function startChild(command: string, args: readonly string[], options: ChildOptions): StartedChild {
  const { cwd, env, argv0, hasStdin = false, stdout = 'nothing', stderr = 'nothing' } = options;
  options.signal?.throwIfAborted();
  const piped = [hasStdin, stdout !== 'nothing', stderr !== 'nothing'];
  const stdio = piped.map((isPiped) => (isPiped ? 'pipe' : 'ignore'));
  const child = spawn(command, args, { cwd, env, argv0, stdio, detached: options.ownGroup ?? false });
  const [out, err] = [collect(child.stdout, stdout), collect(child.stderr, stderr)];
  const end = endOf(child, options).then((ended) => ({ ...ended, stdout: out(), stderr: err() }));
  return { stdin: child.stdin, stdout: child.stdout, end };
}

export async function runChild(command: string, args: readonly string[], options: ChildOptions): Promise<ChildEnd> {
  return startChild(command, args, options).end;
}

/** Far more than any of the commands asked here prints. */
const MOST_OUTPUT_BYTES = 1 << 24;
const KEPT_ERROR_BYTES = 8_000;

/** What a command prints. Rejects with what it said on stderr where it does not end with exit code 0. */
export async function outputOf(command: string, args: readonly string[], options: ChildOptions): Promise<string> {
  const bounds = { stdout: { first: MOST_OUTPUT_BYTES }, stderr: { last: KEPT_ERROR_BYTES } };
  const { exitCode, signal, isTimeout, stdout, stderr } = await runChild(command, args, { ...options, ...bounds });
  if (exitCode === 0) return stdout.toString();
  const how = isTimeout ? `no end within ${options.timeoutMs / 1000} s` : (signal ?? `exit code ${exitCode}`);
  throw new Error(`Command failed (${how}): ${[command, ...args].join(' ')}\n${stderr}`);
}
