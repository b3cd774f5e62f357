// Brands of objects that a snapshot cannot hold. Found by prototypes, so no code of the object runs.
import utilTypes = require('node:util/types');

import * as ledger from './ledger.cjs';
import * as safe from './saved.cjs';

const brands = new safe.SafeMap<object, string>();

/** Built-in classes whose instances hold a native handle, by the module that exports them. */
const CLASSES: Readonly<Record<string, readonly string[]>> = {
  crypto: [
    'Hash',
    'Hmac',
    'Cipher',
    'Cipheriv',
    'Decipher',
    'Decipheriv',
    'Sign',
    'Verify',
    'KeyObject',
    'DiffieHellman',
    'ECDH',
    'X509Certificate',
  ],
  net: ['Socket', 'Server', 'BlockList'],
  dgram: ['Socket'],
  dns: ['Resolver'],
  fs: ['ReadStream', 'WriteStream', 'Dir'],
  tty: ['ReadStream', 'WriteStream'],
  vm: ['Script', 'SourceTextModule', 'SyntheticModule'],
  child_process: ['ChildProcess'],
  worker_threads: ['Worker', 'MessagePort', 'MessageChannel', 'BroadcastChannel'],
  readline: ['Interface'],
  zlib: [
    'Gzip',
    'Gunzip',
    'Deflate',
    'Inflate',
    'DeflateRaw',
    'InflateRaw',
    'Unzip',
    'BrotliCompress',
    'BrotliDecompress',
    'ZstdCompress',
    'ZstdDecompress',
  ],
  perf_hooks: ['PerformanceObserver'],
  v8: ['GCProfiler'],
};

/**
 * From Node 26 on, V8 works out the local time of a Date when it is made, and keeps it beside: in a heap it is that of the
 * builder's time zone, and the proof that compares heaps of two zones finds it.
 */
const keepsLocalTime = Number(process.versions.node.split('.')[0]) >= 26;

function brand(type: unknown, name: string): void {
  if (typeof type !== 'function') return;
  const prototype: unknown = safe.getOwnPropertyDescriptor(type, 'prototype')?.value;
  if (ledger.isObject(prototype)) brands.set(prototype, name);
}

export function brandBuiltin(name: string, exports: unknown): void {
  const classes = CLASSES[name] ?? [];
  if (!ledger.isObject(exports)) return;
  for (let i = 0; i < classes.length; i++) {
    const type = classes[i];
    if (type !== undefined) brand(safe.getOwnPropertyDescriptor(exports, type)?.value, `${name}.${type}`);
  }
}

export function brandGlobals(timeout: object): void {
  const prototype = safe.getPrototypeOf(timeout);
  if (prototype) brands.set(prototype, 'a timer');
  for (const key of safe.ownKeys(Intl)) {
    if (typeof key === 'string') brand(safe.getOwnPropertyDescriptor(Intl, key)?.value, `Intl.${key}`);
  }
  brand(FinalizationRegistry, 'FinalizationRegistry');
  if (keepsLocalTime) brand(Date, 'Date');
}

const exceptions: unknown = DOMException.prototype;

/** Whether it has a stack. Node 20 makes a DOMException of a plain object. */
export function hasStack(object: object): boolean {
  if (utilTypes.isNativeError(object)) return true;
  return !utilTypes.isProxy(object) && safe.getPrototypeOf(object) === exceptions;
}

/** The brand of a value that cannot be snapshotted, or undefined. */
export function keptNative(object: object): string | undefined {
  if (utilTypes.isProxy(object)) return undefined;
  if (utilTypes.isExternal(object)) return 'a native pointer';
  if (typeof object === 'function') return undefined;
  // A prototype that inherits from a branded one (`class X extends net.Socket`) holds no handle: only instances count.
  if (safe.getOwnPropertyDescriptor(object, 'constructor')) return undefined;
  let holder = safe.getPrototypeOf(object);
  for (let depth = 0; holder !== null && depth < 6 && !utilTypes.isProxy(holder); depth++) {
    const name = brands.get(holder);
    if (name !== undefined) return name;
    holder = safe.getPrototypeOf(holder);
  }
  return undefined;
}

const NATIVE = /\[native code\]/;
const textOf = safe.uncurry(Function.prototype.toString);
const language = new safe.SafeSet<unknown>();
for (const key of safe.ownKeys(globalThis)) language.add(safe.getOwnPropertyDescriptor(globalThis, key)?.value);

/** Whether a class of native code's own made it, whose objects keep what no script can see. */
export function isNativeObject(object: object): boolean {
  let holder: object | null = utilTypes.isProxy(object) ? null : object;
  for (let depth = 0; holder !== null && depth < 6 && !utilTypes.isProxy(holder); depth++) {
    const type: unknown = safe.originalOf(safe.getOwnPropertyDescriptor(holder, 'constructor')?.value);
    if (
      typeof type === 'function' &&
      !utilTypes.isProxy(type) &&
      !language.has(type) &&
      safe.testPattern(NATIVE, textOf(type))
    )
      return true;
    holder = safe.getPrototypeOf(holder);
  }
  return false;
}
