// One run of a command, as bytes.
import { type ChildLimits, type ExitStatus, type StartedChild, startChild } from '../target/child.js';
import type { WrittenFile } from './written.js';

export interface RunResult extends ExitStatus {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Where they were looked for. */
  readonly written?: readonly WrittenFile[];
}

export interface RunOptions extends ChildLimits {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** What the program sees as its own name. */
  readonly argv0?: string | undefined;
  /**
   * For terminals: stdin is an open pipe instead of /dev/null, into which an end of input (^D) is typed whenever nothing
   * has been printed for a while. A program that waits for an answer gets to its end.
   */
  readonly typesAtSilence?: boolean;
}

const SILENCE_MS = 1_000;
const END_OF_INPUT = '\x04';

function typeAtSilence({ stdin, stdout, end }: StartedChild): void {
  // A program may end before its input does: EPIPE is no finding.
  stdin?.on('error', () => undefined);
  const timer = setInterval(() => stdin?.write(END_OF_INPUT), SILENCE_MS);
  const stop = (): void => clearInterval(timer);
  stdout?.on('data', () => timer.refresh());
  end.then(stop, stop);
}

/** Rejects with the signal's reason where that stops it. */
export async function runOnce(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { cwd, env, argv0, timeoutMs, signal: stopping, typesAtSilence = false } = options;
  const limits = { timeoutMs, signal: stopping, ownGroup: true, hasStdin: typesAtSilence };
  const child = startChild(command, args, { cwd, env, argv0, stdout: 'all', stderr: 'all', ...limits });
  if (typesAtSilence) typeAtSilence(child);
  const { stdout, stderr, exitCode, signal, isTimeout } = await child.end;
  return { stdout, stderr, exitCode, signal, isTimeout };
}
