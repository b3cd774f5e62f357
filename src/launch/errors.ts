// What can go wrong while a launcher or its stamps are written: faults as data; throwing is `LaunchError`.
import { type Fault, SnapError } from '../errors/snap-error.js';

export type LaunchErrorCode = 'LAUNCHER_NOT_WRITTEN' | 'LAUNCHER_NAME' | 'STAMP_NOT_MADE' | 'STAMP_NOT_EXACT';

type LaunchFault = Fault<LaunchErrorCode>;

export class LaunchError extends SnapError<LaunchErrorCode> {
  override readonly name = 'LaunchError';
}

export function launcherNotWritten(path: string): LaunchFault {
  return {
    code: 'LAUNCHER_NOT_WRITTEN',
    message: `The launcher could not be written: ${path}`,
    hint: 'Check that the folder is writable and that the disk has room, or choose another with --out.',
    path,
  };
}

export function launcherName(name: string): LaunchFault {
  return {
    code: 'LAUNCHER_NAME',
    message: `This cannot be the name of a command: ${JSON.stringify(name)}`,
    hint: 'Choose one without a slash and unlike the files of an artifact with --name.',
    path: name,
  };
}

export function stampNotMade(path: string): LaunchFault {
  return {
    code: 'STAMP_NOT_MADE',
    message: `The stamp could not be made: ${path}`,
    hint: 'Check that the folder is writable and that the command `touch` is installed.',
    path,
  };
}

export function stampNotExact(path: string, reference: string): LaunchFault {
  return {
    code: 'STAMP_NOT_EXACT',
    message: `The file system does not keep the exact time of ${reference} on ${path}`,
    hint: 'Put the artifact on a file system that keeps nanoseconds (ext4, xfs, btrfs, apfs) with --out.',
    path,
  };
}
