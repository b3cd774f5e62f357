// The objects that all modules share, by the names under which the builder finds them again (snapshot-entry/shared/shared-names.cts);
// and what is noted when a module asks one of them for a member.
import utilTypes = require('node:util/types');

import { intrinsics } from '../../../snapshot-entry/shared/intrinsics.cjs';
import { MEMBER_LIST, REGISTERED, sharedKey } from '../../../snapshot-entry/shared/shared-names.cjs';
import { hasLateMembers } from './late-traps.cjs';
import { isObject } from './ledger.cjs';
import * as safe from './saved.cjs';
import { record, recordRead } from './state.cjs';

const names = new safe.SafeMap<object, string>();
/** Well-known symbols. */
const symbolNames = new safe.SafeMap<symbol, string>();

/** A function that is spied on has the name of the one that it stands for. */
export function name(object: unknown, path: string): void {
  const named = safe.originalOf(object);
  if (isObject(named) && !names.has(named) && !utilTypes.isProxy(named)) names.set(named, path);
}

export function nameOf(object: object): string | undefined {
  return names.get(safe.originalOf(object) as object);
}

export function forEachShared(visit: (object: object, path: string) => void): void {
  names.forEach((path, object) => {
    visit(object, path);
  });
}

/** A class and its prototype. */
export function nameClass(type: unknown, path: string): void {
  name(type, path);
  if (isObject(type)) name(safe.getOwnPropertyDescriptor(type, 'prototype')?.value, `${path}.prototype`);
}

/** `unsafe`: globals that no builder may look at. */
export function nameGlobals(unsafe: readonly string[]): void {
  for (const key of safe.ownKeys(Symbol)) {
    const symbol: unknown = typeof key === 'string' ? safe.getOwnPropertyDescriptor(Symbol, key)?.value : undefined;
    if (typeof symbol === 'symbol' && typeof key === 'string') symbolNames.set(symbol, `@@${key}`);
  }
  name(globalThis, 'globalThis');
  name(process, 'globalThis.process');
  nameClass(Buffer, 'globalThis.Buffer');
  for (const key of safe.ownKeys(globalThis)) {
    if (typeof key !== 'string' || unsafe.includes(key)) continue;
    nameClass(safe.getOwnPropertyDescriptor(globalThis, key)?.value, `globalThis.${key}`);
  }
  // Objects in which programs look for what only some versions have: `process.features.typescript`.
  for (const key of ['features', 'release', 'hrtime', 'memoryUsage', 'emitWarning', 'nextTick'])
    name(safe.get(process, key), `globalThis.process.${key}`);
  for (const key of safe.ownKeys(Intl)) {
    const type: unknown = safe.getOwnPropertyDescriptor(Intl, key)?.value;
    if (typeof key === 'string' && typeof type === 'function') nameClass(type, `globalThis.Intl.${key}`);
  }
  nameClass(console.Console, 'globalThis.console.Console');
  const unnamed = intrinsics();
  for (const key of safe.ownKeys(unnamed) as string[]) nameClass(unnamed[key], `globalThis.${key}`);
}

function symbolName(key: symbol): string | undefined {
  const registered = safe.keyFor(key);
  return registered === undefined ? symbolNames.get(key) : `${REGISTERED}${registered}`;
}

/** As the builder reads it; undefined for what is no member to be compared: an index, or a symbol of somebody's own. */
export function memberName(key: PropertyKey): string | undefined {
  if (typeof key === 'symbol') return symbolName(key);
  const text = safe.toText(key);
  const first = text.length > 0 ? safe.charCodeAt(text, 0) : 0;
  return first >= 0x30 && first <= 0x39 ? undefined : text;
}

export function noteMember(object: object, key: PropertyKey): void {
  const path = nameOf(object);
  const member = path === undefined ? undefined : memberName(key);
  if (path !== undefined && member !== undefined && sharedKey(member) === key) recordRead(path, member);
}

/** Which of the objects that it inherits from has a member, or that none has: a proxy answers for itself. */
export function noteInherited(object: object, key: PropertyKey): void {
  let at: object | null = object;
  while (at !== null && !utilTypes.isProxy(at)) {
    noteMember(at, key);
    if (safe.getOwnPropertyDescriptor(at, key) !== undefined) return;
    at = safe.getPrototypeOf(at);
  }
}

/**
 * Somebody looks through all members. Those of the global object and of `process` are never the same in a builder; what is
 * late is not enumerable.
 */
export function noteList(object: unknown, isOfEnumerable: boolean): void {
  const path = isObject(object) ? names.get(object) : undefined;
  if (!isObject(object) || path === undefined) return;
  if (object === process) record('process-read', 'the members of process');
  else if (object === globalThis || (!isOfEnumerable && hasLateMembers(object)))
    record('feature-test', `the members of ${path}`);
  recordRead(path, MEMBER_LIST);
  for (const key of safe.ownKeys(object)) noteMember(object, key);
}
