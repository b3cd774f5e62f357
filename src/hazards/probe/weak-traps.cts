// Writes into another module's weak collections: they have no contents to compare, so each call is judged at once.
// Entries keyed by an object that nobody else owns are as private as a property of that object.
import { isObject } from './ledger.cjs';
import { ownerOf } from './ownership.cjs';
import * as safe from './saved.cjs';
import { current, record } from './state.cjs';

export function trapWeakCollections(): void {
  const judge = (name: string) => {
    return (holder: unknown, key: unknown): void => {
      const writer = current();
      if (!writer || !isObject(holder) || !isObject(key)) return;
      const owner = ownerOf(holder);
      if (owner === undefined || owner === writer) return;
      if (ownerOf(key) === undefined) return;
      record('foreign-write', name, owner === 'realm' ? undefined : owner.file);
    };
  };
  trap(WeakMap.prototype, ['set', 'delete'], judge('WeakMap'));
  trap(WeakSet.prototype, ['add', 'delete'], judge('WeakSet'));
}

function trap(prototype: object, names: readonly string[], judge: (holder: unknown, key: unknown) => void): void {
  for (const name of names) {
    const original: unknown = safe.get(prototype, name);
    if (typeof original !== 'function') continue;
    const proxy = new safe.RealProxy(original, {
      apply(target, self, args: readonly unknown[]) {
        judge(self, args[0]);
        return safe.apply(target, self, args);
      },
    });
    Object.defineProperty(prototype, name, { value: proxy, writable: true, enumerable: false, configurable: true });
  }
}
