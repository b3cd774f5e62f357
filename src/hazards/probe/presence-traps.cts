// Which modules ask a shared object for a member that is not there, or whether it is there? The answer is compared when
// the module is activated, as values that it read are: a program may have added the member (`process.type`, a
// polyfill).
//   - Between each shared object and `Object.prototype` stands a proxy, which is asked for what the object lacks.
//   - Questions that name an object and a key (`Object.hasOwn`) are looked at when they are asked. `in`, `for in` and
//     spreads have hooks (src/source/instrument.ts).
import utilTypes = require('node:util/types');

import { lateMember } from './late-traps.cjs';
import { isObject } from './ledger.cjs';
import { descriptorOf, exportsOf } from './member-traps.cjs';
import { refresh } from './ownership.cjs';
import * as safe from './saved.cjs';
import { forEachShared, name, nameOf, noteInherited, noteList, noteMember } from './shared-objects.cjs';
import { current, record } from './state.cjs';

/** The proxies that stand before `Object.prototype`, or before nothing, by what they stand before. */
const sentinels = new safe.SafeMap<unknown, object | null>();

function sentinelOf(holder: object, parent: object | null): object {
  const missed = (key: PropertyKey, receiver: unknown): void => {
    if (current() === undefined || (parent !== null && safe.has(parent, key))) return;
    noteMember(holder, key);
    const asked = safe.originalOf(receiver);
    if (isObject(asked) && !utilTypes.isProxy(asked)) noteInherited(asked, key);
  };
  const sentinel = new safe.RealProxy(Object.create(parent), {
    get(target, key, receiver) {
      missed(key, receiver);
      return safe.get(target, key, receiver);
    },
    has(target, key) {
      missed(key, undefined);
      return safe.has(target, key);
    },
  });
  sentinels.set(sentinel, parent);
  return sentinel;
}

/** What an object inherits from last but for what all objects, or all functions, do; itself where there is nothing else. */
function lastBefore(object: object): object | null {
  let last = object;
  for (;;) {
    const parent = safe.getPrototypeOf(last);
    if (parent === Object.prototype || parent === Function.prototype) return last;
    if (parent === null || sentinels.has(parent)) return null;
    last = parent;
  }
}

function trapCall(holder: object, key: string, seen: (self: unknown, args: readonly unknown[]) => void): void {
  const descriptor = safe.getOwnPropertyDescriptor(holder, key);
  if (typeof descriptor?.value !== 'function') return;
  const proxy = new safe.RealProxy(descriptor.value, {
    apply(target, self, args) {
      if (current() !== undefined) seen(self, args);
      return safe.apply(target, self, args);
    },
  });
  safe.defineProperty(holder, key, { ...descriptor, value: proxy });
}

/** Of a trapped member it shows what is there without the trap. */
function trapDescriptors(holder: object): void {
  const original = safe.get(holder, 'getOwnPropertyDescriptor') as safe.Callable;
  const value = new safe.RealProxy(original, {
    apply(target, self, args) {
      const object: unknown = args[0];
      const key: unknown = args[1];
      if (current() !== undefined) asked(object, key, true);
      const shown = isObject(object) && isKey(key) ? descriptorOf(object, key) : undefined;
      return shown ?? safe.apply(target, self, args);
    },
  });
  safe.defineProperty(holder, 'getOwnPropertyDescriptor', { value, writable: true, configurable: true });
}

/** Nobody sees the proxies. */
function hideSentinels(holder: object, key: string): void {
  const descriptor = safe.getOwnPropertyDescriptor(holder, key);
  const original: unknown = descriptor?.get ?? descriptor?.value;
  if (descriptor === undefined || typeof original !== 'function') return;
  const proxy = new safe.RealProxy(original, {
    apply(target, self, args) {
      const parent: unknown = safe.apply(target, self, args);
      return sentinels.has(parent) ? sentinels.get(parent) : parent;
    },
  });
  safe.defineProperty(holder, key, { ...descriptor, [descriptor.get ? 'get' : 'value']: proxy });
}

function isKey(key: unknown): key is string | symbol {
  return typeof key === 'string' || typeof key === 'symbol';
}

/** `Object.hasOwn(object, key)`; with `isTaken` of more than whether it is there. */
function asked(object: unknown, key: unknown, isTaken: boolean): void {
  if (!isObject(object) || !isKey(key) || nameOf(object) === undefined) return;
  const late = isTaken ? lateMember(object, key) : undefined;
  if (late !== undefined) record('feature-test', late);
  noteMember(object, key);
}

/** Of every function that tells what an object has. */
export function trapPresence(): void {
  const ofPrototype = Object.prototype;
  for (const key of ['hasOwnProperty', 'propertyIsEnumerable'])
    trapCall(ofPrototype, key, (self, args) => asked(self, args[0], false));
  for (const key of ['__lookupGetter__', '__lookupSetter__'])
    trapCall(ofPrototype, key, (self, args) => asked(self, args[0], true));
  trapCall(Object, 'hasOwn', (_self, args) => asked(args[0], args[1], false));
  for (const holder of [Object, Reflect]) trapDescriptors(holder);
  trapCall(Reflect, 'has', (_self, args) => {
    if (isObject(args[0]) && isKey(args[1])) noteInherited(args[0], args[1]);
  });
  for (const key of ['keys', 'values', 'entries']) trapCall(Object, key, (_self, args) => noteList(args[0], true));
  for (const key of ['getOwnPropertyNames', 'getOwnPropertySymbols', 'getOwnPropertyDescriptors'])
    trapCall(Object, key, (_self, args) => noteList(args[0], false));
  trapCall(Reflect, 'ownKeys', (_self, args) => noteList(args[0], false));
  trapCall(Object, 'assign', (_self, args) => {
    for (let i = 1; i < args.length; i++) noteList(args[i], true);
  });
  for (const holder of [Object, Reflect]) hideSentinels(holder, 'getPrototypeOf');
  hideSentinels(ofPrototype, '__proto__');
  forEachShared(trapAbsence);
}

function trapAbsence(object: object): void {
  const last = lastBefore(object);
  if (last === null || !Object.isExtensible(last)) return;
  safe.setPrototypeOf(last, sentinelOf(last, safe.getPrototypeOf(last)));
  // It is another one's than a module's.
  refresh(last);
}

/** What the functions, classes and single objects that a built-in exports, and instances of these, are asked for in vain. */
export function trapAbsences(builtin: string, exports: object): void {
  for (const [key, value] of exportsOf(exports)) {
    const prototype: unknown = safe.getOwnPropertyDescriptor(value, 'prototype')?.value;
    if (typeof value !== 'function') name(value, `node:${builtin}.${key}`);
    for (const holder of [value, prototype]) {
      if (!isObject(holder) || nameOf(holder) === undefined) continue;
      trapAbsence(holder);
      refresh(holder);
    }
  }
}

/**
 * A name space in a built-in (`fs.constants`): what it is asked for in vain is compared, as of what all share. Tells whether
 * it is one that was not known before.
 */
export function trapNameSpace(object: object, path: string): boolean {
  const parent = safe.getPrototypeOf(object);
  const isOpen = Object.isExtensible(object) && (parent === null || parent === Object.prototype);
  if (!isOpen || nameOf(object) !== undefined) return false;
  name(object, path);
  safe.setPrototypeOf(object, sentinelOf(object, parent));
  return true;
}

/** `key in object`, in instrumented sources. */
export function isIn(key: PropertyKey, object: object): boolean {
  if (current() !== undefined && isObject(object) && isKey(key)) noteInherited(object, key);
  return key in object;
}

/** An object that `for in` or a spread goes through, in instrumented sources. */
export function listed(object: unknown): unknown {
  if (current() !== undefined) noteList(object, true);
  return object;
}
