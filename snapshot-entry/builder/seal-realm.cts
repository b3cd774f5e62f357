// What is sealed of the language itself, for all baked modules alike.
import { type FixedSeal, keepShape } from '../launch/seal.cjs';
import { intrinsics } from '../shared/intrinsics.cjs';
import { SealMaker } from './seal-maker.cjs';

/** What language features reach without naming it (`[].slice`, `/x/.exec`, `const { parse } = JSON`). */
const REALM: readonly object[] = [
  ...[
    Object,
    Function,
    Array,
    String,
    Number,
    Boolean,
    Symbol,
    RegExp,
    Date,
    Promise,
    Map,
    Set,
    WeakMap,
    WeakSet,
    Error,
    TypeError,
    RangeError,
    SyntaxError,
    ReferenceError,
    EvalError,
    URIError,
    AggregateError,
  ],
  ...[JSON, Math, Reflect],
];

/** Accessors that language features ask without naming them (`[].map`, `text.replace(/x/)`). */
const ASKED: readonly object[] = [RegExp.prototype, Array, RegExp, Promise, Map, Set];

/** The own data properties of the language's built-ins and of their prototypes: a few hundred. */
export function sealRealm(): FixedSeal {
  const seal = new SealMaker();
  const holders = [...REALM];
  for (const holder of REALM) {
    const { prototype } = holder as { prototype?: unknown };
    if (typeof prototype === 'object' && prototype !== null) holders.push(prototype);
    if (typeof holder === 'function') seal.addReadable(holder, Symbol.hasInstance);
  }
  holders.push(Buffer, Buffer.prototype, Function.prototype, Uint8Array.prototype);
  const unnamed = intrinsics();
  const typedArray = unnamed['%TypedArray%'] as unknown as { readonly prototype: object };
  for (const holder of [...holders, typedArray.prototype, ...Object.values(unnamed)]) seal.addAll(holder);
  for (const holder of [...ASKED, typedArray.prototype]) seal.addAccessors(holder);
  seal.addKeyCount(Object.prototype);
  for (const key of ['platform', 'arch', 'version']) seal.add(process, key);
  // Accessors of Node's own.
  for (const name of ['Buffer', 'process']) seal.addReadable(globalThis, name);
  return seal.fixed(keepShape(holders.filter((holder) => typeof holder !== 'function')));
}
