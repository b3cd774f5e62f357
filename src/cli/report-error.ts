// Errors in words: what happened, to which file, and what to type next. Those that no catalogue knows keep their stack.
import { accessSync, constants } from 'node:fs';
import { writeRefused } from '../artifact/errors.js';
import { fileUnreadable } from '../entry/errors.js';
import { SnapError } from '../errors/snap-error.js';
import { EXIT, exitCodeFor } from './exit-codes.js';

const READS = new Set(['open', 'read', 'stat', 'lstat', 'scandir', 'readlink', 'realpath', 'access']);

/** Who may not read a file may not open it for writing either: it was there, and reading was what was refused. */
function isReadRefused({ code, syscall, path }: NodeJS.ErrnoException): boolean {
  if ((code !== 'EACCES' && code !== 'EPERM') || path === undefined || !READS.has(syscall ?? '')) return false;
  if (syscall !== 'open') return true;
  try {
    accessSync(path, constants.R_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

/** A full disk or a missing permission can meet any phase: such an error becomes one that a catalogue knows. */
function classify(error: unknown): unknown {
  if (error instanceof SnapError || !(error instanceof Error) || !('code' in error)) return error;
  const refused = error as NodeJS.ErrnoException;
  if (refused.path !== undefined && isReadRefused(refused)) return fileUnreadable(refused.path, refused);
  try {
    return writeRefused('path' in error ? String(error.path) : 'the output', error);
  } catch (classified) {
    return classified;
  }
}

function causeOf(error: Error): string {
  return error.cause instanceof Error
    ? `\n  cause: ${error.cause.message.trim().split('\n').slice(0, 12).join('\n  ')}`
    : '';
}

function told(error: unknown, isVerbose: boolean): Description {
  if (error instanceof Error && error.name === 'AbortError')
    return { text: 'snap: interrupted; nothing was changed\n', exitCode: EXIT.interrupted };
  if (!(error instanceof SnapError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { text: `snap: unexpected error\n${text}\n`, exitCode: EXIT.unexpected };
  }
  const cause = isVerbose || error.code.endsWith('_UNUSABLE') ? causeOf(error) : '';
  return { text: `snap: ${error.message}${cause}\n  ${error.hint}\n`, exitCode: exitCodeFor(error.code) };
}

interface Description {
  /** For stderr. */
  readonly text: string;
  readonly exitCode: number;
}

/** What to print, and the exit code. `isVerbose`: the stack comes first. Prints nothing itself. */
export function describeError(thrown: unknown, isVerbose: boolean): Description {
  const error = classify(thrown);
  const { text, exitCode } = told(error, isVerbose);
  const stack = isVerbose && error instanceof Error ? `${error.stack ?? ''}\n` : '';
  return { text: stack + text, exitCode };
}
