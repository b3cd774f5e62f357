// The one class of errors that this project throws on purpose. Each area has a catalogue (its errors.ts) of codes; the
// command line prints `message`, then `hint`, and maps `code` to an exit code.

export interface Fault<Code extends string = string> {
  readonly code: Code;
  /** What happened, and to which file. */
  readonly message: string;
  /** What to do next, in words that can be typed. */
  readonly hint: string;
  readonly path?: string;
}

export class SnapError extends Error {
  override readonly name = 'SnapError';
  readonly code: string;
  readonly hint: string;
  readonly path: string | undefined;

  constructor(fault: Fault, cause?: unknown) {
    super(fault.message, cause === undefined ? undefined : { cause });
    this.code = fault.code;
    this.hint = fault.hint;
    this.path = fault.path;
  }
}
