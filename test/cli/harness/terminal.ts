// Runs a command on a pseudo-terminal by `script` (Debian: bsdutils), which needs no native addon.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { type RunOptions, type RunResult, run } from './run.js';

export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  /** Sends stderr to a file, which then comes out as `stderr`. */
  readonly errorsToFile?: boolean;
  /** Shell redirections after the command, e.g. `| cat` or `</dev/null`. */
  readonly redirect?: string;
  /** What is typed, each piece once the output holds its `after`. */
  readonly type?: readonly { readonly after: string; readonly text: string }[];
}

const script = '/usr/bin/script';

/** False, with a visible line, where the machine has no `script`. */
export function hasTerminal(t: Test): boolean {
  if (existsSync(script)) return true;
  t.comment('SKIPPED: no /usr/bin/script (Debian package bsdutils), so nothing was run on a terminal');
  return false;
}

export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** stdout and stderr come out as one stream in `stdout`, as a terminal shows them. Death by a signal is 128 + n. */
export async function runOnTerminal(
  command: string,
  args: readonly string[],
  terminal: Terminal,
  options: RunOptions,
): Promise<RunResult> {
  const size = `stty rows ${terminal.rows ?? 31} cols ${terminal.columns ?? 97}`;
  const errors = join(options.env.HOME ?? options.cwd, 'terminal-stderr');
  const redirect = `${terminal.redirect ?? ''} ${terminal.errorsToFile === true ? `2>${quote(errors)}` : ''}`;
  const line = `${size}; exec ${[command, ...args].map(quote).join(' ')} ${redirect}`;
  const toType = [...(terminal.type ?? [])];
  const result = await run(script, ['-qefc', line, '/dev/null'], {
    ...options,
    env: { TERM: 'xterm-256color', ...options.env, SHELL: '/bin/bash' },
    // An open pipe that nothing is written to: `script` would pass an end of input on as ^D.
    stdin: { text: '' },
    keepInputOpen: true,
    onOutput: (soFar, child) => {
      const next = toType[0];
      if (next === undefined || !soFar.includes(next.after)) return;
      toType.shift();
      child.stdin?.write(next.text);
    },
  });
  if (terminal.errorsToFile !== true) return result;
  const stderr = readFileSync(errors, 'latin1');
  rmSync(errors);
  return { ...result, stderr };
}
