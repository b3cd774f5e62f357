// Notes who looks at a stack. V8 makes its text when it is first looked at, in whatever way: as a member, in a pattern,
// by a descriptor, a clone, an inspection, in Node's own code. For that text a builder's V8 calls
// `Error.prepareStackTrace`, where Node has put a function of its own. Here another function takes its place, which
// notes whose code has made V8 call it.
import * as safe from './saved.cjs';
import { type Frame, recordAt } from './state.cjs';

export function trapStacks(): void {
  const descriptor = safe.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  const original: unknown = descriptor?.value;
  if (typeof original !== 'function') return;
  // V8 takes no proxy here, and calls nothing for another stack meanwhile.
  const standIn = function (this: unknown, ...args: [error: unknown, frames: readonly Frame[]]): unknown {
    recordAt('stack-setting', 'Error.stack', args[1]);
    return safe.apply(original, this, args);
  };
  safe.standFor(standIn, original);
  safe.defineProperty(Error, 'prepareStackTrace', { ...descriptor, value: standIn });
}
