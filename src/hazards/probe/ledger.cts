// Identities and digests of objects: how the probe finds out that somebody changed what another module owns.
// A digest folds an object's own keys, attributes, values (by identity), prototype and collection contents; no getter
// and no user code runs. Equal digests mean unchanged, up to a 32-bit collision.
import utilTypes = require('node:util/types');

import * as safe from './saved.cjs';

const { isArrayBuffer, isDataView, isProxy, isMap, isSet, isNativeError, isDate, isSharedArrayBuffer, isTypedArray } =
  utilTypes;
const ids = new safe.SafeMap<unknown, number>();
const PLAIN_ELEMENTS = 64;
const Bytes = Uint8Array;
/** V8 runs a builder's code without optimising it: a byte takes 0.1 µs. From this size on they are compared by native code. */
const MANY_BYTES = 1024;
/** Of objects with so many: what they held last, and how often that has changed. */
const copies = new safe.SafeWeakMap<object, { readonly bytes: Uint8Array; readonly version: number }>();
const typedArrays = safe.getPrototypeOf(Uint8Array.prototype) as object;
export const bufferOfArray = getterOf(typedArrays, 'buffer');
const offsetOfArray = getterOf(typedArrays, 'byteOffset');
const sizeOfArray = getterOf(typedArrays, 'byteLength');
const sizeOfBuffer = getterOf(ArrayBuffer.prototype, 'byteLength');
export const bufferOfView = getterOf(DataView.prototype, 'buffer');
let sizeOfShared: safe.Callable;

/** A builder is given the class late. */
export function setUpShared(): void {
  sizeOfShared = getterOf(SharedArrayBuffer.prototype, 'byteLength');
}

function getterOf(holder: object, name: string): safe.Callable {
  return safe.getOwnPropertyDescriptor(holder, name)?.get as safe.Callable;
}

/** Objects that are neither walked nor digested: loader state, the probe's own. */
export const opaque = new safe.SafeSet<unknown>();

/** Functions that read the private fields of instances, by the prototype (or class) that declares them. */
export const privateReaders = new safe.SafeMap<object, ((instance: object) => unknown)[]>();

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function idOf(value: unknown): number {
  let id = ids.get(value);
  if (id === undefined) {
    id = ids.size + 1;
    ids.set(value, id);
  }
  return id;
}

function fold(hash: number, part: number): number {
  const mixed = Math.imul(hash ^ part, 0x9e3779b1);
  return (mixed << 13) | (mixed >>> 19);
}

type Visit = (key: string | symbol, value: unknown) => void;

/** What an object holds where no property shows it: a bound function's `this` and arguments, a proxy's target, WeakMap values. */
const hidden = new safe.SafeWeakMap<object, unknown[]>();

export function hides(object: object, values: readonly unknown[]): void {
  const known = hidden.get(object) ?? [];
  if (known.length === 0) hidden.set(object, known);
  for (let i = 0; i < values.length; i++) if (isObject(values[i])) known[known.length] = values[i];
}

export function hiddenIn(object: object): readonly unknown[] {
  return hidden.get(object) ?? [];
}

function visitHidden(object: object, visit: Visit): void {
  const values = hidden.get(object);
  for (let i = 0; values !== undefined && i < values.length; i++) visit('(hidden)', values[i]);
}

/** The digest of one object; `visit` sees each referent. */
export function digest(object: object, visit: Visit): number {
  if (opaque.has(object)) return 0;
  visitHidden(object, visit);
  if (isProxy(object)) return 0;
  const prototype = safe.getPrototypeOf(object);
  let hash = fold(Object_isExtensible(object) ? 1 : 2, idOf(prototype));
  visit('__proto__', prototype);
  hash = foldProperties(object, hash, visit);
  if (isMap(object)) {
    safe.mapForEach(object, (value: unknown, key: unknown) => {
      hash = fold(fold(hash, idOf(key)), idOf(value));
      visit('(key)', key);
      visit('(value)', value);
    });
  } else if (isSet(object)) {
    safe.setForEach(object, (value: unknown) => {
      hash = fold(hash, idOf(value));
      visit('(item)', value);
    });
  } else if (isDate(object)) {
    hash = fold(hash, idOf(safe.dateValue(object)));
  } else if (isArrayBuffer(object)) {
    hash = foldBytes(object, object, 0, safe.apply(sizeOfBuffer, object, []), hash);
  } else if (isSharedArrayBuffer(object)) {
    hash = foldBytes(object, object, 0, safe.apply(sizeOfShared, object, []), hash);
  } else if (isDataView(object)) {
    visit('buffer', safe.apply(bufferOfView, object, []));
  }
  return foldPrivates(object, hash, visit);
}

const Object_isExtensible = Object.isExtensible;

function foldProperties(object: object, start: number, visit: Visit): number {
  let hash = start;
  if (isTypedArray(object)) return foldArray(object, hash);
  const keys = safe.ownKeys(object);
  if (safe.isArray(object) && object.length > PLAIN_ELEMENTS && keys.length === object.length + 1) {
    const items: readonly unknown[] = object;
    for (let i = 0; i < items.length; i++) {
      hash = fold(hash, idOf(items[i]));
      if (isObject(items[i])) visit(`${i}`, items[i]);
    }
    return hash;
  }
  const callable = typeof object === 'function';
  const error = isNativeError(object);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (key === undefined || (callable && (key === 'arguments' || key === 'caller')) || (error && key === 'stack'))
      continue;
    hash = foldProperty(object, key, hash, visit);
  }
  return hash;
}

function foldProperty(object: object, key: string | symbol, start: number, visit: Visit): number {
  const descriptor = safe.getOwnPropertyDescriptor(object, key);
  if (!descriptor) return start;
  const flags = (descriptor.enumerable ? 1 : 0) + (descriptor.configurable ? 2 : 0) + (descriptor.writable ? 4 : 0);
  let hash = fold(fold(start, idOf(key)), flags);
  if (descriptor.get || descriptor.set) {
    hash = fold(fold(hash, idOf(descriptor.get)), idOf(descriptor.set));
    visit(key, descriptor.get);
    visit(key, descriptor.set);
  } else {
    hash = fold(hash, idOf(descriptor.value));
    if (isObject(descriptor.value)) visit(key, descriptor.value);
  }
  return hash;
}

function foldArray(array: NodeJS.TypedArray, start: number): number {
  const size: number = safe.apply(sizeOfArray, array, []);
  const buffer: ArrayBuffer = safe.apply(bufferOfArray, array, []);
  // Views of a whole buffer share one copy of it.
  const holder = isArrayBuffer(buffer) && safe.apply(sizeOfBuffer, buffer, []) === size ? buffer : array;
  return foldBytes(holder, buffer, safe.apply(offsetOfArray, array, []), size, start);
}

/** What a view shows a part of. */
export function bufferOf(view: object): object {
  return safe.apply(isDataView(view) ? bufferOfView : bufferOfArray, view, []) as object;
}

/** Those of `buffer` that `holder` shows. */
function foldBytes(
  holder: object,
  buffer: ArrayBuffer | SharedArrayBuffer,
  offset: number,
  size: number,
  start: number,
): number {
  let hash = fold(start, size);
  // Of a detached buffer no view can be made.
  if (size === 0) return hash;
  const bytes = new Bytes(buffer, offset, size);
  if (size >= MANY_BYTES) return fold(hash, versionOf(holder, bytes));
  for (let i = 0; i < size; i++) hash = fold(hash, bytes[i] ?? 0);
  return hash;
}

function versionOf(holder: object, bytes: Uint8Array): number {
  const last = copies.get(holder);
  if (last !== undefined && safe.compareBytes(last.bytes, bytes) === 0) return last.version;
  const version = (last?.version ?? 0) + 1;
  copies.set(holder, { bytes: new Bytes(bytes), version });
  return version;
}

function foldPrivates(object: object, start: number, visit: Visit): number {
  if (privateReaders.size === 0) return start;
  let hash = start;
  let holder: object | null = object;
  for (let depth = 0; holder !== null && depth < 8 && !isProxy(holder); depth++) {
    const readers = privateReaders.get(holder) ?? [];
    for (let i = 0; i < readers.length; i++) {
      const values: unknown = readers[i]?.(object);
      if (!safe.isArray(values)) continue;
      for (let j = 0; j < values.length; j++) {
        hash = fold(hash, idOf(values[j]));
        visit('#private', values[j]);
      }
    }
    holder = safe.getPrototypeOf(holder);
  }
  return hash;
}

const noVisit: Visit = () => undefined;

export function digestOnly(object: object): number {
  return digest(object, noVisit);
}

/** What each own property looks like, to name the one that changed. */
export function detail(object: object): Map<string | symbol, number> {
  const parts = new safe.SafeMap<string | symbol, number>();
  // One name for all its elements: a buffer may have as many as there are bytes.
  if (isTypedArray(object)) {
    parts.set('(bytes)', foldArray(object, 1));
    return parts;
  }
  const keys = safe.ownKeys(object);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (key !== undefined && key !== 'stack') parts.set(key, foldProperty(object, key, 1, noVisit));
  }
  return parts;
}

/** Names of the own properties in which two details differ. */
export function changedKeys(
  before: ReadonlyMap<string | symbol, number>,
  after: ReadonlyMap<string | symbol, number>,
): string[] {
  const names: string[] = [];
  const add = (key: string | symbol) => {
    names[names.length] = safe.toText(key);
  };
  after.forEach((part, key) => {
    if (before.get(key) !== part) add(key);
  });
  before.forEach((_part, key) => {
    if (!after.has(key)) add(key);
  });
  return names;
}
