// A seal remembers the values that some properties had, and tells whether they still have them. Three things are
// sealed: Node's loader (hooked or not?), what baked modules read at load from built-ins and globals, and the exports of
// baked modules. Reading a sealed property must run no code of the user's, so only data properties are sealed.

type Holder = Record<PropertyKey, unknown>;

export class Seal {
  readonly #holders: Holder[] = [];
  readonly #keys: PropertyKey[] = [];
  readonly #values: unknown[] = [];

  /** Returns the position of what was added. Accessors are entered as always holding. */
  add(holder: object, key: PropertyKey): number {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    const isAccessor = descriptor !== undefined && !('value' in descriptor);
    const at = isAccessor ? { [key]: undefined } : (holder as Holder);
    this.#holders.push(at);
    this.#keys.push(key);
    return this.#values.push(at[key]) - 1;
  }

  holdsAt(position: number): boolean {
    const holder = this.#holders[position] as Holder;
    return holder[this.#keys[position] as PropertyKey] === this.#values[position];
  }

  holds(): boolean {
    for (let i = 0; i < this.#keys.length; i++) if (!this.holdsAt(i)) return false;
    return true;
  }
}

/**
 * The own data properties of a module's exports; null where there is nothing to seal. The global object is sealed by
 * what was read of it: even to look at some of its properties (`WebSocket`) loads what no snapshot can hold.
 */
export function sealExports(exports: unknown): Seal | null {
  if (exports === null || exports === globalThis || (typeof exports !== 'object' && typeof exports !== 'function'))
    return null;
  const seal = new Seal();
  let sealed = 0;
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(exports))) {
    if (!descriptor.enumerable || !('value' in descriptor)) continue;
    seal.add(exports, key);
    sealed++;
  }
  return sealed === 0 ? null : seal;
}
