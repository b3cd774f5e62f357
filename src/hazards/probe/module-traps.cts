// What a module object shows that depends on the run: who has loaded it, what it has loaded by now, the loader's class,
// and the marks that Node puts on it.
import Module = require('node:module');

import { inspect } from 'node:util';

import { loaderClass } from './builtins.cjs';
import { opaque } from './ledger.cjs';
import * as safe from './saved.cjs';
import { record, spyOn } from './state.cjs';

const modules = new safe.SafeWeakSet<object>();

function trapMember(module: object, name: string, initial: unknown, enumerable: boolean): void {
  let value = initial;
  safe.defineProperty(module, name, {
    configurable: true,
    enumerable,
    get: () => {
      record('loader-read', `module.${name}`);
      return value;
    },
    set: (to: unknown) => {
      value = to;
    },
  });
}

/** Stands between them and `Module.prototype`, whose `constructor` cannot be replaced. */
const prototype = Object.create(Module.prototype) as object;

export function trapModule(module: NodeJS.Module): void {
  modules.add(module);
  safe.setPrototypeOf(module, prototype);
  trapMember(module, 'parent', undefined, false);
  trapMember(module, 'children', module.children, true);
}

export function trapModules(): void {
  const ask = (args: readonly unknown[]): void => {
    if (modules.has(args[0] as object)) record('loader-read', "Node's marks of the module");
  };
  for (const name of ['getOwnPropertySymbols', 'getOwnPropertyDescriptors']) spyOn(Object, name, ask);
  spyOn(Reflect, 'ownKeys', ask);
  trapGetter('constructor', loaderClass);
  // Who shows an object asks it first whether it does that itself.
  trapGetter(inspect.custom, (module) => ask([module]));
  opaque.add(prototype);
}

function trapGetter(key: string | symbol, answer: (module: object) => unknown): void {
  safe.defineProperty(prototype, key, {
    configurable: true,
    enumerable: false,
    get(this: object) {
      return answer(this);
    },
    set(this: object, value: unknown) {
      safe.defineProperty(this, key, { value, writable: true, enumerable: true, configurable: true });
    },
  });
}
