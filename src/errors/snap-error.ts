// The one class of errors that this project throws on purpose. Each area has a catalogue (its errors.ts) of typed codes,
// and may have a subclass; the command line prints `message`, then `hint`, and maps `code` to an exit code.

export interface Fault<Code extends string = string> {
  readonly code: Code;
  /** What happened, and to which file. */
  readonly message: string;
  /** What to do next, in words that can be typed. */
  readonly hint: string;
  readonly path?: string | undefined;
}

export class SnapError<Code extends string = string> extends Error implements Fault<Code> {
  override readonly name: string = 'SnapError';
  readonly code: Code;
  readonly hint: string;
  readonly path: string | undefined;

  /** `cause`: the error that was caught, where there was one. */
  constructor({ code, message, hint, path }: Fault<Code>, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.path = path;
  }
}
