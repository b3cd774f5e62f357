// Notes which members modules use at load of what all share: methods and accessors of built-in classes (`Map.prototype.size`,
// `stream.Readable.prototype.read`), and what `process` has. They are compared again when the module is activated. The
// language's own methods are not among them: those are compared for every module (`sealRealm` in snapshot-entry/launch/seal.cts).
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

function trapGetter(holder: object, key: PropertyKey, descriptor: PropertyDescriptor): void {
  if (descriptor.get === undefined) return;
  const get = new safe.RealProxy(descriptor.get, {
    apply(target, self, args) {
      noteMember(holder, key);
      return safe.apply(target, self, args);
    },
  });
  safe.defineProperty(holder, key, { ...descriptor, get });
}

/** An accessor in the place of a value: what inherits from the holder may still have its own. */
function trapValue(holder: object, key: PropertyKey, descriptor: PropertyDescriptor, writeKind: string): void {
  const { enumerable = false, writable = false } = descriptor;
  const cell = { value: descriptor.value as unknown };
  keepCell(holder, key, cell);
  const members = shown.get(holder) ?? new safe.SafeMap<PropertyKey, () => PropertyDescriptor>();
  shown.set(
    holder,
    members.set(key, () => ({ ...descriptor, value: cell.value })),
  );
  const set = function (this: object, next: unknown): void {
    if (this !== holder) {
      safe.defineProperty(this, key, { value: next, writable: true, enumerable: true, configurable: true });
      return;
    }
    record(writeKind, `${nameOf(holder)}.${safe.toText(key)}`);
    cell.value = next;
  };
  safe.defineProperty(holder, key, {
    enumerable,
    configurable: true,
    get() {
      noteMember(holder, key);
      return cell.value;
    },
    ...(writable ? { set } : {}),
  });
}

function trapMember(holder: object, key: PropertyKey, writeKind = 'builtin-write'): void {
  const descriptor = safe.getOwnPropertyDescriptor(holder, key);
  if (descriptor?.configurable !== true || key === 'constructor' || key === 'prototype') return;
  if (!('value' in descriptor)) trapGetter(holder, key, descriptor);
  else if (writeKind === 'process-write' || typeof descriptor.value === 'function')
    trapValue(holder, key, descriptor, writeKind);
}

/** Compared for every module, accessors and all. */
const SEALED =
  /^globalThis\.(?:%|(?:Object|Function|Array|String|Number|Boolean|Symbol|RegExp|Date|Promise|WeakMap|WeakSet|(?:Type|Range|Syntax|Reference|Eval|URI)?Error|Iterator|JSON|Math|Reflect|Buffer|Uint8Array)(?:\.prototype)?$)/;
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

/** The classes of a built-in module, and the name spaces in it. */
export function trapBuiltinMembers(builtin: string, exports: object): void {
  if (builtin === 'module' || builtin === 'process' || builtin === 'console') return;
  const classes: [string, unknown][] = [[`node:${builtin}`, exports]];
  for (const key of safe.ownKeys(exports)) {
    if (typeof key === 'string')
      classes[classes.length] = [`node:${builtin}.${key}`, safe.getOwnPropertyDescriptor(exports, key)?.value];
  }
  for (const [path, type] of classes) {
    const prototype: unknown =
      typeof type === 'function' ? safe.getOwnPropertyDescriptor(type, 'prototype')?.value : null;
    trapHolder(prototype, `${path}.prototype`);
  }
}

function trapHolder(holder: unknown, path: string): void {
  if (!isObject(holder) || nameOf(holder) !== undefined || safe.ownKeys(holder).length < 2) return;
  name(holder, path);
  for (const key of safe.ownKeys(holder)) trapMember(holder, key);
  // Another built-in may have it, too, and have been opened before.
  refresh(holder);
}
