// A seal remembers the values that some properties had while the snapshot was built, and tells whether they still have
// them. Three things are sealed: the language and Node's loader (does a program hook it?), what baked modules read at
// load from built-ins and globals, and the exports of baked modules. This file compares; builder/seal-maker.cts decides
// what is remembered. A comparison must run no code of the program's: of an accessor, its two functions are compared,
// and neither is called. (One getter is called: that which a program has put in the place of a value.)

import utilTypes = require('node:util/types');

const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, isExtensible, ownKeys } =
  Reflect;
const { getOwnPropertyNames, is } = Object;
const { isMap } = utilTypes;
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

export type Holder = Record<PropertyKey, unknown>;

/**
 * What a seal has instead of a key where it remembers something else than a property's value: how many keys an object has,
 * or that it lacks a member.
 */
export interface Aspect {
  /** What is compared with the remembered value, by `===`. It is given that value, which may say where to look. */
  now(holder: Holder, sealed: unknown): unknown;
}

/** How many own keys an object has; how many of them are no symbols; how many entries a Map or Set has. */
export const KEY_COUNT: Aspect = { now: (holder) => ownKeys(holder).length };
export const NAME_COUNT: Aspect = { now: (holder) => getOwnPropertyNames(holder).length };
export const SIZE: Aspect = { now: sizeOf };

/** That neither an object nor what it inherits from has a member. The remembered value is the member's key. */
export const ABSENCE: Aspect = { now: (holder, key) => !((key as PropertyKey) in holder) && key };

/** An own property that may be an accessor: its value, or its functions. */
interface Property extends PropertyDescriptor {
  readonly key: PropertyKey;
}

export const PROPERTY: Aspect = {
  now(holder, sealed) {
    const { key, value, get, set } = sealed as Property;
    const found = getOwnPropertyDescriptor(holder, key);
    return is(found?.value, value) && found?.get === get && found?.set === set ? sealed : { ...found, key };
  },
};

/** That another seal holds, which is the remembered value. */
export const WHOLE: Aspect = { now: (_holder, seal) => (seal as Seal).holds() && seal };

/** What a function of Node's answers when it is called with `asked`. The function stands in the place of the object. */
interface Answer {
  readonly asked: unknown;
  readonly answer: unknown;
}

export const ANSWER: Aspect = {
  now: (holder, sealed) =>
    apply(holder as never, undefined, [(sealed as Answer).asked]) === (sealed as Answer).answer && sealed,
};

/** The property that a position of a seal is about, as it was; null where it is about something else. */
function propertyOf(at: PropertyKey | Aspect | undefined, sealed: unknown): Property | null {
  if (at === PROPERTY) return sealed as Property;
  if (at === ABSENCE) return { key: sealed as PropertyKey };
  return at === undefined || typeof at === 'object' ? null : { key: at, value: sealed, writable: true };
}

/** What a seal remembers: at each position an object, a key and the value that it had. */
export interface Remembered {
  readonly holders: Holder[];
  readonly keys: (PropertyKey | Aspect)[];
  readonly values: unknown[];
  /** Positions whose values are taken anew when a run begins. */
  readonly retaken: number[];
}

/** Parallel arrays, and one seal for many modules' exports: thousands of small arrays would be a megabyte of heap. */
export class Seal {
  readonly #holders: Remembered['holders'];
  readonly #keys: Remembered['keys'];
  readonly #values: Remembered['values'];
  readonly #retaken: Remembered['retaken'];

  constructor({ holders, keys, values, retaken }: Remembered) {
    this.#holders = holders;
    this.#keys = keys;
    this.#values = values;
    this.#retaken = retaken;
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

  holdAt(positions: readonly number[]): boolean {
    for (let i = 0; i < positions.length; i++) if (!this.holdsAt(positions[i] as number)) return false;
    return true;
  }
}

/** How often it pays to look names up: V8 learns where a compiled comparison finds each one while it runs once or twice. */
const SLOW_ROUNDS = 8;

/** Two ways to compare one seal. */
export interface FixedParts {
  readonly seal: Seal;
  /** Compares all positions with a key, as code that has every key in it. */
  readonly areSame: () => boolean;
  /** The positions with an aspect, which that code leaves out. */
  readonly others: readonly number[];
  /** What has to hold beside the seal, if anything has to. */
  readonly also: (() => boolean) | null;
}

/** A seal to which nothing is added any more, and which is compared so often that its comparison is code of its own. */
export class FixedSeal {
  readonly #parts: FixedParts;
  #rounds = 0;

  constructor(parts: FixedParts) {
    this.#parts = parts;
    // A function that has run is in the heap as code; the text of one that has not would be compiled at a launch.
    this.#isAsSealed();
  }

  holds(): boolean {
    const { seal, also } = this.#parts;
    const isFast = this.#rounds++ >= SLOW_ROUNDS && this.#isAsSealed();
    return (isFast || seal.holds()) && (also === null || also());
  }

  #isAsSealed(): boolean {
    const { seal, areSame, others } = this.#parts;
    return areSame() && seal.holdAt(others);
  }

  get length(): number {
    return this.#parts.seal.length;
  }

  putBack(position: number): (() => void) | null {
    return this.#parts.seal.putBack(position);
  }
}

/**
 * `for in` sees what is added to `Array.prototype` and `Object.prototype` and shows. Looking is as good as free where
 * nothing is. What does not show, `Object.prototype` is asked for; of others the analysis sees what modules miss.
 */
function inheritsNothing(): boolean {
  for (const _key in EMPTY) return false;
  return true;
}

const EMPTY: readonly unknown[] = [];

/** Returns what tells whether these inherit from what they do now, and are not frozen. */
export function keepShape(holders: readonly object[]): () => boolean {
  const parents = holders.map(getPrototypeOf);
  return () => {
    for (let i = 0; i < holders.length; i++) {
      const holder = holders[i] as object;
      if (getPrototypeOf(holder) !== parents[i] || !isExtensible(holder)) return false;
    }
    return inheritsNothing();
  };
}
