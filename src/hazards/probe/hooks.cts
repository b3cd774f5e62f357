// What instrumented sources call (see src/source/instrument.ts). Globals, because the parameters of a module wrapper
// can be counted by the module.
import utilTypes = require('node:util/types');

import { isObject, privateReaders } from './ledger.cjs';
import { comparesMain } from './main-module.cjs';
import { ownerOf } from './ownership.cjs';
import { isIn, listed } from './presence-traps.cjs';
import { standIns } from './run-facts.cjs';
import * as safe from './saved.cjs';
import type { PlannedModule } from './shapes.cjs';
import { current, enterStatement, quietly, record, recordGuarded, recordTouch, recordUse, refusal } from './state.cjs';
import { evalFunction, evaluatedText } from './text-traps.cjs';
import { touch } from './touched.cjs';

/** `isUsed`: an inner function names it, so that it outlives the load. */
type Getters = () => readonly (readonly [name: string, get: () => unknown, isUsed: 0 | 1])[];

/** Scopes alive after a module: enough for any real module, a bound for loops that create closures. */
const SCOPES_PER_MODULE = 2000;
const scopes = new safe.SafeMap<string, Getters[]>();

/** Entering a scope with captured bindings: says whose it is, and lets the ledger look into it later. */
function enter(getters: Getters): PlannedModule | undefined {
  const module = current();
  if (!module) return undefined;
  const list = scopes.get(module.file) ?? [];
  if (list.length === 0) scopes.set(module.file, list);
  if (list.length < SCOPES_PER_MODULE) list[list.length] = getters;
  return module;
}

/** A write to a binding of an outer scope. */
function wrote(owner: PlannedModule | undefined, name: string): void {
  const writer = current();
  if (writer && owner !== undefined && owner !== writer) record('foreign-write', name, owner.file);
}

/** A class with private fields: `reader` gives their values for an instance, or false. */
function privates(type: object, reader: (instance: object) => unknown): void {
  const prototype: unknown = safe.getOwnPropertyDescriptor(type, 'prototype')?.value;
  for (const holder of [type, prototype]) {
    if (!isObject(holder)) continue;
    const list = privateReaders.get(holder) ?? [];
    list[list.length] = reader;
    privateReaders.set(holder, list);
  }
}

/** A write to a private field of `instance`. */
function wrotePrivate(instance: unknown, name: string): unknown {
  const writer = current();
  if (writer && isObject(instance)) {
    const owner = ownerOf(instance);
    if (owner !== undefined && owner !== 'realm' && owner !== writer) record('foreign-write', `#${name}`, owner.file);
  }
  return instance;
}

/** A read of a member that no trap sees: `error.stack`, `process.exitCode`. */
function notedRead(holder: unknown, name: string): unknown {
  if (name === 'stack' && utilTypes.isNativeError(holder)) record('stack-setting', 'Error.stack');
  if (name === 'exitCode' && holder === process) record('process-read', 'process.exitCode');
  return holder;
}

/** An assignment to a member named `stackTraceLimit` or `prepareStackTrace`. */
function stackSet(holder: unknown, name: string): unknown {
  if (holder === Error) record('stack-setting', `Error.${name}`);
  return touch(holder);
}

function dynamicImport(request: unknown): Promise<never> {
  record('import', `import(${safe.toText(request)})`);
  const answer = Promise.reject(refusal('import()'));
  answer.catch(() => undefined);
  return answer;
}

/** The names of variables that pass a test: `names` lists and filters, and does nothing else. */
function variablesThatPass(names: () => readonly string[], test: string): readonly string[] {
  const passed = quietly(names);
  if (passed.length === 0) recordGuarded('env-enumerate', 'process.env', { kind: 'env-none', test });
  else record('env-enumerate', 'process.env');
  return passed;
}

export function installHooks(): void {
  const hooks = {
    __snapC: enter,
    __snapW: wrote,
    __snapF: privates,
    __snapP: wrotePrivate,
    __snapM: touch,
    __snapV: evaluatedText,
    __snapX: evalFunction,
    __snapK: notedRead,
    __snapT: stackSet,
    __snapI: dynamicImport,
    __snapS: enterStatement,
    __snapL: recordTouch,
    __snapU: recordUse,
    __snapE: variablesThatPass,
    __snapQ: comparesMain,
    __snapH: isIn,
    __snapN: listed,
  };
  for (const name of safe.ownKeys(hooks)) {
    safe.defineProperty(globalThis, name, { value: safe.get(hooks, name), configurable: false });
  }
}

/** The bindings that a module left behind, by name; those in their dead zone are left out. */
export function scopeRoots(file: string): [string, unknown][] {
  const roots: [string, unknown][] = [];
  const list = scopes.get(file) ?? [];
  for (let i = 0; i < list.length; i++) {
    const bindings = list[i]?.() ?? [];
    for (let j = 0; j < bindings.length; j++) {
      const binding = bindings[j];
      if (!binding) continue;
      try {
        const value = binding[1]();
        // A name that nobody keeps is gone; what it named may live on behind a bound function.
        if (binding[2] === 1 || !standIns.has(value)) roots[roots.length] = [binding[0], value];
      } catch (error) {
        // A binding that was never initialised throws ReferenceError: it holds nothing.
        if (!utilTypes.isNativeError(error)) throw error;
      }
    }
  }
  scopes.delete(file);
  return roots;
}
