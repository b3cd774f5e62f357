// A seal remembers the values that some properties had, and tells whether they still have them. Three things are
// sealed: Node's loader (hooked or not?), what baked modules read at load from built-ins and globals, and the exports of
// baked modules. Reading a sealed property must run no code of the user's, so only data properties are sealed.

import EventEmitter = require('node:events');

import utilTypes = require('node:util/types');

const { defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
const { isMap, isSet } = utilTypes;

const { apply } = Reflect;
const sizeOfMap = Object.getOwnPropertyDescriptor(Map.prototype, 'size')?.get as () => number;
const sizeOfSet = Object.getOwnPropertyDescriptor(Set.prototype, 'size')?.get as () => number;

function sizeOf(holder: Map<unknown, unknown> | Set<unknown>): number {
  return apply(isMap(holder) ? sizeOfMap : sizeOfSet, holder, []);
}

type Holder = Record<PropertyKey, unknown>;

export class Seal {
  readonly #holders: Holder[] = [];
  readonly #keys: PropertyKey[] = [];
  readonly #values: unknown[] = [];
  readonly #counted: object[] = [];
  readonly #counts: number[] = [];
  readonly #sized: (Map<unknown, unknown> | Set<unknown>)[] = [];
  readonly #sizes: number[] = [];

  /** Returns the position of what was added. Accessors are entered as always holding. */
  add(holder: object, key: PropertyKey): number {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    const isAccessor = descriptor !== undefined && !('value' in descriptor);
    const at = isAccessor ? { [key]: undefined } : (holder as Holder);
    this.#holders.push(at);
    this.#keys.push(key);
    return this.#values.push(at[key]) - 1;
  }

  /** Seals a property whose getter is Node's own and may run. */
  addReadable(holder: object, key: PropertyKey): number {
    this.#holders.push(holder as Holder);
    this.#keys.push(key);
    return this.#values.push((holder as Holder)[key]) - 1;
  }

  /** Every own data property. */
  addAll(holder: object): void {
    for (const key of Reflect.ownKeys(holder)) {
      if ('value' in (Object.getOwnPropertyDescriptor(holder, key) ?? {})) this.add(holder, key);
    }
  }

  get size(): number {
    return this.#keys.length + this.#counted.length + this.#sized.length;
  }

  holdsAt(position: number): boolean {
    const holder = this.#holders[position] as Holder;
    return Object.is(holder[this.#keys[position] as PropertyKey], this.#values[position]);
  }

  /** Puts the sealed value back, without running code of anybody's. Returns what undoes that; null where it is there. */
  putBack(position: number): (() => void) | null {
    const [holder, key, value] = [this.#holders[position], this.#keys[position], this.#values[position]];
    if (holder === undefined || key === undefined) return null;
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

  /** How many values are sealed, at positions from 0. */
  get length(): number {
    return this.#keys.length;
  }

  /** That an object has no more and no fewer own keys: `for in` sees what is added to a prototype. */
  addKeyCount(holder: object): void {
    this.#counted.push(holder);
    this.#counts.push(Reflect.ownKeys(holder).length);
  }

  /** That a Map or Set has as many entries. */
  addSize(holder: Map<unknown, unknown> | Set<unknown>): void {
    this.#sized.push(holder);
    this.#sizes.push(sizeOf(holder));
  }

  /** At the start of a run: Node adds some members of built-ins only after a restore. */
  recount(): void {
    for (let i = 0; i < this.#counted.length; i++) this.#counts[i] = ownKeys(this.#counted[i] as object).length;
  }

  holds(): boolean {
    for (let i = 0; i < this.#counted.length; i++) {
      if (ownKeys(this.#counted[i] as object).length !== this.#counts[i]) return false;
    }
    for (let i = 0; i < this.#sized.length; i++) {
      if (sizeOf(this.#sized[i] as Map<unknown, unknown>) !== this.#sizes[i]) return false;
    }
    // Flat, and without a call for each: this is most of what a baked module's activation costs.
    const holders = this.#holders;
    const keys = this.#keys;
    const values = this.#values;
    for (let i = 0; i < keys.length; i++) {
      const value = (holders[i] as Holder)[keys[i] as PropertyKey];
      if (value !== values[i] && !this.holdsAt(i)) return false;
    }
    return true;
  }
}

/** As deep as exports are sealed, and as many properties: beyond that a table is data that nobody patches piecemeal. */
const MOST_DEPTH = 4;
const MOST_PROPERTIES = 400;

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}

/**
 * The own data properties of a module's exports, of plain objects and arrays in them and of their functions' prototypes,
 * with how many there are, and the sizes of Maps and Sets; null where there is nothing to seal. The global object is
 * sealed by what was read of it: even to look at some of its properties (`WebSocket`) loads what no snapshot can hold.
 */
export function sealExports(exports: unknown): Seal | null {
  if (exports === null || exports === globalThis || (typeof exports !== 'object' && typeof exports !== 'function'))
    return null;
  const seal = new Seal();
  const seen = new Set<object>([exports]);
  let layer: object[] = [exports];
  for (let depth = 0; depth < MOST_DEPTH && layer.length > 0; depth++) {
    const inner: object[] = [];
    for (const holder of layer) inner.push(...sealHolder(seal, holder));
    layer = inner.filter((value) => !seen.has(value) && seen.add(value));
  }
  return seal.size === 0 ? null : seal;
}

/** Returns what is to be sealed in it. */
function sealHolder(seal: Seal, holder: object): object[] {
  if (isMap(holder) || isSet(holder)) seal.addSize(holder);
  if (typeof holder === 'function') sealPrototype(seal, holder);
  const keys = ownKeys(holder);
  // An array's length is sealed with its elements.
  if (!Array.isArray(holder) && keys.length <= MOST_PROPERTIES) seal.addKeyCount(holder);
  return sealData(seal, holder).filter(
    (value) => isPlain(value) || typeof value === 'function' || isMap(value) || isSet(value),
  );
}

/** The methods of a class; a prototype with nothing but its constructor says nothing. */
function sealPrototype(seal: Seal, holder: object): void {
  const prototype: unknown = Object.getOwnPropertyDescriptor(holder, 'prototype')?.value;
  if (typeof prototype !== 'object' || prototype === null || ownKeys(prototype).length < 2) return;
  if (seal.size < MOST_PROPERTIES) seal.addAll(prototype);
  seal.addKeyCount(prototype);
}

/** Seals the data properties of one object, an array's length among them; returns the objects in them. */
function sealData(seal: Seal, holder: object): object[] {
  const found: object[] = [];
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
    if (seal.size >= MOST_PROPERTIES) break;
    if (!('value' in descriptor) || (!descriptor.enumerable && key !== 'length')) continue;
    seal.add(holder, key);
    const value: unknown = descriptor.value;
    if ((typeof value === 'object' && value !== null) || typeof value === 'function') found.push(value);
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

/** The own data properties of the language's built-ins and of their prototypes: a few hundred. */
export function sealRealm(): Seal {
  const seal = new Seal();
  for (const holder of REALM) {
    seal.addAll(holder);
    const { prototype } = holder as { prototype?: unknown };
    if (typeof prototype === 'object' && prototype !== null) seal.addAll(prototype);
  }
  for (const holder of [Object.prototype, Array.prototype]) seal.addKeyCount(holder);
  const typedArray = Object.getPrototypeOf(Uint8Array) as { prototype: object };
  const others = [Buffer, Buffer.prototype, EventEmitter.prototype, typedArray.prototype, Uint8Array.prototype];
  for (const holder of others) seal.addAll(holder);
  for (const key of ['platform', 'arch', 'version']) seal.add(process, key);
  // Accessors of Node's own.
  for (const name of ['Buffer', 'process']) seal.addReadable(globalThis, name);
  return seal;
}
