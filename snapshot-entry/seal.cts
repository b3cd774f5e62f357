// A seal remembers the values that some properties had, and tells whether they still have them. Three things are
// sealed: Node's loader (hooked or not?), what baked modules read at load from built-ins and globals, and the exports of
// baked modules. Reading a sealed property must run no code of the user's, so only data properties are sealed.

import utilTypes = require('node:util/types');

import { compileComparison } from './compile.cjs';

const { defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
const { isMap, isSet, isTypedArray } = utilTypes;

const { apply } = Reflect;
const { toString: toText } = Function.prototype;
const sizeOfMap = getOwnPropertyDescriptor(Map.prototype, 'size')?.get as () => number;
const sizeOfSet = getOwnPropertyDescriptor(Set.prototype, 'size')?.get as () => number;

function sizeOf(holder: object): number {
  return apply(isMap(holder) ? sizeOfMap : sizeOfSet, holder, []);
}

type Holder = Record<PropertyKey, unknown>;

/** In the place of a key: not a property is sealed, but how many own keys an object has, or entries a Map or Set. */
const KEY_COUNT = Symbol('key count');
const SIZE = Symbol('size');

/** Parallel arrays, and one seal for many modules' exports: thousands of small arrays would be a megabyte of heap. */
export class Seal {
  readonly #holders: Holder[] = [];
  readonly #keys: PropertyKey[] = [];
  readonly #values: unknown[] = [];
  readonly #recounted: number[] = [];

  #push(holder: object, key: PropertyKey, value: unknown): number {
    this.#holders.push(holder as Holder);
    this.#keys.push(key);
    return this.#values.push(value) - 1;
  }

  /** Returns the position of what was added. Accessors are entered as always holding. */
  add(holder: object, key: PropertyKey): number {
    const descriptor = getOwnPropertyDescriptor(holder, key);
    const isAccessor = descriptor !== undefined && !('value' in descriptor);
    const at = isAccessor ? { [key]: undefined } : (holder as Holder);
    return this.#push(at, key, at[key]);
  }

  /** Seals a property whose getter is Node's own and may run. */
  addReadable(holder: object, key: PropertyKey): number {
    return this.#push(holder, key, (holder as Holder)[key]);
  }

  /** Every own data property that can change. */
  addAll(holder: object): void {
    for (const key of ownKeys(holder)) {
      const { writable, configurable } = getOwnPropertyDescriptor(holder, key) ?? {};
      if (writable === true || (writable === false && configurable === true)) this.add(holder, key);
    }
  }

  /** That an object has no more and no fewer own keys: where `owner` is built in, than when the run begins. */
  addKeyCount(holder: object, owner = holder): void {
    const at = this.#push(holder, KEY_COUNT, ownKeys(holder).length);
    if (isBuiltinClass(owner)) this.#recounted.push(at);
  }

  /** Before any code of the program's runs: built-ins have keys now that they lack in a builder (`Error.isError`). */
  recount(): void {
    for (const at of this.#recounted) this.#values[at] = ownKeys(this.#holders[at] as Holder).length;
  }

  /** That a Map or Set has as many entries. */
  addSize(holder: Map<unknown, unknown> | Set<unknown>): void {
    this.#push(holder, SIZE, sizeOf(holder));
  }

  /** How much is sealed, at positions from 0. */
  get length(): number {
    return this.#keys.length;
  }

  holdsAt(position: number): boolean {
    const holder = this.#holders[position] as Holder;
    const key = this.#keys[position] as PropertyKey;
    const value = this.#values[position];
    if (key === KEY_COUNT) return ownKeys(holder).length === value;
    if (key === SIZE) return sizeOf(holder) === value;
    return Object.is(holder[key], value);
  }

  holds(): boolean {
    return this.holdsBetween(0, this.#keys.length);
  }

  /** `to` is not looked at. */
  holdsBetween(from: number, to: number): boolean {
    // Flat, and without a call for each: this is most of what a baked module's activation costs.
    const holders = this.#holders;
    const keys = this.#keys;
    const values = this.#values;
    for (let i = from; i < to; i++) {
      const key = keys[i] as PropertyKey;
      if (key !== KEY_COUNT && key !== SIZE && (holders[i] as Holder)[key] === values[i]) continue;
      if (!this.holdsAt(i)) return false;
    }
    return true;
  }

  /** Puts the sealed value back, without running code of anybody's. Returns what undoes that; null where it is there. */
  putBack(position: number): (() => void) | null {
    const [holder, key, value] = [this.#holders[position], this.#keys[position], this.#values[position]];
    if (holder === undefined || key === undefined || key === KEY_COUNT || key === SIZE) return null;
    const now = getOwnPropertyDescriptor(holder, key);
    const isThere = now === undefined ? value === undefined : 'value' in now && Object.is(now.value, value);
    if (isThere) return null;
    const { enumerable = true } = now ?? {};
    if (value === undefined) deleteProperty(holder, key);
    else defineProperty(holder, key, { value, writable: true, enumerable, configurable: true });
    return () => {
      if (now === undefined) deleteProperty(holder, key);
      else defineProperty(holder, key, now);
    };
  }

  /** The comparison of its properties as code that has every name in it, an order of magnitude faster where it runs often. */
  compiled(): () => boolean {
    const compared = this.#keys.map((key, i) => ({ holder: this.#holders[i], key, value: this.#values[i] }));
    return compileComparison(compared);
  }
}

/** How often it pays to look names up: V8 learns where a compiled comparison finds each one while it runs once or twice. */
const SLOW_ROUNDS = 8;

/** A seal of properties that is whole, and compared so often that its comparison is code of its own. */
export class FixedSeal {
  readonly #seal: Seal;
  readonly #isAsSealed: () => boolean;
  readonly #also: () => boolean;
  #rounds = 0;

  /** `also`: what has to hold beside it. */
  constructor(seal: Seal, also: () => boolean = () => true) {
    this.#seal = seal;
    this.#also = also;
    this.#isAsSealed = seal.compiled();
    // A function that has run is in the heap as code; the text of one that has not would be compiled at a launch.
    this.#isAsSealed();
  }

  holds(): boolean {
    const isFast = this.#rounds++ >= SLOW_ROUNDS && this.#isAsSealed();
    return (isFast || this.#seal.holds()) && this.#also();
  }

  get length(): number {
    return this.#seal.length;
  }

  putBack(position: number): (() => void) | null {
    return this.#seal.putBack(position);
  }
}

/** As deep as exports are sealed, and as many properties. */
const MOST_DEPTH = 4;
const MOST_PROPERTIES = 400;
/** Longer ones, with nothing in them that could be called, are data that nobody patches piecemeal. */
const LONGEST_LIST = 32;

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}

/** Positions in a seal: from the first one to before the second. */
export type SealRange = readonly [from: number, to: number];

/**
 * Seals the own data properties of a module's exports, of plain objects and arrays in them and of their functions'
 * prototypes, with how many there are, and the sizes of Maps and Sets. The global object and `process` are sealed by what was
 * read of them: even to look at some of their properties (`WebSocket`) loads what no snapshot can hold.
 */
export function sealExports(seal: Seal, exports: unknown): SealRange {
  const from = seal.length;
  if (!isObject(exports) || exports === globalThis || exports === process) return [from, from];
  const most = from + MOST_PROPERTIES;
  const seen = new Set<object>([exports]);
  let layer: object[] = [exports];
  for (let depth = 0; depth < MOST_DEPTH && layer.length > 0; depth++) {
    const inner: object[] = [];
    for (const holder of layer) inner.push(...sealHolder(seal, holder, most, depth === 0));
    layer = inner.filter((value) => !seen.has(value) && seen.add(value));
  }
  return [from, seal.length];
}

/** Returns what is to be sealed in it. `most`: the length that the seal may have for it. */
function sealHolder(seal: Seal, holder: object, most: number, isRoot: boolean): object[] {
  if (isMap(holder) || isSet(holder)) seal.addSize(holder);
  if (isTypedArray(holder) && holder.length > MOST_PROPERTIES) {
    // As many as of any object, without asking for its keys: millions of them take more memory than there is.
    for (let i = 0; seal.length < most; i++) seal.add(holder, i);
    return [];
  }
  const isClass = typeof holder === 'function' && sealPrototype(seal, holder, most);
  const isCounted = typeof holder !== 'function' || isRoot || isClass || hasMembers(holder);
  // An array's length is sealed with its elements.
  if (isCounted && !Array.isArray(holder) && ownKeys(holder).length <= MOST_PROPERTIES) seal.addKeyCount(holder);
  if (isTable(holder)) {
    if (Array.isArray(holder)) seal.add(holder, 'length');
    return [];
  }
  return sealData(seal, holder, most).filter(
    (value) => isPlain(value) || typeof value === 'function' || isMap(value) || isSet(value),
  );
}

/** `Error`, exported as it is. Only what is native is looked for by its name: to look at `Headers` spoils a heap. */
function isBuiltinClass(holder: object): boolean {
  if (typeof holder !== 'function' || !apply(toText, holder, []).endsWith('{ [native code] }')) return false;
  return getOwnPropertyDescriptor(globalThis, holder.name)?.value === holder;
}

function isTable(holder: object): boolean {
  if (typeof holder === 'function' || !isPlain(holder)) return false;
  const values = dataOf(holder);
  const length = Array.isArray(holder) ? holder.length : values.length;
  return length > LONGEST_LIST && values.every((value) => !isObject(value) || isRecord(value));
}

/** `{ name: 'x', ids: [1, 2] }` */
function isRecord(value: object): boolean {
  return (
    isPlain(value) &&
    dataOf(value).every((inner) => !isObject(inner) || (isPlain(inner) && !dataOf(inner).some(isObject)))
  );
}

function dataOf(holder: object): unknown[] {
  return Object.values(Object.getOwnPropertyDescriptors(holder)).map(({ value, get }) => get ?? value);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

const OF_ANY_FUNCTION: readonly PropertyKey[] = ['length', 'name', 'prototype', 'arguments', 'caller'];

/**
 * Of a function's own. Those without any, which are most exports, are not counted: to count takes a microsecond, of
 * thousands of functions and hundreds of times, and who would look for a member where there has been none?
 */
function hasMembers(holder: object): boolean {
  return ownKeys(holder).some((key) => !OF_ANY_FUNCTION.includes(key));
}

/** The methods of a class; a prototype with nothing but its constructor says nothing. Tells whether there is one. */
function sealPrototype(seal: Seal, holder: object, most: number): boolean {
  const prototype: unknown = getOwnPropertyDescriptor(holder, 'prototype')?.value;
  if (typeof prototype !== 'object' || prototype === null || ownKeys(prototype).length < 2) return false;
  if (seal.length < most) seal.addAll(prototype);
  seal.addKeyCount(prototype, holder);
  return true;
}

/** Seals the data properties of one object, an array's length among them; returns the objects in them. */
function sealData(seal: Seal, holder: object, most: number): object[] {
  const found: object[] = [];
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
    if (seal.length >= most) break;
    if (!('value' in descriptor) || (!descriptor.enumerable && key !== 'length')) continue;
    seal.add(holder, key);
    const value: unknown = descriptor.value;
    if (isObject(value)) found.push(value);
  }
  return found;
}

/** What language features reach without naming it (`[].slice`, `/x/.exec`, `const { parse } = JSON`). */
const REALM: readonly object[] = [
  ...[
    Object,
    Function,
    Array,
    String,
    Number,
    Boolean,
    Symbol,
    RegExp,
    Date,
    Promise,
    Map,
    Set,
    WeakMap,
    WeakSet,
    Error,
  ],
  ...[JSON, Math, Reflect],
];

/** `for in` sees what is added to `Array.prototype` and `Object.prototype`. Looking is as good as free where nothing is. */
function inheritsNothing(): boolean {
  for (const _key in EMPTY) return false;
  return true;
}

const EMPTY: readonly unknown[] = [];

/** The own data properties of the language's built-ins and of their prototypes: a few hundred. */
export function sealRealm(): FixedSeal {
  const seal = new Seal();
  for (const holder of REALM) {
    seal.addAll(holder);
    const { prototype } = holder as { prototype?: unknown };
    if (typeof prototype === 'object' && prototype !== null) seal.addAll(prototype);
  }
  const typedArray = Object.getPrototypeOf(Uint8Array) as { prototype: object };
  const others = [Buffer, Buffer.prototype, typedArray.prototype, Uint8Array.prototype];
  for (const holder of others) seal.addAll(holder);
  for (const key of ['platform', 'arch', 'version']) seal.add(process, key);
  // Accessors of Node's own.
  for (const name of ['Buffer', 'process']) seal.addReadable(globalThis, name);
  return new FixedSeal(seal, inheritsNothing);
}
