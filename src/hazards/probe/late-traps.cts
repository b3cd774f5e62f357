// Globals that the builder lacks or that cannot live in a snapshot: touching one at load freezes a wrong answer.
import { isObject } from './ledger.cjs';
import * as safe from './saved.cjs';
import { record } from './state.cjs';

function holderOf(name: string): readonly [object, string] | undefined {
  const cut = Math.max(name.indexOf('.'), name.indexOf('#'));
  if (cut < 0) return [globalThis, name];
  const owner: unknown = safe.getOwnPropertyDescriptor(globalThis, name.slice(0, cut))?.value;
  if (!isObject(owner)) return undefined;
  const holder: unknown = name[cut] === '#' ? safe.getOwnPropertyDescriptor(owner, 'prototype')?.value : owner;
  return isObject(holder) ? [holder, name.slice(cut + 1)] : undefined;
}

function trapMissing(holder: object, key: string, name: string): void {
  safe.defineProperty(holder, key, {
    configurable: true,
    enumerable: false,
    get() {
      record('feature-test', name);
      return undefined;
    },
    set(value: unknown) {
      record('feature-test', name);
      safe.defineProperty(this === undefined ? globalThis : this, key, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
  });
}

/** The value of a global; some of Node's lazy ones cannot be loaded in the builder (on 20, for want of late methods). */
export function globalValue(name: string | symbol): unknown {
  try {
    return safe.get(globalThis, name);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

const missingGlobals = new safe.SafeSet<string>();
/** As in `plainNames`: a read of one at load is an effect of its own. */
export const missing: string[] = [];

/** Whether a plain run has this global and the builder has not. */
export function isMissing(name: string): boolean {
  return missingGlobals.has(name);
}

/** Traps every name that a plain run has and this builder has not. */
export function trapLate(plainNames: readonly string[]): void {
  for (const name of plainNames) {
    if (name.startsWith('node:')) continue;
    const place = holderOf(name);
    if (!place || safe.getOwnPropertyDescriptor(place[0], place[1])) continue;
    if (place[0] === globalThis) missingGlobals.add(name);
    missing[missing.length] = name;
    trapMissing(place[0], place[1], name);
  }
}

export function trapUnsafeGlobals(names: readonly string[]): void {
  for (const name of names) {
    if (!(name in globalThis)) continue;
    const value = globalValue(name);
    safe.defineProperty(globalThis, name, {
      configurable: true,
      enumerable: false,
      get() {
        record('unsnapshotable-builtin', `globalThis.${name}`);
        return value;
      },
      set(next: unknown) {
        record('global-write', `globalThis.${name}`);
        safe.defineProperty(globalThis, name, { value: next, writable: true, enumerable: true, configurable: true });
      },
    });
  }
}
