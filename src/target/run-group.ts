// A child in a process group of its own (`detached`): what hangs ends with all that it started, and what it leaves behind
// on purpose, a daemon, holds nothing up though it keeps the pipes open.
import type { ChildProcess } from 'node:child_process';

/** What is still in the pipes when a program has ended is read in less. */
const DRAIN_MS = 200;

export interface GroupLimits {
  readonly timeoutMs: number;
  /** Ends the group; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface GroupEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly isTimeout: boolean;
}

export function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: the group is gone, which is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

export function endOfGroup(child: ChildProcess, { timeoutMs, signal }: GroupLimits): Promise<GroupEnd> {
  return new Promise((resolve, reject) => {
    let isTimeout = false;
    const kill = (): void => killGroup(child, 'SIGKILL');
    const timer = setTimeout(() => {
      isTimeout = true;
      kill();
    }, timeoutMs);
    const settle = (done: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', kill);
      process.off('exit', kill);
      child.stdout?.destroy();
      child.stderr?.destroy();
      done();
    };
    signal?.addEventListener('abort', kill, { once: true });
    // Signals of the terminal do not reach the group.
    process.once('exit', kill);
    child.once('error', (error) => settle(() => reject(error)));
    child.once('exit', (exitCode, by) => {
      clearTimeout(timer);
      const finish = (): void =>
        settle(() => (signal?.aborted === true ? reject(signal.reason) : resolve({ exitCode, signal: by, isTimeout })));
      // The immediate lets one more round of reading happen where this process was kept from it.
      const drain = setTimeout(() => setImmediate(finish), DRAIN_MS);
      child.once('close', () => {
        clearTimeout(drain);
        finish();
      });
    });
  });
}
