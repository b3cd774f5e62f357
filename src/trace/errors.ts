// Why a program cannot be traced: faults as data; throwing is `TraceError`.
import { type Fault, SnapError } from '../errors/snap-error.js';

export type TraceErrorCode =
  | 'TRACE_ENTRY_MISSING'
  | 'TRACE_NODE_FAILED'
  | 'TRACE_TIMEOUT'
  | 'TRACE_ABORTED'
  | 'TRACE_NO_RECORDING'
  | 'TRACE_BAD_RECORDING'
  | 'TRACE_BAD_ARGS'
  | 'TRACE_SANDBOX_TOO_LARGE'
  | 'TRACE_SANDBOX_FAILED';

type TraceFault = Fault<TraceErrorCode>;

export class TraceError extends SnapError<TraceErrorCode> {
  override readonly name = 'TraceError';
}

const REPORT = 'This is a mistake in snap, not in your program: please report it.';

function shown(args: readonly string[]): string {
  return args.length === 0 ? 'without arguments' : `with ${args.map((word) => JSON.stringify(word)).join(' ')}`;
}

export function entryMissing(path: string): TraceFault {
  return {
    code: 'TRACE_ENTRY_MISSING',
    message: `There is no such file: ${path}`,
    hint: 'Name a JavaScript file, or a command of the nearest node_modules/.bin.',
    path,
  };
}

export function nodeFailed(path: string, why: string): TraceFault {
  return {
    code: 'TRACE_NODE_FAILED',
    message: `node could not be run: ${why}`,
    hint: 'Check the path given with --node.',
    path,
  };
}

export function timedOut(path: string, args: readonly string[], timeoutMs: number): TraceFault {
  return {
    code: 'TRACE_TIMEOUT',
    message: `A training run ${shown(args)} did not end within ${timeoutMs / 1000} s: ${path}`,
    hint: 'Train with arguments that end by themselves (--train), or allow more time with --train-timeout.',
    path,
  };
}

export function aborted(path: string): TraceFault {
  return { code: 'TRACE_ABORTED', message: 'The training run was stopped.', hint: 'Start the build again.', path };
}

export function noRecording(path: string, args: readonly string[], how: string, stderr: string): TraceFault {
  const said = stderr.trim() === '' ? '' : ` It printed: ${stderr.trim()}`;
  return {
    code: 'TRACE_NO_RECORDING',
    message: `A training run ${shown(args)} ended (${how}) before its recording was written: ${path}${said}`,
    hint: 'Train with arguments under which the program ends by itself (--train).',
    path,
  };
}

export function badRecording(path: string, why: string): TraceFault {
  return { code: 'TRACE_BAD_RECORDING', message: `The recording cannot be read: ${why}`, hint: REPORT, path };
}

export function badArgs(line: string, why: string): TraceFault {
  return {
    code: 'TRACE_BAD_ARGS',
    message: `These training arguments cannot be read (${why}): ${line}`,
    hint: 'Quote as in a shell: --train "lint \'my file.js\'".',
    path: line,
  };
}

export function sandboxTooLarge(path: string, limitBytes: number): TraceFault {
  return {
    code: 'TRACE_SANDBOX_TOO_LARGE',
    message: `This folder holds more than ${limitBytes / 2 ** 20} MiB besides node_modules and .git: ${path}`,
    hint: 'Build from a smaller folder, or without --sandbox.',
    path,
  };
}

export function sandboxFailed(path: string, why: string): TraceFault {
  return {
    code: 'TRACE_SANDBOX_FAILED',
    message: `The working copy could not be made: ${why}`,
    hint: 'Check the space and permissions of the temporary folder, or build without --sandbox.',
    path,
  };
}
