// Kinds of objects that a snapshot cannot hold. They are told by their prototypes, so no code of the object runs.
import utilTypes = require('node:util/types');
import vm = require('node:vm');

import { factsHere } from '../../target/facts-table.cjs';
import * as ledger from './ledger.cjs';
import * as safe from './saved.cjs';
import { isJudgedLater } from './survivors.cjs';

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
  net: ['Socket', 'Server', 'BlockList', 'SocketAddress'],
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

/** Kept, it is that of the builder's time zone, and the proof that compares heaps of two zones finds it. */
const { datesKeepLocalTime } = factsHere();

/** The language's own constructors. V8 writes what they make, but for what is branded here. */
const language = new safe.SafeSet<unknown>();
const textOf = safe.uncurry(Function.prototype.toString);
const NATIVE = /\{\s*\[native code\]\s*\}$/;

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
    // Some are loaded when they are first read.
    if (type !== undefined) brand(safe.get(exports, type), `${name}.${type}`);
  }
}

export function brandGlobals(timeout: object): void {
  const prototype = safe.getPrototypeOf(timeout);
  if (prototype) brands.set(prototype, 'a timer');
  for (const key of safe.ownKeys(Intl)) {
    if (typeof key === 'string') brand(safe.getOwnPropertyDescriptor(Intl, key)?.value, `Intl.${key}`);
  }
  brand(FinalizationRegistry, 'FinalizationRegistry');
  for (const name of vm.runInNewContext('Object.getOwnPropertyNames(globalThis)') as string[])
    language.add(safe.getOwnPropertyDescriptor(globalThis, name)?.value);
  for (const hidden of [
    Uint8Array,
    function* () {}.constructor,
    (async () => {}).constructor,
    async function* () {}.constructor,
  ])
    language.add(hidden);
  language.add(safe.getPrototypeOf(Uint8Array));
  // V8 gives it to none of a builder's realms.
  language.add(SharedArrayBuffer);
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
  if (isShared(object)) return 'a SharedArrayBuffer';
  if (datesKeepLocalTime && utilTypes.isDate(object)) return 'Date';
  // A prototype that inherits from a branded one (`class X extends net.Socket`) holds no handle: only instances count.
  if (isPrototype(object)) return undefined;
  const isCallable = typeof object === 'function';
  let holder = safe.getPrototypeOf(object);
  // What inherits from an object of native code (`Object.create(process)`) is none.
  let isInstance = true;
  for (let depth = 0; holder !== null && depth < 6 && !utilTypes.isProxy(holder); depth++) {
    const name = (isCallable ? undefined : brands.get(holder)) ?? (isInstance ? nativeMaker(holder) : undefined);
    if (name !== undefined) return name;
    isInstance &&= isPrototype(holder);
    holder = safe.getPrototypeOf(holder);
  }
  return undefined;
}

/** Whether a class of native code's own made it, whose objects keep what no script can see. */
export function isNativeObject(object: object): boolean {
  let holder: object | null = utilTypes.isProxy(object) ? null : object;
  for (let depth = 0; holder !== null && depth < 6 && !utilTypes.isProxy(holder); depth++) {
    if (nativeMaker(holder) !== undefined) return true;
    holder = safe.getPrototypeOf(holder);
  }
  return false;
}

/** Memory that threads share, or a view of it. */
function isShared(object: object): boolean {
  const isView = utilTypes.isArrayBufferView(object);
  const bufferOf = utilTypes.isDataView(object) ? ledger.bufferOfView : ledger.bufferOfArray;
  const buffer: unknown = isView ? safe.apply(bufferOf, object, []) : object;
  return utilTypes.isSharedArrayBuffer(buffer) && !isJudgedLater(buffer);
}

function isPrototype(object: object): boolean {
  const maker: unknown = safe.getOwnPropertyDescriptor(object, 'constructor')?.value;
  return ledger.isObject(maker) && safe.getOwnPropertyDescriptor(maker, 'prototype')?.value === object;
}

/** The class that this is the prototype of, where that is native code, and none of this realm's language. */
function nativeMaker(prototype: object): string | undefined {
  const maker = safe.originalOf(safe.getOwnPropertyDescriptor(prototype, 'constructor')?.value);
  if (typeof maker !== 'function' || utilTypes.isProxy(maker) || language.has(maker)) return undefined;
  if (safe.getOwnPropertyDescriptor(maker, 'prototype')?.value !== prototype) return undefined;
  if (!safe.testPattern(NATIVE, textOf(maker))) return undefined;
  return `${safe.toText(safe.getOwnPropertyDescriptor(maker, 'name')?.value)}, an object of native code`;
}
