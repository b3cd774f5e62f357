// Why an artifact cannot be written where the user wants it.
import { SnapError } from '../errors/snap-error.js';

export type OutputErrorCode =
  | 'OUT_FOREIGN'
  | 'OUT_NOT_FOLDER'
  | 'OUT_UNWRITABLE'
  | 'OUT_FULL'
  | 'OUT_UNSAFE'
  | 'OUT_BUSY'
  | 'OUT_NAME'
  | 'NOT_AN_ARTIFACT';

export function outForeign(path: string, found: string): SnapError<OutputErrorCode> {
  return new SnapError({
    code: 'OUT_FOREIGN',
    message: `${path} holds something else (${found}) and no manifest of v8-snap`,
    hint: 'choose an empty or new folder with --out DIR; nothing was changed',
    path,
  });
}

export function outNotFolder(path: string): SnapError<OutputErrorCode> {
  return new SnapError({
    code: 'OUT_NOT_FOLDER',
    message: `${path} exists and is not a folder`,
    hint: 'choose another folder with --out DIR',
    path,
  });
}

export function outUnsafe(path: string): SnapError<OutputErrorCode> {
  return new SnapError({
    code: 'OUT_UNSAFE',
    message: `others than you can write into ${path}: what they put there would run as you`,
    hint: `chmod go-w ${path}, or choose another folder with --out DIR`,
    path,
  });
}

export function outBusy(path: string, cause: unknown): SnapError<OutputErrorCode> {
  return new SnapError(
    {
      code: 'OUT_BUSY',
      message: `another build into ${path} does not end`,
      hint: 'wait for it, or end it, then build again',
      path,
    },
    cause,
  );
}

export function outName(name: string): SnapError<OutputErrorCode> {
  return new SnapError({
    code: 'OUT_NAME',
    message: `${JSON.stringify(name)} cannot be the launcher's file name`,
    hint: "give another with --name NAME: no slash, and none of the artifact's own file names",
  });
}

export function notAnArtifact(path: string, cause?: unknown): SnapError<OutputErrorCode> {
  return new SnapError(
    {
      code: 'NOT_AN_ARTIFACT',
      message: `${path} is not a folder that snap build wrote`,
      hint: 'build it first: snap build ENTRY --out DIR',
      path,
    },
    cause,
  );
}

const UNWRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

/** Turns what a file system refused while `path` was written into words; rethrows what it does not know. */
export function writeRefused(path: string, cause: unknown): never {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    throw new SnapError<OutputErrorCode>(
      {
        code: 'OUT_FULL',
        message: `the disk of ${path} is full`,
        hint: 'make room, or choose another disk with --out DIR',
        path,
      },
      cause,
    );
  }
  if (code !== undefined && UNWRITABLE.has(code)) {
    throw new SnapError<OutputErrorCode>(
      {
        code: 'OUT_UNWRITABLE',
        message: `${path} cannot be written (${code})`,
        hint: 'check its permissions, or choose another folder with --out DIR',
        path,
      },
      cause,
    );
  }
  throw cause;
}
