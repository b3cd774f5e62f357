// Notices that the process ends, whichever way: Node sets `process._exiting` and then reads `process.emit`, on a
// natural end, on process.exit() and after an uncaught exception alike. No listener is added: the program would see it.

import events from 'node:events';
import { watchProperty } from './watched-property.cjs';

/** Node's own flag, which @types/node leaves out. */
interface EndingProcess extends NodeJS.Process {
  readonly _exiting?: boolean;
}

const { emit: emitAtStart } = events.prototype;
const { getOwnPropertyDescriptor: describe } = Object;

/** `flush` writes what is known; it may be called several times, the last one counts, and exit listeners follow it. */
export function onEnding(flush: () => void, note: (what: string) => void): void {
  const ending = process as EndingProcess;
  let begun = false;
  const onRead = (): void => {
    if (begun || ending._exiting !== true) return;
    begun = true;
    flush();
  };
  watchProperty({
    owner: process,
    key: 'emit',
    enumerable: false,
    // Inherited, and looked up each time: `domain` replaces it.
    initial: () => describe(events.prototype, 'emit')?.value ?? emitAtStart,
    onRead,
    onWrite: () => note('process.emit'),
  });
  for (const key of ['reallyExit', 'execve'] as const) watchLastCall(key, flush, note);
}

/** Ways to end that ask nobody. */
function watchLastCall(key: string, flush: () => void, note: (what: string) => void): void {
  const found = describe(process, key);
  if (found === undefined || !Object.hasOwn(found, 'value') || found.configurable !== true) return;
  watchProperty({
    owner: process,
    key,
    enumerable: found.enumerable ?? true,
    initial: () => found.value,
    onRead: flush,
    onWrite: () => note(`process.${key}`),
  });
}
