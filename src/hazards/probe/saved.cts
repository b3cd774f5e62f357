// Originals of everything that the probe itself needs, taken before any traced module runs. Modules may patch
// built-ins; what the probe sees must not depend on that.
// Invariant: no probe file calls a prototype method on shared objects after start-up, except through this file.

export const { apply, construct, get, set, has, ownKeys, getOwnPropertyDescriptor, getPrototypeOf, defineProperty } =
  Reflect;
export const deleteProperty = Reflect.deleteProperty;
export const setPrototypeOf = Reflect.setPrototypeOf;
export const stringify = JSON.stringify;
export const parseJson = JSON.parse;
export const RealError = Error;
export const isArray = Array.isArray;
export const is = Object.is;
export const captureStackTrace = Error.captureStackTrace;
export const toText = String;
export const keyFor = Symbol.keyFor;
export const compareBytes = Buffer.compare;

/** A copy of a collection class whose methods no module can reach (Node's own `makeSafe`). */
function own<T extends object>(real: T, copy: T): void {
  for (const key of ownKeys(real)) {
    const descriptor = getOwnPropertyDescriptor(real, key);
    if (descriptor && key !== 'constructor') defineProperty(copy, key, descriptor);
  }
  setPrototypeOf(copy, null);
}

export class SafeMap<K, V> extends Map<K, V> {}
own(Map.prototype, SafeMap.prototype);
export class SafeSet<T> extends Set<T> {}
own(Set.prototype, SafeSet.prototype);
export class SafeWeakMap<K extends object, V> extends WeakMap<K, V> {}
own(WeakMap.prototype, SafeWeakMap.prototype);

export class SafeWeakSet<T extends object> extends WeakSet<T> {}
own(WeakSet.prototype, SafeWeakSet.prototype);

const originals = new SafeWeakMap<object, unknown>();

/** Makes proxies as `Proxy` does, and knows what each stands for. */
export const RealProxy = new Proxy(Proxy, {
  construct(target, args) {
    const proxy = construct(target, args) as object;
    originals.set(proxy, args[0]);
    return proxy;
  },
});

/** A function of the probe's that is no proxy shows the name, the length and the text of what it stands for. */
export function standFor(standIn: Callable, original: Callable): void {
  for (const key of ['name', 'length']) {
    const descriptor = getOwnPropertyDescriptor(original, key);
    if (descriptor) defineProperty(standIn, key, descriptor);
  }
  originals.set(standIn, original);
}

/** What a proxy of the probe's stands for; anything else stands for itself. */
export function originalOf(value: unknown): unknown {
  let original = value;
  while (typeof original === 'function' && originals.has(original)) original = originals.get(original);
  return original;
}

// biome-ignore lint/complexity/noBannedTypes: any callable, by design
export type Callable = Function;

/** `f.call(self, ...args)` by saved means: `uncurry(String.prototype.slice)(text, 1)`. */
export function uncurry<A extends unknown[], R>(
  method: (this: never, ...args: A) => R,
): (self: unknown, ...args: A) => R {
  return (self, ...args) => apply(method, self, args) as R;
}

export const startsWith = uncurry(String.prototype.startsWith);
export const endsWith = uncurry(String.prototype.endsWith);
export const slice = uncurry(String.prototype.slice);
export const lastIndexOf = uncurry(String.prototype.lastIndexOf);
export const indexOf = uncurry(String.prototype.indexOf);
export const charCodeAt = uncurry(String.prototype.charCodeAt);
export const toUtf8 = uncurry(Buffer.prototype.toString);
export const testPattern = uncurry(RegExp.prototype.test);
export const mapForEach = uncurry(Map.prototype.forEach);
export const functionText = uncurry(Function.prototype.toString);
export const sort = uncurry(Array.prototype.sort) as (names: string[]) => string[];
export const setForEach = uncurry(Set.prototype.forEach);
export const dateValue = uncurry(Date.prototype.getTime);
