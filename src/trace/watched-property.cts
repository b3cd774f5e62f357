// Turns a property into an accessor that tells when it is read, which is how the preload sees a call coming
// without standing on the stack while it runs: stack traces, `callsites` and the frame limit stay as without it.

interface Watch {
  readonly owner: object;
  readonly key: string;
  readonly enumerable: boolean;
  /** The value where nobody has assigned one. */
  readonly initial: () => unknown;
  readonly onRead: (receiver: unknown) => void;
  readonly onWrite: () => void;
}

const define = Object.defineProperty;

/** Assignments through the owner replace the value; through an instance they make an own property, as plain ones do. */
export function watchProperty({ owner, key, enumerable, initial, onRead, onWrite }: Watch): void {
  let assigned = false;
  let value: unknown;
  define(owner, key, {
    configurable: true,
    enumerable,
    get(this: unknown) {
      onRead(this);
      return assigned ? value : initial();
    },
    set(this: object, next: unknown) {
      if (this !== owner) {
        define(this, key, { value: next, writable: true, enumerable: true, configurable: true });
        return;
      }
      assigned = true;
      value = next;
      onWrite();
    },
  });
}
