// One object that all modules share, and what its own properties were at the last look. Descriptors are compared by
// identity, so no getter runs: neither a lazy one of Node's nor one of the program's. Some properties of Node's are
// lazy below JavaScript, and asking for their descriptor already loads them: of those only the presence is compared.

const { ownKeys, getOwnPropertyDescriptor: describe } = Reflect;
const { is, hasOwn } = Object;

/** In place of a setter: the property held a value. */
const DATA = Symbol('data');
/** In place of a setter: the property must not be read, or cannot change. */
const UNREAD = Symbol('unread');

export interface Exceptions {
  /** Changes that are not told. */
  readonly ignored?: ReadonlySet<PropertyKey>;
  /** Properties that are never read. */
  readonly unread?: ReadonlySet<PropertyKey>;
}

export class WatchedObject {
  readonly name: string;
  readonly object: object;
  readonly #exceptions: Exceptions;
  #keys: PropertyKey[] = [];
  #values: unknown[] = [];
  #setters: unknown[] = [];

  constructor(name: string, object: object, exceptions: Exceptions) {
    this.name = name;
    this.object = object;
    this.#exceptions = exceptions;
    this.#take(ownKeys(object));
  }

  /** Adds the names of what changed since the last look to `changed`, and remembers the new state. */
  look(changed: string[]): void {
    const keys = ownKeys(this.object);
    let same = keys.length === this.#keys.length;
    for (let i = 0; same && i < keys.length; i++) same = keys[i] === this.#keys[i] && this.#isUnchanged(i);
    if (same) return;
    this.#compare(keys, changed);
    this.#take(keys);
  }

  #isUnchanged(index: number): boolean {
    const key = this.#keys[index];
    if (key === undefined) return false;
    if (this.#setters[index] === UNREAD) return true;
    const found = describe(this.object, key);
    if (found === undefined) return false;
    if (hasOwn(found, 'value')) return this.#setters[index] === DATA && is(found.value, this.#values[index]);
    return this.#setters[index] === found.set && this.#values[index] === found.get;
  }

  #compare(keys: readonly PropertyKey[], changed: string[]): void {
    const now = new Set(keys);
    const before = new Set(this.#keys);
    for (const [index, key] of this.#keys.entries()) {
      if (!now.has(key) || !this.#isUnchanged(index)) this.#name(key, changed);
    }
    for (const key of keys) if (!before.has(key)) this.#name(key, changed);
  }

  #name(key: PropertyKey, changed: string[]): void {
    if (this.#exceptions.ignored?.has(key)) return;
    changed.push(typeof key === 'symbol' ? `${this.name}[${String(key)}]` : `${this.name}.${String(key)}`);
  }

  #take(keys: PropertyKey[]): void {
    this.#keys = keys;
    this.#values = [];
    this.#setters = [];
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] ?? '';
      if (this.#exceptions.unread?.has(key)) {
        this.#setters[i] = UNREAD;
        continue;
      }
      const found = describe(this.object, key);
      if (found?.writable === false && found.configurable === false) {
        this.#setters[i] = UNREAD;
        continue;
      }
      const isData = found === undefined || hasOwn(found, 'value');
      this.#values[i] = isData ? found?.value : found.get;
      this.#setters[i] = isData ? DATA : found.set;
    }
  }
}
