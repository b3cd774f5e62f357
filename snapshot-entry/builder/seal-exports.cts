// What is sealed of a module's exports, for the modules that were baked with them.
import utilTypes = require('node:util/types');

import type { SealMaker } from './seal-maker.cjs';

const { getOwnPropertyDescriptor, ownKeys } = Reflect;
const { isMap, isSet, isTypedArray } = utilTypes;

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
export function sealExports(seal: SealMaker, exports: unknown): SealRange {
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
function sealHolder(seal: SealMaker, holder: object, most: number, isRoot: boolean): object[] {
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
function sealPrototype(seal: SealMaker, holder: object, most: number): boolean {
  const prototype: unknown = getOwnPropertyDescriptor(holder, 'prototype')?.value;
  if (typeof prototype !== 'object' || prototype === null || ownKeys(prototype).length < 2) return false;
  if (seal.length < most) seal.addAll(prototype);
  seal.addKeyCount(prototype, holder);
  return true;
}

/** Seals the data properties of one object, an array's length among them; returns the objects in them. */
function sealData(seal: SealMaker, holder: object, most: number): object[] {
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
