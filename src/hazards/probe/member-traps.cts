// Notes which members modules use at load of objects that all share: methods and accessors of built-in classes
// (`Map.prototype.size`, `stream.Readable.prototype.read`), and what `process` has. They are compared again when the
// module is activated. The language's own methods are not among them: those are compared for every module (`sealRealm`
// in snapshot-entry/builder/seal-realm.cts).

import { promisify } from 'node:util';
import type { EffectKind } from '../../graph/effects.cjs';

import { isObject } from './ledger.cjs';
import { refresh } from './ownership.cjs';
import { standIns } from './run-facts.cjs';
import * as safe from './saved.cjs';
import { forEachShared, name, nameOf, noteInherited, noteList, noteMember } from './shared-objects.cjs';
import { record } from './state.cjs';
import { keepCell } from './value-cells.cjs';

/** What descriptors show of members that have been made accessors. */
const shown = new safe.SafeMap<object, Map<PropertyKey, () => PropertyDescriptor>>();

/** The descriptor of a trapped member as it is without a trap. */
export function descriptorOf(holder: object, key: PropertyKey): PropertyDescriptor | undefined {
  return shown.get(holder)?.get(key)?.();
}

/** The one that is asked may be given a member of its own: `performance.mark = …`. */
function noteAsked(asked: unknown, holder: object, key: PropertyKey): void {
  noteMember(holder, key);
  if (asked !== holder && isObject(asked)) noteMember(asked, key);
}

function trapGetter(holder: object, key: PropertyKey, descriptor: PropertyDescriptor): void {
  if (descriptor.get === undefined) return;
  const get = new safe.RealProxy(descriptor.get, {
    apply(target, self, args) {
      noteAsked(self, holder, key);
      return safe.apply(target, self, args);
    },
  });
  safe.defineProperty(holder, key, { ...descriptor, get });
}

/** An accessor in the place of a value: what inherits from the holder may still have its own. */
function trapValue(holder: object, key: PropertyKey, descriptor: PropertyDescriptor, writeKind: EffectKind): void {
  const { enumerable = false, writable = false } = descriptor;
  const cell = { value: descriptor.value as unknown };
  keepCell(holder, key, cell);
  const members = shown.get(holder) ?? new safe.SafeMap<PropertyKey, () => PropertyDescriptor>();
  shown.set(
    holder,
    members.set(key, () => ({ ...descriptor, value: cell.value })),
  );
  const set = function (this: object, next: unknown): void {
    if (safe.originalOf(this) !== holder) {
      safe.defineProperty(this, key, { value: next, writable: true, enumerable: true, configurable: true });
      return;
    }
    record(writeKind, `${nameOf(holder)}.${safe.toText(key)}`);
    cell.value = next;
  };
  safe.defineProperty(holder, key, {
    enumerable,
    configurable: true,
    get(this: unknown) {
      noteAsked(this, holder, key);
      return cell.value;
    },
    ...(writable ? { set } : {}),
  });
}

function trapMember(holder: object, key: PropertyKey, writeKind: EffectKind = 'builtin-write'): void {
  const descriptor = safe.getOwnPropertyDescriptor(holder, key);
  if (descriptor?.configurable !== true || key === 'constructor' || key === 'prototype') return;
  if (!('value' in descriptor)) trapGetter(holder, key, descriptor);
  else if (writeKind === 'process-write' || typeof descriptor.value === 'function')
    trapValue(holder, key, descriptor, writeKind);
}

/** Or what Node sets anew whenever it is asked for a promise form. */
const OF_ANY_FUNCTION: readonly PropertyKey[] = [
  'length',
  'name',
  'prototype',
  'arguments',
  'caller',
  promisify.custom,
];

/** Members of a function (`Readable.from`, `util.inspect.custom`) or of a name space (`path.win32.sep`), whatever they are. */
export function trapStatics(holder: object, writeKind: EffectKind): void {
  for (const key of safe.ownKeys(holder)) {
    const descriptor = safe.getOwnPropertyDescriptor(holder, key);
    if (descriptor?.configurable !== true || (typeof holder === 'function' && OF_ANY_FUNCTION.includes(key))) continue;
    if ('value' in descriptor) trapValue(holder, key, descriptor, writeKind);
    else trapGetter(holder, key, descriptor);
  }
}

/** Compared for every module, accessors and all. */
const SEALED =
  /^globalThis\.(?:%|(?:Object|Function|Array|String|Number|Boolean|Symbol|RegExp|Date|Promise|WeakMap|WeakSet|(?:Type|Range|Syntax|Reference|Eval|URI|Aggregate)?Error|Iterator|JSON|Math|Reflect|Buffer|Uint8Array)(?:\.prototype)?$)/;
/** Trapped elsewhere, or of no consequence. */
const LEFT = /^(?:globalThis(?:\.(?:process|console|Intl|Proxy|Crypto)\b.*)?|node:events\.prototype)$/;
/** Their methods are compared for every module, their accessors are not. */
const METHODS_SEALED = /^globalThis\.(?:Map|Set)(?:\.prototype)?$/;
/** Accessors of classes whose methods are compared for every module. */
const ACCESSORS: readonly (readonly [object, string])[] = [
  [Symbol.prototype, 'description'],
  [Object.prototype, '__proto__'],
  [Map.prototype, 'size'],
  [Set.prototype, 'size'],
];

export function trapGlobalMembers(): void {
  for (const [holder, key] of ACCESSORS) trapMember(holder, key);
  forEachShared((object, path) => {
    if (safe.testPattern(SEALED, path) || safe.testPattern(LEFT, path) || safe.testPattern(METHODS_SEALED, path))
      return;
    for (const key of safe.ownKeys(object)) trapMember(object, key);
  });
}

/** Node's own bookkeeping, what is trapped in another way, and what has its own guards. */
const PROCESS_LEFT =
  /^(?:_|domain$|mainModule$|exitCode$|versions$|moduleLoadList$|std(?:in|out|err)$|(?:no|throw|trace)Deprecation$)/;

/** What other traps have left of it. */
export function trapProcessMembers(): void {
  for (const key of ['features', 'release', 'hrtime', 'memoryUsage']) {
    const value = safe.originalOf(safe.get(process, key));
    if (isObject(value)) trapStatics(value, 'process-write');
  }
  for (const key of safe.ownKeys(process)) {
    const descriptor = safe.getOwnPropertyDescriptor(process, key);
    if (typeof key !== 'string' || safe.testPattern(PROCESS_LEFT, key) || descriptor === undefined) continue;
    if ('value' in descriptor) trapMember(process, key, 'process-write');
  }
}

/** Node makes it anew when a process begins: what keeps it keeps the builder's. */
export function trapVersions(): void {
  const { versions } = process;
  name(versions, 'globalThis.process.versions');
  const standIn = new safe.RealProxy(versions, {
    get(target, key) {
      noteInherited(target, key);
      return safe.get(target, key);
    },
    has(target, key) {
      noteInherited(target, key);
      return safe.has(target, key);
    },
    getOwnPropertyDescriptor(target, key) {
      noteMember(target, key);
      return safe.getOwnPropertyDescriptor(target, key);
    },
    ownKeys(target) {
      noteList(target, false);
      return safe.ownKeys(target);
    },
  });
  standIns.set(standIn, ['process-read', 'process.versions']);
  safe.defineProperty(process, 'versions', {
    configurable: true,
    enumerable: true,
    get: () => {
      noteMember(process, 'versions');
      return standIn;
    },
  });
}

/**
 * The functions and objects that a built-in exports, by their names. An accessor without a setter answers a class that Node
 * loads when it is first asked for (`async_hooks.AsyncLocalStorage`).
 */
export function exportsOf(exports: object): [string, object][] {
  const found: [string, object][] = [];
  for (const key of safe.ownKeys(exports)) {
    const descriptor = descriptorOf(exports, key) ?? safe.getOwnPropertyDescriptor(exports, key);
    const isClass = descriptor?.set === undefined && typeof key === 'string' && safe.testPattern(CLASS_NAME, key);
    const value = isClass && descriptor?.get ? safe.apply(descriptor.get, exports, []) : descriptor?.value;
    const original = safe.originalOf(value);
    if (typeof key === 'string' && isObject(original) && original !== exports) found[found.length] = [key, original];
  }
  return found;
}

const CLASS_NAME = /^[A-Z]\w*[a-z]/;

/** The functions of a built-in module, and the classes among them. */
export function trapBuiltinMembers(builtin: string, exports: object): void {
  if (builtin === 'module' || builtin === 'process' || builtin === 'console') return;
  trapClass(exports, `node:${builtin}`);
  for (const [key, value] of exportsOf(exports)) {
    if (typeof value !== 'function') continue;
    const path = `node:${builtin}.${key}`;
    trapClass(value, path);
    if (nameOf(value) !== undefined) continue;
    name(value, path);
    trapStatics(value, 'builtin-write');
    refresh(value);
  }
}

function trapClass(type: object, path: string): void {
  const prototype: unknown =
    typeof type === 'function' ? safe.getOwnPropertyDescriptor(type, 'prototype')?.value : undefined;
  if (!isObject(prototype) || nameOf(prototype) !== undefined) return;
  name(prototype, `${path}.prototype`);
  for (const key of safe.ownKeys(prototype)) trapMember(prototype, key);
  // Another built-in may have it, too, and have been opened before.
  refresh(prototype);
}
