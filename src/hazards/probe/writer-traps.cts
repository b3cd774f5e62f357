// The language's own functions that write to an object that they are given: `Array.prototype.push`, `Object.assign`.
// Their writes have to be told here; assignments are told by the instrumented source. All other functions of the
// language only read; test/hazards/writers.ts knows every one.
import * as safe from './saved.cjs';
import { touch, wroteState } from './touched.cjs';
import { cellOf } from './value-cells.cjs';

/** Those that write to `this`, by the holder of the function. */
export const TO_THIS: Readonly<Record<string, string>> = {
  'Array.prototype': 'push pop shift unshift splice sort reverse fill copyWithin',
  'Map.prototype': 'set delete clear getOrInsert getOrInsertComputed',
  'Set.prototype': 'add delete clear',
  'Date.prototype':
    'setDate setFullYear setHours setMilliseconds setMinutes setMonth setSeconds setTime setYear setUTCDate ' +
    'setUTCFullYear setUTCHours setUTCMilliseconds setUTCMinutes setUTCMonth setUTCSeconds',
  'Object.prototype': '__defineGetter__ __defineSetter__',
  'TypedArray.prototype': 'set fill sort reverse copyWithin',
  'Uint8Array.prototype': 'setFromBase64 setFromHex',
  'DataView.prototype':
    'setInt8 setUint8 setInt16 setUint16 setInt32 setUint32 setFloat16 setFloat32 setFloat64 setBigInt64 setBigUint64',
  'ArrayBuffer.prototype': 'resize transfer transferToFixedLength transferToImmutable',
  'SharedArrayBuffer.prototype': 'grow',
  // The other methods of patterns come here, too.
  'RegExp.prototype': 'exec',
};
/** Those that write to their first argument; `Reflect.set` may name another one. */
export const TO_ARGUMENT: Readonly<Record<string, string>> = {
  Object: 'assign defineProperty defineProperties setPrototypeOf freeze seal preventExtensions',
  Reflect: 'set defineProperty deleteProperty setPrototypeOf preventExtensions',
  Atomics: 'add and compareExchange exchange or store sub xor',
};
function holderOf(name: string): object | undefined {
  if (name === 'TypedArray.prototype') return safe.getPrototypeOf(Uint8Array.prototype) as object;
  const [root = '', member] = name.split('.');
  const owner: unknown = safe.getOwnPropertyDescriptor(globalThis, root)?.value;
  if (member === undefined || owner === undefined) return owner as object | undefined;
  return safe.getOwnPropertyDescriptor(owner as object, member)?.value as object | undefined;
}

export type Before = (self: unknown, args: readonly unknown[], key: string) => void;

const trapping = new safe.SafeMap<unknown, object>();

/** A function that stands under several names is still one. */
export function trap(holder: object, key: string, before: Before): object | undefined {
  const cell = cellOf(holder, key);
  const descriptor = safe.getOwnPropertyDescriptor(holder, key);
  const original: unknown = cell === undefined ? descriptor?.value : cell.value;
  if (descriptor?.configurable !== true || typeof original !== 'function') return undefined;
  const value = trapping.get(original) ?? calling(original, before, key);
  trapping.set(original, value);
  if (cell === undefined) safe.defineProperty(holder, key, { ...descriptor, value });
  else cell.value = value;
  return value;
}

function calling(original: safe.Callable, before: Before, key: string): object {
  return new safe.RealProxy(original, {
    apply(target, self, args) {
      before(self, args, key);
      return safe.apply(target, self, args);
    },
  });
}

function trapAll(table: Readonly<Record<string, string>>, before: Before): void {
  for (const [name, keys] of Object.entries(table)) {
    const holder = holderOf(name);
    if (holder === undefined) continue;
    for (const key of keys.split(' ')) trap(holder, key, before);
  }
}

/** `a.v.compile('x')`: what a pattern looks for shows in no property of it. */
export function trapWriters(): void {
  trapAll(TO_THIS, (self) => touch(self));
  trapAll(TO_ARGUMENT, (_self, args, key) => {
    touch(args[0]);
    if (key === 'set') touch(args[3]);
  });
  trap(RegExp.prototype, 'compile', wroteState);
  const proto = safe.getOwnPropertyDescriptor(Object.prototype, '__proto__');
  const set: unknown = proto?.set;
  if (typeof set !== 'function') return;
  const setting = new safe.RealProxy(set, {
    apply(target, self, args) {
      touch(self);
      return safe.apply(target, self, args);
    },
  });
  safe.defineProperty(Object.prototype, '__proto__', { ...proto, set: setting as (value: unknown) => void });
}
