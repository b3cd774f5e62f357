// A seal remembers the values that some properties had, and tells whether they still have them. Three things are
// sealed: Node's loader (hooked or not?), what baked modules read at load from built-ins and globals, and the exports of
// baked modules. Reading a sealed property must run no code of the user's: of an accessor, its functions are sealed.

import utilTypes = require('node:util/types');

import { intrinsics } from '../shared/intrinsics.cjs';
import { MEMBER_LIST, sharedKey } from '../shared/shared-names.cjs';
import { type Compared, compileComparison } from './compile.cjs';

const { defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, isExtensible, ownKeys } = Reflect;
const { getOwnPropertyNames, is } = Object;
const { isMap, isSet, isTypedArray } = utilTypes;

const { apply } = Reflect;
const { toString: toText } = Function.prototype;
const sizeOfMap = getOwnPropertyDescriptor(Map.prototype, 'size')?.get as () => number;
const sizeOfSet = getOwnPropertyDescriptor(Set.prototype, 'size')?.get as () => number;

function sizeOf(holder: object): number {
  return apply(isMap(holder) ? sizeOfMap : sizeOfSet, holder, []);
}

/** Without the protocol of iteration, which a program may have replaced. */
export function copyOf<T>(list: readonly T[]): T[] {
  const copy: T[] = [];
  for (let i = 0; i < list.length; i++) copy[i] = list[i] as T;
  return copy;
}

type Holder = Record<PropertyKey, unknown>;

/** In the place of a key: what is sealed is no property's value. */
interface Aspect {
  /** What is to be compared with what was sealed, which may say what to look at. */
  now(holder: Holder, sealed: unknown): unknown;
}

/** How many own keys an object has, how many of them are names, and how many entries a Map or Set has. */
const KEY_COUNT: Aspect = { now: (holder) => ownKeys(holder).length };
const NAME_COUNT: Aspect = { now: (holder) => getOwnPropertyNames(holder).length };
const SIZE: Aspect = { now: sizeOf };

/** That neither an object nor what it inherits from has a member. Its key is what is sealed. */
const ABSENCE: Aspect = { now: (holder, key) => !((key as PropertyKey) in holder) && key };

/** An own property that may be an accessor: its value, or its functions. */
interface Property extends PropertyDescriptor {
  readonly key: PropertyKey;
}

const PROPERTY: Aspect = {
  now(holder, sealed) {
    const { key, value, get, set } = sealed as Property;
    const found = getOwnPropertyDescriptor(holder, key);
    return is(found?.value, value) && found?.get === get && found?.set === set ? sealed : { ...found, key };
  },
};

/** That what is sealed together holds. */
const WHOLE: Aspect = { now: (_holder, seal) => (seal as Seal).holds() && seal };

/** What a function of Node's answers. */
interface Answer {
  readonly asked: unknown;
  readonly answer: unknown;
}

const ANSWER: Aspect = {
  now: (holder, sealed) =>
    apply(holder as never, undefined, [(sealed as Answer).asked]) === (sealed as Answer).answer && sealed,
};

/** What stands under a key where it is as sealed; null for what is no property. */
function propertyOf(at: PropertyKey | Aspect | undefined, sealed: unknown): Property | null {
  if (at === PROPERTY) return sealed as Property;
  if (at === ABSENCE) return { key: sealed as PropertyKey };
  return at === undefined || typeof at === 'object' ? null : { key: at, value: sealed, writable: true };
}

/** Parallel arrays, and one seal for many modules' exports: thousands of small arrays would be a megabyte of heap. */
export class Seal {
  readonly #holders: Holder[] = [];
  readonly #keys: (PropertyKey | Aspect)[] = [];
  readonly #values: unknown[] = [];
  readonly #retaken: number[] = [];

  #push(holder: object, key: PropertyKey | Aspect, value: unknown): number {
    this.#holders.push(holder as Holder);
    this.#keys.push(key);
    return this.#values.push(value) - 1;
  }

  /** Returns the position of what was added. A member that is inherited is sealed where it is, if it is an accessor. */
  add(holder: object, key: PropertyKey): number {
    let owner: object | null = holder;
    let found = getOwnPropertyDescriptor(owner, key);
    while (found === undefined) {
      owner = getPrototypeOf(owner);
      if (owner === null) return this.#push(holder, ABSENCE, key);
      found = getOwnPropertyDescriptor(owner, key);
    }
    if ('value' in found) return this.#push(holder, key, found.value);
    return this.#push(owner, PROPERTY, { ...found, key });
  }

  /** What a module read of what all share. Node makes some accessors anew when a process begins, and V8 adds features. */
  addRead(holder: object, member: string): number {
    const isList = member === MEMBER_LIST;
    const at = isList ? this.#push(holder, NAME_COUNT, 0) : this.add(holder, sharedKey(member));
    if (isList || this.#keys[at] === PROPERTY) this.#retaken.push(at);
    return at;
  }

  /** Seals a property whose getter is Node's own and may run. */
  addReadable(holder: object, key: PropertyKey): number {
    return this.#push(holder, key, (holder as Holder)[key]);
  }

  /** Another seal, at one position. */
  addWhole(seal: Seal): void {
    this.#push({}, WHOLE, seal);
  }

  addAnswer(ask: (asked: unknown) => unknown, asked: unknown): void {
    this.#push(ask, ANSWER, { asked, answer: ask(asked) });
  }

  /** Every own property, and how many there are. */
  addMembers(holder: object): void {
    this.addKeyCount(holder);
    for (const key of ownKeys(holder)) this.add(holder, key);
  }

  /** Every own data property that can change. */
  addAll(holder: object): void {
    for (const key of ownKeys(holder)) {
      const { writable, configurable } = getOwnPropertyDescriptor(holder, key) ?? {};
      if (writable === true || (writable === false && configurable === true)) this.add(holder, key);
    }
  }

  /** Every own accessor that can change. */
  addAccessors(holder: object): void {
    for (const key of ownKeys(holder)) {
      const { value, writable, configurable } = getOwnPropertyDescriptor(holder, key) ?? {};
      if (value === undefined && writable === undefined && configurable === true) this.add(holder, key);
    }
  }

  /** That an object has no more and no fewer own keys: where `owner` is built in, than when the run begins. */
  addKeyCount(holder: object, owner = holder): void {
    const at = this.#push(holder, KEY_COUNT, ownKeys(holder).length);
    if (isBuiltinClass(owner)) this.#retaken.push(at);
  }

  /** Before any code of the program's runs: built-ins have keys now that they lack in a builder (`Error.isError`). */
  retake(): void {
    for (const at of this.#retaken) {
      this.#values[at] = (this.#keys[at] as Aspect).now(this.#holders[at] as Holder, this.#values[at]);
    }
  }

  /** At the same time: what Node makes anew takes the place of what it was. */
  replace(from: object, to: object): void {
    for (let i = 0; i < this.#keys.length; i++) {
      if (this.#holders[i] === from) this.#holders[i] = to as Holder;
      if (this.#values[i] === from) this.#values[i] = to;
    }
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
    const key = this.#keys[position] as PropertyKey | Aspect;
    const value = this.#values[position];
    return typeof key === 'object' ? key.now(holder, value) === value : is(holder[key], value);
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
      const key = keys[i] as PropertyKey | Aspect;
      if (typeof key !== 'object' && (holders[i] as Holder)[key] === values[i]) continue;
      if (!this.holdsAt(i)) return false;
    }
    return true;
  }

  /** Puts the sealed value back, without running code of anybody's. Returns what undoes that; null where it is there. */
  putBack(position: number): (() => void) | null {
    const holder = this.#holders[position];
    const at = this.#keys[position];
    const sealed = this.#values[position];
    if (at === WHOLE) return (sealed as Seal).putBack(0);
    const property = propertyOf(at, sealed);
    if (holder === undefined || property === null) return null;
    const { key, ...was } = property;
    const now = getOwnPropertyDescriptor(holder, key);
    const isSame = is(now?.value, was.value) && now?.get === was.get && now?.set === was.set;
    if (at === ABSENCE ? now === undefined : isSame) return null;
    const { enumerable = true } = now ?? {};
    if (at === ABSENCE) deleteProperty(holder, key);
    else defineProperty(holder, key, { ...was, enumerable, configurable: true });
    return () => {
      if (now === undefined) deleteProperty(holder, key);
      else defineProperty(holder, key, now);
    };
  }

  /** The comparison of its properties as code that has every name in it, an order of magnitude faster where it runs often. */
  compiled(): () => boolean {
    const compared: Compared[] = [];
    const others: number[] = [];
    for (const [i, key] of this.#keys.entries()) {
      if (typeof key === 'object') others.push(i);
      else compared.push({ holder: this.#holders[i], key, value: this.#values[i] });
    }
    const areSame = compileComparison(compared);
    return () => areSame() && this.#holdAt(others);
  }

  #holdAt(positions: readonly number[]): boolean {
    for (let i = 0; i < positions.length; i++) if (!this.holdsAt(positions[i] as number)) return false;
    return true;
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
    TypeError,
    RangeError,
    SyntaxError,
    ReferenceError,
    EvalError,
    URIError,
  ],
  ...[JSON, Math, Reflect],
];

/** Accessors that language features ask without naming them (`[].map`, `text.replace(/x/)`). */
const ASKED: readonly object[] = [RegExp.prototype, Array, RegExp, Promise, Map, Set];

/**
 * `for in` sees what is added to `Array.prototype` and `Object.prototype` and shows. Looking is as good as free where
 * nothing is. What does not show, `Object.prototype` is asked for; of others the analysis sees what modules miss.
 */
function inheritsNothing(): boolean {
  for (const _key in EMPTY) return false;
  return true;
}

const EMPTY: readonly unknown[] = [];

/** Whether these inherit from what they did, and are not frozen. */
function keepShape(holders: readonly object[]): () => boolean {
  const parents = holders.map(getPrototypeOf);
  return () => {
    for (let i = 0; i < holders.length; i++) {
      const holder = holders[i] as object;
      if (getPrototypeOf(holder) !== parents[i] || !isExtensible(holder)) return false;
    }
    return inheritsNothing();
  };
}

/** The own data properties of the language's built-ins and of their prototypes: a few hundred. */
export function sealRealm(): FixedSeal {
  const seal = new Seal();
  const holders = [...REALM];
  for (const holder of REALM) {
    const { prototype } = holder as { prototype?: unknown };
    if (typeof prototype === 'object' && prototype !== null) holders.push(prototype);
    if (typeof holder === 'function') seal.addReadable(holder, Symbol.hasInstance);
  }
  holders.push(Buffer, Buffer.prototype, Function.prototype, Uint8Array.prototype);
  const unnamed = intrinsics();
  const typedArray = unnamed['%TypedArray%'] as unknown as { readonly prototype: object };
  for (const holder of [...holders, typedArray.prototype, ...Object.values(unnamed)]) seal.addAll(holder);
  for (const holder of [...ASKED, typedArray.prototype]) seal.addAccessors(holder);
  seal.addKeyCount(Object.prototype);
  for (const key of ['platform', 'arch', 'version']) seal.add(process, key);
  // Accessors of Node's own.
  for (const name of ['Buffer', 'process']) seal.addReadable(globalThis, name);
  return new FixedSeal(seal, keepShape(holders.filter((holder) => typeof holder !== 'function')));
}
