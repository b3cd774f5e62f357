// Globals that the builder lacks or that cannot live in a snapshot: taking one at load freezes a wrong answer. That a late
// feature is there, modules are told here as in the builder (snapshot-entry/builder/late-features.cts).

import { placeOf } from '../../../snapshot-entry/builder/late-features.cjs';
import * as safe from './saved.cjs';
import { record } from './state.cjs';

function trapMissing(holder: object, key: PropertyKey, name: string): void {
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

/** As in `plainNames`: a read of one at load is an effect of its own. */
export const missing: string[] = [];

/** Which keys of an object those are, by their names. */
const lateMembers = new safe.SafeMap<object, Map<PropertyKey, string>>();

export function lateMember(holder: object, key: PropertyKey): string | undefined {
  return lateMembers.get(holder)?.get(key);
}

export function hasLateMembers(holder: object): boolean {
  return lateMembers.has(holder);
}

/** Traps every name that a plain run has and this builder has not. */
export function trapLate(plainNames: readonly string[]): void {
  for (const name of plainNames) {
    const place = safe.startsWith(name, 'node:') ? null : placeOf(name);
    if (place === null || safe.getOwnPropertyDescriptor(place[0], place[1])) continue;
    const [holder, key] = place;
    missing[missing.length] = name;
    const members = lateMembers.get(holder) ?? new safe.SafeMap<PropertyKey, string>();
    lateMembers.set(holder, members.set(key, name));
    trapMissing(holder, key, name);
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
