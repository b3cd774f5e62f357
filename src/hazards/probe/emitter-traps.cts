// Which modules use the methods of EventEmitter at load, if only through Node's own streams and processes?
// `node:domain`, which `require('repl')` loads, replaces some of these methods: a module that has used none is the same
// with and without it.
import EventEmitter = require('node:events');

import * as safe from './saved.cjs';
import { charge, recordRead, stack } from './state.cjs';
import { touchWhole } from './touched.cjs';

/** Accessors in the place of methods: what inherits from the holder may still have its own. */
function trap(holder: object, key: string, owner: string): void {
  const descriptor = safe.getOwnPropertyDescriptor(holder, key);
  if (descriptor?.configurable !== true || typeof descriptor.value !== 'function') return;
  const { enumerable = false } = descriptor;
  let current: unknown = descriptor.value;
  safe.defineProperty(holder, key, {
    enumerable,
    configurable: true,
    get(this: unknown) {
      recordRead(`node:${owner}`, key);
      touchWhole(this, key);
      return current;
    },
    set(this: object, value: unknown) {
      if (this !== holder) {
        safe.defineProperty(this, key, { value, writable: true, enumerable: true, configurable: true });
        return;
      }
      current = value;
      // Also where Node does it on behalf of a module.
      const module = stack[stack.length - 1];
      if (module !== undefined) charge({ file: module.file, kind: 'builtin-write', subject: `${owner}.${key}` });
    },
  });
}

export function trapEmitters(): void {
  for (const key of safe.ownKeys(EventEmitter.prototype)) {
    if (typeof key === 'string' && key !== 'constructor') trap(EventEmitter.prototype, key, 'events.prototype');
  }
  // What the constructor does, whoever calls it.
  trap(EventEmitter, 'init', 'events');
}
