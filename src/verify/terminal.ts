// Runs a command on a pseudo-terminal of a fixed size by `script`: that of util-linux, or that of the BSDs and macOS. It
// is on nearly every machine and needs no native addon.
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { shellQuote } from '../launch/quote.js';
import { type RunOptions, type RunResult, runOnce } from './run-once.js';

const SIZE = 'stty rows 31 cols 97';

/** `script` starts the user's own shell, which may read no POSIX; the program gets the variable as it was. */
function restoredShell(shell: string | undefined): string {
  return shell === undefined ? 'unset SHELL' : `SHELL=${shellQuote(shell)}; export SHELL`;
}

function scriptArguments(line: string): string[] {
  if (process.platform === 'linux') return ['-qefc', line, '/dev/null'];
  return ['-q', '/dev/null', '/bin/sh', '-c', line];
}

function runLine(line: string, options: RunOptions): Promise<RunResult> {
  const { argv0: _name, ...rest } = options;
  const full = `${restoredShell(options.env.SHELL)}; ${line}`;
  return runOnce('script', scriptArguments(full), { ...rest, env: { ...options.env, SHELL: '/bin/sh' } });
}

/** Null where commands can be run on a terminal; else why not. Asks by running `script`. */
export async function noTerminal(options: RunOptions): Promise<string | null> {
  try {
    const { exitCode } = await runLine(`${SIZE} && exit 3`, { ...options, timeoutMs: 10_000 });
    return exitCode === 3 ? null : 'the `script` command of this machine cannot do it';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'no `script` command';
    throw error;
  }
}

/** All that a terminal shows comes out as `stdout`. Death by a signal is an exit code of 128 and more. */
export async function runOnTerminal(
  words: readonly string[],
  options: RunOptions & { readonly errorsTo?: string },
): Promise<RunResult> {
  const { errorsTo, ...rest } = options;
  const redirect = errorsTo === undefined ? '' : ` 2>${shellQuote(errorsTo)}`;
  const line = `${SIZE}; exec ${words.map(shellQuote).join(' ')}${redirect}`;
  const run = await runLine(line, { ...rest, typesAtSilence: true });
  if (errorsTo === undefined) return run;
  const stderr = readFileSync(path.resolve(options.cwd, errorsTo));
  rmSync(errorsTo);
  return { ...run, stderr };
}
