// Runs commands in an environment of the matrix, and looks at what they leave behind. The folders of an environment have
// the same paths in every run and are emptied before each: a path that a program prints is the same in all.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from './environments.js';
import { type RunOptions, type RunResult, runOnce } from './run-once.js';
import { runOnTerminal } from './terminal.js';
import { type EndWatch, watchChanges, watchEmpty } from './written.js';

export type Run = (command: string, args: readonly string[], options: RunOptions) => Promise<RunResult>;

interface Folders {
  readonly home: string;
  readonly tmp: string;
  readonly elsewhere: string;
}

/** How a shell starts a command without standard input, or with an empty pipe. Node cannot: the pipes that it makes are sockets. */
const INPUTS = { closed: 'exec "$@" <&-', empty: ': | "$@"' } as const;

/** Variables by which programs keep files elsewhere than below HOME. */
const HOMES_ELSEWHERE = ['XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'npm_config_cache'];

function emptied(scratch: string): Folders {
  const folders = {
    home: path.join(scratch, 'home'),
    tmp: path.join(scratch, 'tmp'),
    elsewhere: path.join(scratch, 'another folder'),
  };
  for (const folder of Object.values(folders)) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    mkdirSync(folder);
  }
  return folders;
}

function homeChanges({ home }: Environment, folders: Folders): Record<string, string | null> {
  if (home === undefined) return {};
  const away = Object.fromEntries(HOMES_ELSEWHERE.map((name) => [name, null]));
  return { ...away, HOME: home === 'empty' ? folders.home : null, TMPDIR: folders.tmp };
}

function changed(env: NodeJS.ProcessEnv, changes: Readonly<Record<string, string | null>>): NodeJS.ProcessEnv {
  const all = { ...env, ...changes };
  return Object.fromEntries(
    Object.entries(all).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

/** A shell cannot set argv0, but what it finds on PATH gets the name that was asked for. */
function nameFor(command: string, argv0: string | undefined): string {
  return argv0 !== undefined && existsSync(path.join(path.dirname(command), argv0)) ? argv0 : command;
}

function start(
  environment: Environment,
  scratch: string,
  command: string,
  args: readonly string[],
  options: RunOptions,
) {
  const words = [nameFor(command, options.argv0), ...args];
  const { terminal, stdin } = environment;
  if (terminal === 'all') return runOnTerminal(words, options);
  if (terminal === 'all but stderr') {
    return runOnTerminal(words, { ...options, errorsTo: path.join(scratch, 'stderr') });
  }
  if (stdin === undefined) return runOnce(command, args, options);
  const { argv0: _name, ...rest } = options;
  return runOnce('/bin/sh', ['-c', INPUTS[stdin], 'sh', ...words], rest);
}

/** `mostFiles`: the current folder is watched unless it holds more. `scratch`: an existing folder of the caller's. */
export function runIn(environment: Environment, scratch: string, mostFiles: number): Run {
  return async (command, args, options) => {
    const folders = emptied(scratch);
    const cwd = environment.isElsewhere === true ? folders.elsewhere : options.cwd;
    const env = changed(options.env, { ...homeChanges(environment, folders), ...environment.env });
    const watches: (EndWatch | null)[] = [
      environment.isElsewhere === true ? watchEmpty(cwd, '.') : watchChanges(cwd, mostFiles, scratch),
      watchEmpty(folders.home, '$HOME'),
      watchEmpty(folders.tmp, '$TMPDIR'),
    ];
    const run = await start(environment, scratch, command, args, { ...options, cwd, env });
    return { ...run, written: watches.flatMap((end) => end?.() ?? []) };
  };
}
