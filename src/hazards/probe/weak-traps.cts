// Writes into another module's weak collections: they have no contents to compare, so each call is judged at once.
// Entries keyed by an object that nobody else owns are as private as a property of that object.
import { hides, isObject } from './ledger.cjs';
import { ownerOf } from './ownership.cjs';
import { standIns } from './run-facts.cjs';
import * as safe from './saved.cjs';
import type { PlannedModule } from './shapes.cjs';
import { charge, current, record, spy } from './state.cjs';
import { wroteState } from './touched.cjs';

function chargeKept(value: unknown, { file }: PlannedModule): void {
  const standIn = standIns.get(value);
  if (standIn !== undefined) charge({ file, kind: standIn[0], subject: `${standIn[1]}, kept in a weak collection` });
}

/** What functions and proxies hold without showing it. */
export function trapHiding(): void {
  const { bind } = Function.prototype;
  const binding = new safe.RealProxy(bind, {
    apply(target, self, args) {
      const bound: unknown = safe.apply(target, self, args);
      if (isObject(bound)) hides(bound, [self, ...args]);
      return bound;
    },
  });
  safe.defineProperty(Function.prototype, 'bind', {
    value: binding,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  const proxies = new safe.RealProxy(Proxy, {
    construct(target, args, newTarget) {
      const proxy = safe.construct(target, args, newTarget) as object;
      hides(proxy, args);
      return proxy;
    },
    get(target, key, receiver) {
      if (key !== 'revocable') return safe.get(target, key, receiver);
      return (...args: [object, object]) => {
        const made = target.revocable(...args);
        hides(made.proxy, args);
        return { ...made, revoke: spy(made.revoke, () => wroteState(made.proxy, args, 'a proxy')) };
      };
    },
  });
  safe.defineProperty(globalThis, 'Proxy', { value: proxies, writable: true, enumerable: false, configurable: true });
}

export function trapWeakCollections(): void {
  const judge = (name: string) => {
    return (holder: unknown, key: unknown, value?: unknown): void => {
      const writer = current();
      if (!writer || !isObject(holder) || !isObject(key)) return;
      // A restored process gives it another identity hash, under which no weak collection finds it again.
      if (key === globalThis) record('native-kept', `an entry of a ${name} for the global object`);
      chargeKept(key, writer);
      chargeKept(value, writer);
      hides(key, [value]);
      const owner = ownerOf(holder);
      if (owner === undefined || owner === writer) return;
      if (ownerOf(key) === undefined) return;
      record('foreign-write', name, owner === 'realm' ? undefined : owner.file);
    };
  };
  trap(WeakMap.prototype, ['set', 'delete'], judge('WeakMap'));
  trap(WeakSet.prototype, ['add', 'delete'], judge('WeakSet'));
}

function trap(
  prototype: object,
  names: readonly string[],
  judge: (holder: unknown, key: unknown, value?: unknown) => void,
): void {
  for (const name of names) {
    const original: unknown = safe.get(prototype, name);
    if (typeof original !== 'function') continue;
    const proxy = new safe.RealProxy(original, {
      apply(target, self, args: readonly unknown[]) {
        judge(self, args[0], args[1]);
        return safe.apply(target, self, args);
      },
    });
    Object.defineProperty(prototype, name, { value: proxy, writable: true, enumerable: false, configurable: true });
  }
}
