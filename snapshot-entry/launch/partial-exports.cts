// What a module had exported when a statement of it was left out of the snapshot. Who requires the module while that
// statement runs (in a cycle) must see that, and not what the module exports in the end.
import utilTypes = require('node:util/types');

import type { NodeModule } from './node-module.cjs';

const { defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, setPrototypeOf } = Reflect;
const { isProxy } = utilTypes;
const { is } = Object;

/** Own properties, in parallel arrays: there are tens of thousands of them in a heap whose every byte is read at launch. */
interface Properties {
  readonly keys: readonly PropertyKey[];
  readonly values: readonly unknown[];
  /** Of those that are no plain data, as an assignment makes it; null where all are. */
  readonly others: readonly (PropertyDescriptor | null)[] | null;
}

export interface PartialExports {
  readonly exports: unknown;
  readonly own: Properties;
}

/** What is put back afterwards. */
export interface Disguise {
  readonly module: NodeModule;
  readonly exports: unknown;
  readonly own: Properties;
  readonly partial: PartialExports;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function isPlainData({ writable, enumerable, configurable }: PropertyDescriptor): boolean {
  return writable === true && enumerable === true && configurable === true;
}

function propertiesOf(value: unknown): Properties {
  const keys = isObject(value) ? ownKeys(value) : [];
  const values: unknown[] = [];
  const others: (PropertyDescriptor | null)[] = [];
  let isPlain = true;
  for (let i = 0; i < keys.length; i++) {
    const descriptor = getOwnPropertyDescriptor(value as object, keys[i] as PropertyKey) as PropertyDescriptor;
    const isOther = !isPlainData(descriptor);
    values[i] = descriptor.value;
    others[i] = isOther ? descriptor : null;
    if (isOther) isPlain = false;
  }
  return { keys, values, others: isPlain ? null : others };
}

/** `before`: of the same module, earlier; answered again where nothing has been exported since. */
export function partialExports({ exports }: NodeModule, before: PartialExports | undefined): PartialExports {
  const own = propertiesOf(exports);
  return before !== undefined && before.exports === exports && isSame(before.own, own) ? before : { exports, own };
}

function positionOf({ keys }: Properties, key: PropertyKey): number {
  for (let i = 0; i < keys.length; i++) if (keys[i] === key) return i;
  return -1;
}

function isSameAt(one: Properties, at: number, other: Properties, otherAt: number): boolean {
  if (at < 0 || otherAt < 0) return at === otherAt;
  const first = one.others?.[at] ?? null;
  const second = other.others?.[otherAt] ?? null;
  if ((first === null) !== (second === null)) return false;
  const isSameAccess = first?.get === second?.get && first?.set === second?.set;
  const isSameKind =
    first?.writable === second?.writable &&
    first?.enumerable === second?.enumerable &&
    first?.configurable === second?.configurable;
  return isSameAccess && isSameKind && is(one.values[at], other.values[otherAt]);
}

function isSame(one: Properties, other: Properties): boolean {
  if (one.keys.length !== other.keys.length) return false;
  for (let i = 0; i < one.keys.length; i++) {
    if (one.keys[i] !== other.keys[i] || !isSameAt(one, i, other, i)) return false;
  }
  return true;
}

function define(value: object, { keys, values, others }: Properties, at: number): void {
  const plain = { value: values[at], writable: true, enumerable: true, configurable: true };
  defineProperty(value, keys[at] as PropertyKey, others?.[at] ?? plain);
}

/** Latest first: V8 takes back what was added last without a trace. */
function give(value: unknown, own: Properties): void {
  if (!isObject(value)) return;
  const keys = ownKeys(value);
  for (let i = keys.length - 1; i >= 0; i--) {
    const key = keys[i] as PropertyKey;
    if (positionOf(own, key) < 0) deleteProperty(value, key);
  }
  for (let i = 0; i < own.keys.length; i++) define(value, own, i);
}

export function hide(module: NodeModule, partial: PartialExports): Disguise {
  const disguise = { module, exports: module.exports, own: propertiesOf(partial.exports), partial };
  give(partial.exports, partial.own);
  module.exports = partial.exports;
  return disguise;
}

/**
 * What others have put there meanwhile stays, where the module itself has not set it later. Node puts a proxy below what a
 * cycle sees, to warn of what is missing there, and takes it away after the load.
 */
export function reveal({ module, exports, own, partial: { exports: shown, own: hidden } }: Disguise): void {
  const now = propertiesOf(shown);
  give(shown, own);
  if (isObject(shown)) keepForeign(shown, { now, hidden, own });
  if (isObject(shown) && isProxy(getPrototypeOf(shown))) setPrototypeOf(shown, Object.prototype);
  if (module.exports === shown || exports !== shown) module.exports = exports;
}

/** `now`: with what others have put there; `hidden`: as it was shown to them; `own`: as the module leaves it in the end. */
function keepForeign(
  shown: object,
  { now, hidden, own }: { readonly now: Properties; readonly hidden: Properties; readonly own: Properties },
): void {
  for (let i = 0; i < now.keys.length; i++) {
    const key = now.keys[i] as PropertyKey;
    const before = positionOf(hidden, key);
    if (isSameAt(now, i, hidden, before)) continue;
    if (isSameAt(hidden, before, own, positionOf(own, key))) define(shown, now, i);
  }
  for (let i = 0; i < hidden.keys.length; i++) {
    const key = hidden.keys[i] as PropertyKey;
    if (positionOf(now, key) < 0 && isSameAt(hidden, i, own, positionOf(own, key))) deleteProperty(shown, key);
  }
}
