// One run of a command, as bytes.
import { type ChildProcess, spawn } from 'node:child_process';
import { endOfGroup, type GroupEnd, type GroupLimits } from '../target/run-group.js';
import type { WrittenFile } from './written.js';

export interface RunResult extends GroupEnd {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Where they were looked for. */
  readonly written?: readonly WrittenFile[];
}

export interface RunOptions extends GroupLimits {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** What the program sees as its own name. */
  readonly argv0?: string;
  /**
   * For terminals: stdin is an open pipe instead of /dev/null, into which an end of input (^D) is typed whenever nothing
   * has been printed for a while. A program that waits for an answer gets to its end.
   */
  readonly typesAtSilence?: boolean;
}

const SILENCE_MS = 1_000;
const END_OF_INPUT = '\x04';

function typeAtSilence(child: ChildProcess): void {
  // A program may end before its input does: EPIPE is no finding.
  child.stdin?.on('error', () => undefined);
  const timer = setInterval(() => child.stdin?.write(END_OF_INPUT), SILENCE_MS);
  child.stdout?.on('data', () => timer.refresh());
  child.once('error', () => clearInterval(timer));
  child.once('exit', () => clearInterval(timer));
}

/** Rejects with the signal's reason where that stops it. */
export async function runOnce(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { cwd, env, argv0, typesAtSilence = false } = options;
  options.signal?.throwIfAborted();
  const named = argv0 === undefined ? {} : { argv0 };
  const stdin = typesAtSilence ? 'pipe' : 'ignore';
  const child = spawn(command, args, { cwd, env, ...named, stdio: [stdin, 'pipe', 'pipe'], detached: true });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  if (typesAtSilence) typeAtSilence(child);
  const end = await endOfGroup(child, options);
  child.stdin?.destroy();
  return { stdout: Buffer.concat(out), stderr: Buffer.concat(err), ...end };
}
