// Everything that can go wrong around a hyperfine run, as data; `HyperfineError` carries it.

export type HyperfineErrorCode = 'HYPERFINE_MISSING' | 'HYPERFINE_FAILED' | 'HYPERFINE_OUTPUT' | 'HYPERFINE_OPTIONS';

export interface HyperfineProblem {
  readonly code: HyperfineErrorCode;
  readonly message: string;
  /** What to do next. */
  readonly hint: string;
}

export class HyperfineError extends Error {
  readonly code: HyperfineErrorCode;
  readonly hint: string;

  constructor(problem: HyperfineProblem, cause?: unknown) {
    super(problem.message, cause === undefined ? undefined : { cause });
    this.name = 'HyperfineError';
    this.code = problem.code;
    this.hint = problem.hint;
  }
}

export function problemMissing(binary: string): HyperfineProblem {
  return {
    code: 'HYPERFINE_MISSING',
    message: `The benchmarking program "${binary}" is not installed.`,
    hint: 'Install it with `apt-get install hyperfine` (Debian, Ubuntu), `brew install hyperfine` (macOS) or `cargo install hyperfine`.',
  };
}

export function problemFailed(exitCode: number | null, signal: string | null, stderr: string): HyperfineProblem {
  const how = signal === null ? `exit code ${exitCode}` : `signal ${signal}`;
  return {
    code: 'HYPERFINE_FAILED',
    message: `hyperfine ended with ${how}: ${stderr.trim() || 'it printed no reason'}`,
    hint: 'Run the timed command by hand. If it is meant to end with an error, set ignoreFailure.',
  };
}

export function problemOutput(what: string): HyperfineProblem {
  return {
    code: 'HYPERFINE_OUTPUT',
    message: `The results that hyperfine wrote could not be understood: ${what}`,
    hint: 'This wrapper reads the JSON of hyperfine 1.13 and newer; `hyperfine --version` tells which one runs.',
  };
}

export function problemOptions(what: string): HyperfineProblem {
  return { code: 'HYPERFINE_OPTIONS', message: what, hint: 'See HyperfineOptions for what each option takes.' };
}
