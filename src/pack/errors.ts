// Why a pack cannot be written: mistakes in what the earlier phases handed over, or a file system that refuses.
import { type Fault, SnapError } from '../errors/snap-error.js';

export type PackWriteErrorCode =
  | 'PACK_BAD_KEY'
  | 'PACK_DUPLICATE_MODULE'
  | 'PACK_CONFLICTING_RESOLUTION'
  | 'PACK_STALE_CACHE'
  | 'PACK_BAD_HEADER'
  | 'PACK_TOO_LARGE'
  | 'PACK_WRITE_FAILED'
  | 'PACK_NOT_READ_BACK';

type PackWriteFault = Fault<PackWriteErrorCode> & { readonly path: string };

/** Its message begins with the path: the faults below say what is wrong with it. */
export class PackWriteError extends SnapError<PackWriteErrorCode> {
  override readonly name = 'PackWriteError';

  constructor(fault: PackWriteFault, cause?: unknown) {
    super({ ...fault, message: `${fault.path}: ${fault.message}` }, cause);
  }
}

const REPORT = 'this is a mistake in snap, not in your program: please report it';

export function badKey(path: string): PackWriteFault {
  return { code: 'PACK_BAD_KEY', message: 'is not an absolute path', hint: REPORT, path };
}

export function duplicateModule(path: string): PackWriteFault {
  return { code: 'PACK_DUPLICATE_MODULE', message: 'is to be packed twice', hint: REPORT, path };
}

export function conflictingResolution(path: string, request: string): PackWriteFault {
  const message = `resolves ${request} to two different targets`;
  return { code: 'PACK_CONFLICTING_RESOLUTION', message, hint: REPORT, path };
}

export function staleCache(path: string): PackWriteFault {
  const message = 'has a code cache that was not made from this source';
  return { code: 'PACK_STALE_CACHE', message, hint: 'it changed during the build: build again', path };
}

export function badHeader(field: string, value: string): PackWriteFault {
  return { code: 'PACK_BAD_HEADER', message: `${field} does not fit into the header`, hint: REPORT, path: value };
}

export function tooLarge(bytes: number): PackWriteFault {
  const message = `would have ${bytes} bytes, more than 4 GiB`;
  return { code: 'PACK_TOO_LARGE', message, hint: 'train with command lines that load less', path: 'app.pack' };
}

export function writeFailed(path: string, reason: string): PackWriteFault {
  const message = `cannot be written: ${reason}`;
  return { code: 'PACK_WRITE_FAILED', message, hint: 'check space and permissions of its folder', path };
}

export function notReadBack(path: string, reason: string): PackWriteFault {
  const message = `cannot be read back: ${reason}`;
  return { code: 'PACK_NOT_READ_BACK', message, hint: 'nothing else may write there: build again', path };
}
