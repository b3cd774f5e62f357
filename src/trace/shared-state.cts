// What all modules of a program share, and which of it changed since the last look: own properties of globalThis, of
// the language's constructors and prototypes, of the built-in modules that the program uses, and the environment.
// Of a variable only the name leaves this file. One look costs O(properties): some thousand descriptor reads.

import { loader } from './loader-types.cjs';
import { type Exceptions, WatchedObject } from './watched-object.cjs';

const { ownKeys, getOwnPropertyDescriptor: describe, getPrototypeOf } = Reflect;
const { isFrozen, prototype: plainPrototype } = Object;

const LANGUAGE =
  'Object Function Array String Number Boolean Symbol BigInt Promise Map Set WeakMap WeakSet WeakRef RegExp Date Error ' +
  'AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError ArrayBuffer SharedArrayBuffer ' +
  'DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array ' +
  'Float64Array BigInt64Array BigUint64Array Math JSON Reflect Atomics Proxy Intl Iterator FinalizationRegistry ' +
  'Buffer URL URLSearchParams Event EventTarget TextEncoder TextDecoder console';

/** Interfaces that Node loads when their property is first looked at: Headers, Blob, AbortController and the like. */
function webInterfaces(): Set<PropertyKey> {
  const language = new Set(LANGUAGE.split(' '));
  return new Set(
    ownKeys(globalThis).filter((key) => typeof key === 'string' && /^[A-Z]/.test(key) && !language.has(key)),
  );
}

const EXCEPTIONS: Readonly<Record<string, Exceptions>> = {
  globalThis: { unread: webInterfaces() },
  // Node's own bookkeeping, which changes as any program runs; what is watched here tells about itself.
  process: {
    ignored: new Set(['_events', '_eventsCount', '_maxListeners', '_exiting', 'mainModule', 'domain', 'exitCode']),
  },
  util: { unread: new Set(['parseArgs', 'diff', 'setTraceSigInt', 'MIMEType', 'MIMEParams']) },
  worker_threads: { unread: new Set(['locks']) },
};

/** The value of an own data property; undefined for what a getter would answer. */
function ownValue(owner: object, key: PropertyKey): unknown {
  return describe(owner, key)?.value;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

export class SharedState {
  readonly #watched: WatchedObject[] = [];
  readonly #seen = new Set<object>();
  readonly #builtins = new Set<string>();
  readonly #require: (name: string) => unknown;
  readonly #env = process.env;
  #variables = new Map<string, string | undefined>();
  #noted: string[] = [];

  /** `builtin` gives the exports of a built-in module without passing the watched loader. */
  constructor(builtin: (name: string) => unknown) {
    this.#require = builtin;
    this.#watch('globalThis', globalThis);
    for (const name of LANGUAGE.split(' ')) this.#watchWithPrototype(name, ownValue(globalThis, name));
    this.#watchWithPrototype('TypedArray', getPrototypeOf(Uint8Array));
    this.#watch('Iterator.prototype', getPrototypeOf(getPrototypeOf([][Symbol.iterator]()) ?? plainPrototype));
    this.#watch('process', process);
    // Reached by every module without a require: `module.constructor`, and process itself is an EventEmitter.
    this.watchBuiltin('module');
    this.watchBuiltin('events');
    this.#variables = this.#readVariables();
  }

  /**
   * Called when the program is about to be handed a built-in, so that what it then changes has a before. Loading it
   * here is what the program's own require does next.
   */
  watchBuiltin(name: string): void {
    if (this.#builtins.has(name)) return;
    this.#builtins.add(name);
    let exports: unknown;
    try {
      exports = this.#require(name);
    } catch {
      // The program's own require, which follows, fails in the same way and is told so.
      return;
    }
    const label = name === 'module' ? 'Module' : name;
    this.#watchWithPrototype(label, exports);
    if (isObject(exports)) this.#watchMembers(label, exports);
  }

  /** For changes that a watched property tells about itself. */
  note(what: string): void {
    this.#noted.push(what);
  }

  /** The names of what changed since the last look. */
  look(): string[] {
    const changed = this.#noted;
    this.#noted = [];
    for (let i = 0; i < this.#watched.length; i++) this.#watched[i]?.look(changed);
    this.#lookAtVariables(changed);
    return changed;
  }

  #watch(name: string, object: unknown): void {
    // What is frozen cannot change: constants need no looks.
    if (!isObject(object) || this.#seen.has(object) || isFrozen(object)) return;
    this.#seen.add(object);
    this.#watched.push(new WatchedObject(name, object, EXCEPTIONS[name] ?? {}));
  }

  #watchWithPrototype(name: string, object: unknown): void {
    this.#watch(name, object);
    if (typeof object === 'function') this.#watch(`${name}.prototype`, ownValue(object, 'prototype'));
  }

  /** Classes and name spaces one level below a built-in module: `http.Agent.prototype`, `path.posix`. */
  #watchMembers(label: string, exports: object): void {
    for (const key of ownKeys(exports)) {
      if (typeof key !== 'string' || key === '_cache' || key === '_pathCache') continue;
      if (EXCEPTIONS[label]?.unread?.has(key)) continue;
      const member = ownValue(exports, key);
      if (typeof member === 'function') {
        const prototype = ownValue(member, 'prototype');
        if (isObject(prototype) && ownKeys(prototype).length > 1) this.#watchWithPrototype(`${label}.${key}`, member);
      } else if (isObject(member) && this.#isNameSpace(member)) {
        this.#watch(`${label}.${key}`, member);
      }
    }
  }

  #isNameSpace(value: object): boolean {
    const prototype = getPrototypeOf(value);
    return (prototype === plainPrototype || prototype === null) && value !== process.env;
  }

  #readVariables(): Map<string, string | undefined> {
    const variables = new Map<string, string | undefined>();
    for (const name of Object.keys(this.#env)) variables.set(name, this.#env[name]);
    return variables;
  }

  #lookAtVariables(changed: string[]): void {
    const now = this.#readVariables();
    for (const [name, value] of now) {
      if (!this.#variables.has(name) || this.#variables.get(name) !== value) changed.push(`process.env.${name}`);
    }
    for (const name of this.#variables.keys()) if (!now.has(name)) changed.push(`process.env.${name}`);
    this.#variables = now;
  }
}

export function isBuiltin(name: string): boolean {
  return loader.isBuiltin(name);
}
