// What can be wrong with app.pack at run time. Every one of these means: use Node's own loader from disk.
// Runs in users' processes: no dependencies.

export type PackErrorCode =
  | 'PACK_UNREADABLE'
  | 'PACK_NOT_A_PACK'
  | 'PACK_VERSION'
  | 'PACK_SIZE'
  | 'PACK_OTHER_ARTIFACT'
  | 'PACK_CHECKSUM'
  | 'PACK_MALFORMED'
  | 'PACK_NOT_PACKED'
  | 'PACK_CLOSED';

export interface PackFault {
  readonly code: PackErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly path: string;
}

export class PackError extends Error implements PackFault {
  override readonly name = 'PackError';
  readonly code: PackErrorCode;
  readonly hint: string;
  readonly path: string;
  constructor(fault: PackFault, cause?: unknown) {
    super(`${fault.path}: ${fault.message} (${fault.hint})`, cause === undefined ? undefined : { cause });
    this.code = fault.code;
    this.hint = fault.hint;
    this.path = fault.path;
  }
}

export function fault(code: PackErrorCode, path: string, message: string): PackFault {
  return { code, message, hint: 'run `snap build` again', path };
}
