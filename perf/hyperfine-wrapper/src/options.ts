// What a caller asks for, and how that is said on hyperfine's command line.

import { HyperfineError, problemOptions } from './errors.js';

export interface TimedCommand {
  readonly name: string;
  /** The program and its arguments. No shell is involved: every string arrives as it is. */
  readonly argv: readonly string[];
}

export interface HyperfineOptions {
  readonly commands: readonly TimedCommand[];
  /** Runs before the timed ones. */
  readonly warmup?: number;
  /** Exactly so many timed runs. */
  readonly runs?: number;
  /** At least so many timed runs, where `runs` is not given. */
  readonly minRuns?: number;
  /** The whole environment of the commands; without it, the caller's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Go on when a command ends with an error. */
  readonly ignoreFailure?: boolean;
  /** A program to run before each timed run, outside the measured time. */
  readonly prepare?: readonly string[];
  /** The hyperfine program: a path, or a name to look up in PATH. */
  readonly binary?: string;
}

/**
 * Writes an argument vector as one string that hyperfine's own splitter (POSIX shell words, no expansion) takes apart
 * into exactly the same vector.
 */
export function quoteArgv(argv: readonly string[]): string {
  return argv.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The arguments for hyperfine itself; throws HYPERFINE_OPTIONS for what it would misread. */
export function hyperfineArguments(options: HyperfineOptions, jsonFile: string): string[] {
  check(options);
  const args = ['-N', '--style', 'none', '--export-json', jsonFile];
  if (options.warmup !== undefined) args.push('--warmup', String(options.warmup));
  if (options.runs !== undefined) args.push('--runs', String(options.runs));
  else if (options.minRuns !== undefined) args.push('--min-runs', String(options.minRuns));
  if (options.ignoreFailure === true) args.push('--ignore-failure');
  if (options.prepare !== undefined) args.push('--prepare', quoteArgv(options.prepare));
  for (const { name } of options.commands) args.push('--command-name', name);
  // `--` keeps a command that begins with a dash from being read as an option.
  return [...args, '--', ...options.commands.map(({ argv }) => quoteArgv(argv))];
}

function check({ commands, warmup, runs, minRuns, prepare }: HyperfineOptions): void {
  if (commands.length === 0) throw new HyperfineError(problemOptions('There is no command to time.'));
  for (const { name, argv } of commands) {
    if (argv.length === 0) throw new HyperfineError(problemOptions(`The command "${name}" has no program.`));
    if ([name, ...argv].some((word) => word.includes('\0')))
      throw new HyperfineError(problemOptions(`The command "${name}" holds a NUL character.`));
  }
  if (prepare?.length === 0) throw new HyperfineError(problemOptions('The prepare command has no program.'));
  checkCount('warmup', warmup, 0);
  checkCount('runs', runs, 1);
  checkCount('minRuns', minRuns, 1);
}

function checkCount(option: string, value: number | undefined, least: number): void {
  if (value !== undefined && (!Number.isSafeInteger(value) || value < least))
    throw new HyperfineError(problemOptions(`${option} must be a whole number from ${least} up, not ${value}.`));
}
