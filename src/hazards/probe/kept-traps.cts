// State that no property shows: how far an iterator is, the private fields of Node's own classes. When a module first
// keeps an object of a class, that class is trapped: until then there is none that another module could have changed.
import utilTypes = require('node:util/types');

import { Inspector } from '../../../snapshot-entry/builder/inspector.cjs';
import { privateReaders } from './ledger.cjs';
import { claimRealm, entryOf, onOwned, refresh } from './ownership.cjs';
import * as safe from './saved.cjs';
import { touchWhole, wroteState } from './touched.cjs';
import { cellOf } from './value-cells.cjs';
import { trap } from './writer-traps.cjs';

const LANGUAGE =
  /^(?:Object|Function|String|Number|Boolean|Symbol|BigInt|Promise|Map|Set|Weak\w+|RegExp|Date|DataView|Iterator|FinalizationRegistry|\w*Error|\w*Array|\w*ArrayBuffer)$/;
/** Whose functions are known one by one: writer-traps.cts, weak-traps.cts. */
const language = new safe.SafeSet<object>();
const trapped = new safe.SafeSet<object>();
/** Of classes that have shown no private field: how many of their instances were looked at. */
const looked = new safe.SafeMap<object, number>();
/** A field may be there in some of them only. */
const MOST_LOOKS = 5;
const STEPS = ['next', 'return', 'throw'];

interface Remote {
  readonly type: string;
  readonly objectId?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
}

interface Answer {
  readonly privateProperties?: readonly { readonly value?: Remote }[];
}

let inspector: Inspector;

function privatesOf(instance: object): unknown[] {
  const objectId = inspector.idOf(instance);
  const { privateProperties = [] } = inspector.ask<Answer>('Runtime.getProperties', { objectId, ownProperties: true });
  const values: unknown[] = [];
  for (let i = 0; i < privateProperties.length; i++) {
    const value = privateProperties[i]?.value;
    // Methods are the same for all.
    if (value === undefined || value.type === 'function') continue;
    const isObject = value.objectId !== undefined;
    values[values.length] = isObject
      ? inspector.take(value.objectId, 'one => one')
      : (value.unserializableValue ?? value.value);
  }
  return values;
}

function lookForPrivates(instance: object, holder: object): void {
  const looks = looked.get(holder) ?? 0;
  // A buffer has none, and the inspector would list all its bytes.
  if (looks >= MOST_LOOKS || utilTypes.isTypedArray(instance)) return;
  looked.set(holder, looks + 1);
  if (privatesOf(instance).length === 0) return;
  looked.set(holder, MOST_LOOKS);
  privateReaders.set(holder, [privatesOf]);
}

/** What an instance keeps of its own answers (`url.searchParams`) is no change: it is asked for all of them before. */
function fillCaches(instance: object, holder: object): void {
  const keys = safe.ownKeys(holder);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    const cell = cellOf(holder, key);
    const { get, value }: PropertyDescriptor = cell ?? safe.getOwnPropertyDescriptor(holder, key) ?? {};
    const ask: unknown = get ?? (key === 'toString' ? value : undefined);
    if (typeof ask === 'function') answerOf(ask, instance);
  }
}

function answerOf(ask: safe.Callable, instance: object): unknown {
  try {
    return safe.apply(ask, instance, []);
  } catch (error) {
    // Some answer only in a state that this one is not in.
    return error;
  }
}

/** A class of Node's own: whatever is called on one may change it. */
function trapClass(holder: object): void {
  const keys = safe.ownKeys(holder);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    if (key === 'constructor') continue;
    const calling = trap(holder, key, (self, args) => {
      touchWhole(self, key);
      for (let a = 0; a < args.length; a++) touchWhole(args[a], key);
    });
    if (calling !== undefined) claimRealm(safe.toText(key), calling);
    trapSetter(holder, key);
  }
}

function trapSetter(holder: object, key: string): void {
  const descriptor = safe.getOwnPropertyDescriptor(holder, key);
  if (descriptor?.set === undefined || !descriptor.configurable) return;
  const set = new safe.RealProxy(descriptor.set, {
    apply(target, self, args) {
      touchWhole(self, key);
      return safe.apply(target, self, args);
    },
  });
  safe.defineProperty(holder, key, { ...descriptor, set });
}

function isIterator(holder: object): boolean {
  return typeof safe.getOwnPropertyDescriptor(holder, 'next')?.value === 'function';
}

/** Not `process`, from which an object may inherit, too. */
function isOfClass(holder: object): boolean {
  if (isIterator(holder)) return true;
  const type: unknown = safe.getOwnPropertyDescriptor(holder, 'constructor')?.value;
  return typeof type === 'function' && safe.getOwnPropertyDescriptor(type, 'prototype')?.value === holder;
}

function trapKept(instance: object): void {
  if (typeof instance === 'function' || utilTypes.isProxy(instance)) return;
  let holder = safe.getPrototypeOf(instance);
  for (let depth = 0; holder !== null && depth < 8 && !language.has(holder) && !utilTypes.isProxy(holder); depth++) {
    const entry = entryOf(holder);
    if (entry !== undefined && entry.module === undefined && isOfClass(holder)) {
      lookForPrivates(instance, holder);
      if (privateReaders.has(holder)) fillCaches(instance, holder);
      if (!trapped.has(holder)) {
        trapped.add(holder);
        if (isIterator(holder)) for (const key of STEPS) trap(holder, key, wroteState);
        else trapClass(holder);
        refresh(holder);
      }
    }
    holder = safe.getPrototypeOf(holder);
  }
}

/** Reached by no property of the language's. */
function iteratorPrototypes(): (readonly [string, object])[] {
  const generator = Object.getPrototypeOf(function* () {}).prototype as object;
  const asyncGenerator = Object.getPrototypeOf(async function* () {}).prototype as object;
  const made: Record<string, unknown> = {
    array: [].values(),
    string: ''[Symbol.iterator](),
    match: ''.matchAll(/x/g),
    map: new Map().values(),
    set: new Set().values(),
    parameters: new URLSearchParams().values(),
  };
  const iterator = safe.get(globalThis, 'Iterator') as
    | { from?: (from: object) => { map: (by: unknown) => object } }
    | undefined;
  if (typeof iterator?.from === 'function') {
    made.wrapped = iterator.from({ next: () => ({ done: true }) });
    made.helper = iterator.from([].values()).map((one: unknown) => one);
  }
  const prototypes = Object.entries(made).map(
    ([name, one]) => [name, safe.getPrototypeOf(one as object) as object] as const,
  );
  return [...prototypes, ['generator', generator], ['async generator', asyncGenerator]];
}

export function trapKeptObjects(): void {
  inspector = new Inspector();
  for (const [name, prototype] of iteratorPrototypes()) claimRealm(`an iterator (${name})`, prototype);
  for (const key of safe.ownKeys(globalThis)) {
    if (typeof key !== 'string' || !safe.testPattern(LANGUAGE, key)) continue;
    const type = safe.getOwnPropertyDescriptor(globalThis, key)?.value as object | undefined;
    const prototype = type && safe.getOwnPropertyDescriptor(type, 'prototype')?.value;
    if (prototype) language.add(prototype as object);
  }
  language.add(safe.getPrototypeOf(Uint8Array.prototype) as object);
  language.add(safe.getPrototypeOf(safe.getPrototypeOf([].values()) as object) as object);
  onOwned(trapKept);
}
