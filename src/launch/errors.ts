/** What can go wrong while a launcher or its stamps are written. */
export type LaunchErrorCode = 'LAUNCHER_NOT_WRITTEN' | 'LAUNCHER_NAME' | 'STAMP_NOT_MADE' | 'STAMP_NOT_EXACT';

export interface LaunchProblem {
  readonly code: LaunchErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly path: string;
}

export class LaunchError extends Error {
  readonly code: LaunchErrorCode;
  readonly hint: string;
  readonly path: string;

  constructor(problem: LaunchProblem, options?: ErrorOptions) {
    super(problem.message, options);
    this.name = 'LaunchError';
    this.code = problem.code;
    this.hint = problem.hint;
    this.path = problem.path;
  }
}

export function launcherNotWritten(path: string): LaunchProblem {
  return {
    code: 'LAUNCHER_NOT_WRITTEN',
    message: `The launcher could not be written: ${path}`,
    hint: 'Check that the folder is writable and that the disk has room, or choose another with --out.',
    path,
  };
}

export function launcherName(name: string): LaunchProblem {
  return {
    code: 'LAUNCHER_NAME',
    message: `This cannot be the name of a command: ${JSON.stringify(name)}`,
    hint: 'Choose one without a slash and unlike the files of an artifact with --name.',
    path: name,
  };
}

export function stampNotMade(path: string): LaunchProblem {
  return {
    code: 'STAMP_NOT_MADE',
    message: `The stamp could not be made: ${path}`,
    hint: 'Check that the folder is writable and that the command `touch` is installed.',
    path,
  };
}

export function stampNotExact(path: string, reference: string): LaunchProblem {
  return {
    code: 'STAMP_NOT_EXACT',
    message: `The file system does not keep the exact time of ${reference} on ${path}`,
    hint: 'Put the artifact on a file system that keeps nanoseconds (ext4, xfs, btrfs, apfs) with --out.',
    path,
  };
}
