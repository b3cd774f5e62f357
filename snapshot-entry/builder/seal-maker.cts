// Fills a seal (launch/seal.cts) while modules are baked: decides for each property what a launch compares. Looking at
// a property runs no code but Node's own.
import {
  ABSENCE,
  ANSWER,
  type Aspect,
  type FixedParts,
  FixedSeal,
  type Holder,
  KEY_COUNT,
  NAME_COUNT,
  PROPERTY,
  type Remembered,
  Seal,
  SIZE,
  WHOLE,
} from '../launch/seal.cjs';
import { MEMBER_LIST, sharedKey } from '../shared/shared-names.cjs';
import { type Compared, compileComparison } from './compile-comparison.cjs';

const { apply, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
const { toString: toText } = Function.prototype;

export class SealMaker {
  readonly #all: Remembered = { holders: [], keys: [], values: [], retaken: [] };
  /** Compares what is added, and what will be. */
  readonly seal = new Seal(this.#all);

  get length(): number {
    return this.seal.length;
  }

  #push(holder: object, key: PropertyKey | Aspect, value: unknown): number {
    this.#all.holders.push(holder as Holder);
    this.#all.keys.push(key);
    return this.#all.values.push(value) - 1;
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
    if (isList || this.#all.keys[at] === PROPERTY) this.#all.retaken.push(at);
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
    if (isBuiltinClass(owner)) this.#all.retaken.push(at);
  }

  /** That a Map or Set has as many entries. */
  addSize(holder: Map<unknown, unknown> | Set<unknown>): void {
    this.#push(holder, SIZE, SIZE.now(holder as unknown as Holder, undefined));
  }

  /** When everything is added. `also`: what has to hold beside it; a function of launch/, or it would keep this script. */
  fixed(also: FixedParts['also'] = null): FixedSeal {
    const { holders, keys, values } = this.#all;
    const compared: Compared[] = [];
    const others: number[] = [];
    for (const [i, key] of keys.entries()) {
      if (typeof key === 'object') others.push(i);
      else compared.push({ holder: holders[i], key, value: values[i] });
    }
    return new FixedSeal({ seal: this.seal, areSame: compileComparison(compared), others, also });
  }
}

/** `Error`, exported as it is. Only what is native is looked for by its name: to look at `Headers` spoils a heap. */
function isBuiltinClass(holder: object): boolean {
  if (typeof holder !== 'function' || !apply(toText, holder, []).endsWith('{ [native code] }')) return false;
  return getOwnPropertyDescriptor(globalThis, holder.name)?.value === holder;
}
