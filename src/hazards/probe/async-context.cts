// The asynchronous context of a load: the values of AsyncLocalStorage there, and what remembers them. A heap has no
// context, but a program may load a module within one of its own. So whatever sets, reads or remembers a context at
// load is charged; only to make an AsyncLocalStorage is not.
import { isObject } from './ledger.cjs';
import { refresh } from './ownership.cjs';
import * as safe from './saved.cjs';
import { record, spy, spyOn } from './state.cjs';

const KIND = 'async-context';

/** A member's value, also of one that is loaded when it is first read. */
function memberOf(exports: object, name: string): unknown {
  const descriptor = safe.getOwnPropertyDescriptor(exports, name);
  return descriptor?.get === undefined ? descriptor?.value : safe.apply(descriptor.get, exports, []);
}

function spyOnMethods(holder: object, path: string): void {
  const keys = safe.ownKeys(holder);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (typeof key === 'string' && key !== 'constructor') spyOn(holder, key, () => record(KIND, `${path}.${key}`));
  }
  refresh(holder);
}

/** Whoever is made of the class remembers the context; the class itself may be extended. */
function spyOnConstruction(exports: object, module: string, name: string): void {
  const type = memberOf(exports, name);
  const descriptor = safe.getOwnPropertyDescriptor(exports, name);
  if (typeof type !== 'function' || descriptor?.configurable !== true) return;
  const { enumerable = false } = descriptor;
  const value = spy(type, () => record(KIND, `${module}.${name}`));
  safe.defineProperty(exports, name, { value, writable: true, enumerable, configurable: true });
}

/** Before anything of the built-in is handed out. */
export function trapAsyncContext(name: string, exports: object): void {
  if (name === 'events') spyOnConstruction(exports, name, 'EventEmitterAsyncResource');
  if (name !== 'async_hooks') return;
  const storage = memberOf(exports, 'AsyncLocalStorage');
  if (isObject(storage)) {
    spyOnMethods(storage, 'AsyncLocalStorage');
    spyOnMethods(safe.get(storage, 'prototype') as object, 'AsyncLocalStorage.prototype');
  }
  const resource = memberOf(exports, 'AsyncResource');
  if (isObject(resource)) spyOnMethods(resource, 'AsyncResource');
  spyOnConstruction(exports, name, 'AsyncResource');
}
