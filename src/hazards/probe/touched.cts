// Changes that are put back before the load ends leave nothing to find at its end. So what belongs to another module is
// noted when something is about to be written to it, by an instrumented source or by a built-in, and compared when the
// writer's code ends or is left for another module's: only what was touched, so the cost is that of the writes.
import utilTypes = require('node:util/types');

import { isNativeObject } from './kept.cjs';
import * as ledger from './ledger.cjs';
import { chargeChange, entryOf, type Owned, boundary as watchedBoundary } from './ownership.cjs';
import * as safe from './saved.cjs';
import { current, quietly, record, stack } from './state.cjs';

const { isProxy } = utilTypes;
const { isView } = ArrayBuffer;

interface Before {
  readonly digest: number;
  readonly detail: ReadonlyMap<string | symbol, number>;
}

const touched = new safe.SafeMap<Owned, Before>();
/** What Node gives a module, by the module's file: `module`, `require` and what they hold. None of it is digested. */
const given = new safe.SafeWeakMap<object, string>();
/** What a built-in object keeps in others of its own: the listeners of an emitter, the list of a `URLSearchParams`. */
const INNER_DEPTH = 3;
const MOST_INNER = 100;

export function isGivenTo(file: string, ...objects: readonly object[]): void {
  for (let i = 0; i < objects.length; i++) given.set(objects[i] as object, file);
}

/** `other.require.x = 1`, where `other` exports its own `require`. */
function noteGiven(value: object): void {
  const file = given.get(value);
  if (file !== undefined && file !== current()?.file) record('foreign-write', 'its module object', file);
}

/** Something is about to be written to `value`. */
export function touch<T>(value: T): T {
  if (stack.length === 0 || !ledger.isObject(value)) return value;
  noteGiven(value);
  const entry = entryOf(value);
  if (entry !== undefined && isForeign(entry)) note(entry);
  if (isView(value)) touch(ledger.bufferOf(value));
  else if (isProxy(value)) touchBehind(value);
  return value;
}

/** A proxy's target, and its handler. */
function touchBehind(proxy: object): void {
  const behind = ledger.hiddenIn(proxy);
  for (let i = 0; i < behind.length; i++) touch(behind[i]);
}

/** A built-in named `key`, which may write to `value` and to what that keeps, is about to be called. */
export function touchWhole(value: unknown, key: string): void {
  if (stack.length === 0 || !ledger.isObject(value)) return;
  const entry = entryOf(value);
  if (entry?.module === undefined || !isForeign(entry)) return;
  if (quietly(() => noteInner(entry))) wroteState(value, [], key);
}

function isForeign(entry: Owned): boolean {
  return entry.module !== stack[stack.length - 1] && current() !== undefined;
}

function note(entry: Owned): void {
  if (entry.isWatched || touched.has(entry)) return;
  quietly(() => {
    const digest = ledger.digestOnly(entry.object);
    touched.set(entry, { digest, detail: ledger.detail(entry.object) });
  });
}

/** Returns whether something in it keeps what native code alone knows. */
function noteInner(root: Owned): boolean {
  let layer = [root];
  let isNative = false;
  for (let depth = 0, count = 0; depth < INNER_DEPTH && layer.length > 0; depth++) {
    const inner: Owned[] = [];
    for (let i = 0; i < layer.length && count < MOST_INNER; i++, count++) {
      const entry = layer[i] as Owned;
      note(entry);
      isNative ||= isNativeObject(entry.object);
      ledger.digest(entry.object, (_key, value) => {
        if (!ledger.isObject(value) || typeof value === 'function') return;
        const found = entryOf(value);
        if (found !== undefined && found.module === root.module) inner[inner.length] = found;
      });
    }
    layer = inner;
  }
  return isNative;
}

/** A call changes, where no property shows it, what another module has made and finished. */
export function wroteState(instance: unknown, _args: unknown, name: string): void {
  const entry = ledger.isObject(instance) ? entryOf(instance) : undefined;
  if (entry?.module !== undefined && isForeign(entry)) record('foreign-write', name, entry.module.file);
}

/** The code of one module ends or is left for another one's. */
export function boundary(): void {
  watchedBoundary();
  if (touched.size === 0) return;
  const writer = stack[stack.length - 1];
  quietly(() => {
    touched.forEach((before, entry) => {
      compare(entry, before, writer);
    });
  });
  touched.clear();
}

function compare(entry: Owned, before: Before, writer: (typeof stack)[number] | undefined): void {
  const digest = ledger.digestOnly(entry.object);
  if (digest === before.digest) return;
  if (writer !== undefined) chargeChange(writer, entry, ledger.changedKeys(before.detail, ledger.detail(entry.object)));
  // Where it had changed before, unseen, it stays a suspect: the second run finds out who did that.
  if (entry.digest === before.digest) entry.digest = digest;
}
