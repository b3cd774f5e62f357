// One run of a command, as bytes.
import { spawn } from 'node:child_process';
import { endOfGroup, type GroupEnd, type GroupLimits } from '../node/run-group.js';

export interface RunResult extends GroupEnd {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export interface RunOptions extends GroupLimits {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** What the program sees as its own name. */
  readonly argv0?: string;
}

/** Rejects with the signal's reason where that stops it. */
export async function runOnce(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { cwd, env, argv0 } = options;
  options.signal?.throwIfAborted();
  const named = argv0 === undefined ? {} : { argv0 };
  const child = spawn(command, args, { cwd, env, ...named, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const end = await endOfGroup(child, options);
  return { stdout: Buffer.concat(out), stderr: Buffer.concat(err), ...end };
}
