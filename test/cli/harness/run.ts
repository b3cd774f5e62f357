// Runs one process to its end, with an environment made from nothing: what tap, npm or a coverage tool set for the
// test process must reach neither path, or both would be measured under conditions no user has.

import { type ChildProcess, spawn } from 'node:child_process';

export type Environment = Readonly<Record<string, string>>;

/** `closed`: descriptor 0 is not open. `null`: /dev/null. `empty`: a pipe that ends at once. Else: piped bytes. */
export type Input = 'closed' | 'null' | 'empty' | { readonly text: string };

export interface RunOptions {
  readonly env: Environment;
  readonly cwd: string;
  readonly stdin?: Input | undefined;
  readonly timeoutMs?: number;
  /** Called with all that the process has printed on stdout so far, each time it grows. */
  readonly onOutput?: (soFar: string, child: ChildProcess) => void;
  /** The same of stderr. */
  readonly onErrors?: (soFar: string) => void;
  readonly onStart?: (child: ChildProcess) => void;
  /** Leaves the pipe of stdin open after its bytes were written. */
  readonly keepInputOpen?: boolean;
  readonly uid?: number | undefined;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
}

/** What both paths get unless a case says otherwise. */
export function baseEnvironment(home: string, nodeFolder: string): Environment {
  return { PATH: `${nodeFolder}:/usr/local/bin:/usr/bin:/bin`, HOME: home, LANG: 'C.UTF-8', TZ: 'UTC' };
}

export function run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const stdin = options.stdin ?? 'null';
  const closed = stdin === 'closed';
  const file = closed ? '/bin/bash' : command;
  const argv = closed ? ['-p', '-c', 'exec "$@" <&-', 'bash', command, ...args] : [...args];
  return new Promise((resolve, reject) => {
    const child = spawn(file, argv, {
      env: { ...options.env },
      cwd: options.cwd,
      stdio: [stdin === 'null' || closed ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      uid: options.uid,
      gid: options.uid,
    });
    options.onStart?.(child);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, options.timeoutMs ?? 60_000);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => {
      out.push(chunk);
      options.onOutput?.(Buffer.concat(out).toString('latin1'), child);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      err.push(chunk);
      options.onErrors?.(Buffer.concat(err).toString('latin1'));
    });
    // A program may end before it has read its input: EPIPE is then no finding.
    child.stdin?.on('error', () => undefined);
    if (stdin === 'empty') child.stdin?.end();
    else if (typeof stdin === 'object') {
      child.stdin?.write(stdin.text);
      if (options.keepInputOpen !== true) child.stdin?.end();
    }
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      // latin1 keeps every byte apart, so that a comparison of strings is one of bytes.
      const stdout = Buffer.concat(out).toString('latin1');
      resolve({ stdout, stderr: Buffer.concat(err).toString('latin1'), code, signal, timedOut });
    });
  });
}
