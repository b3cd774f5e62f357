// Every function of the language is tried on samples, in each Node: those that change what they are given are trapped.
import { execFileSync } from 'node:child_process';
import t from 'tap';
import { TO_ARGUMENT, TO_THIS } from '../../src/hazards/probe/writer-traps.cjs';
import { MAJORS, nodeFor } from './graph-of.js';

t.setTimeout(120_000);

/** Prints the name of each function that has changed a sample: `Array.prototype.push`. */
const SCRIPT = `
const samples = {
  'Object.prototype': () => ({ a: 1, length: 1 }),
  'Array.prototype': () => [3, , 1, 2],
  'Map.prototype': () => new Map([['a', 1]]),
  'Set.prototype': () => new Set(['a']),
  'Date.prototype': () => new Date(0),
  'RegExp.prototype': () => /a/g,
  'TypedArray.prototype': () => new Uint8Array([3, 1, 2]),
  'Uint8Array.prototype': () => new Uint8Array([3, 1, 2]),
  'DataView.prototype': () => new DataView(new ArrayBuffer(16)),
  'ArrayBuffer.prototype': () => new ArrayBuffer(8, { maxByteLength: 16 }),
  'SharedArrayBuffer.prototype': () => new SharedArrayBuffer(8, { maxByteLength: 16 }),
  'String.prototype': () => new String('xa'), 'Number.prototype': () => new Number(1), 'Boolean.prototype': () => new Boolean(true),
  'Symbol.prototype': () => Object(Symbol.iterator), 'BigInt.prototype': () => Object(1n),
  'Error.prototype': () => new Error('x'), 'Promise.prototype': () => Promise.resolve(1), 'Function.prototype': () => function () {},
};
const args = [[], [0], [1], ['a'], ['xa'], [0, 7], [1, 0, 9], [{ a: 2, b: 1 }], ['b', 2], ['c', () => 1], [() => 1], [12], [0, 7n], ['BBBB'], ['07'], [[1]]];
const statics = { Object, Reflect, Array, String, Number, Symbol, JSON, Math, Promise, Atomics: globalThis.Atomics, ArrayBuffer, Proxy };
const given = [() => ({ a: 1 }), () => [1, 2], () => new Int32Array(4)];
const more = [[], ['a'], ['z', 1], [{ z: 1 }], ['z', { value: 1 }], [{ z: { value: 1 } }], [null], [0, 5], [0, 0, 5], [0]];
const { apply, ownKeys, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
const { isExtensible } = Object, { stringify } = JSON, { from } = Array, { inspect } = require('util');
const bytes = (b) => { try { return from(new Uint8Array(b)) } catch { return 'gone' } };
function look(o) {
  const own = ownKeys(o).map((k) => { const d = getOwnPropertyDescriptor(o, k); return [String(k), String(d.value), d.writable, d.configurable, typeof d.get] });
  const inner = o instanceof Map || o instanceof Set ? [...o] : o instanceof Date ? +o : ArrayBuffer.isView(o) ? bytes(o.buffer) : o instanceof ArrayBuffer || o instanceof SharedArrayBuffer ? [o.byteLength, bytes(o)] : 0;
  return inspect([own, inner, isExtensible(o), prototypes.indexOf(getPrototypeOf(o))], { depth: 5 });
}
const holder = (name) => name === 'TypedArray.prototype' ? getPrototypeOf(Uint8Array.prototype) : globalThis[name.split('.')[0]].prototype;
const prototypes = Object.keys(samples).map(holder);
const changes = (before, o, call) => { const was = before(o); try { call() } catch {} return before(o) !== was };
const found = new Set();
for (const [name, make] of Object.entries(samples)) {
  for (const key of ownKeys(holder(name))) {
    const value = getOwnPropertyDescriptor(holder(name), key).value;
    if (typeof value !== 'function' || key === 'constructor') continue;
    for (const list of args) { const o = make(); if (changes(look, o, () => apply(value, o, list))) found.add(name + '.' + String(key)); }
  }
}
for (const [name, holder] of Object.entries(statics)) {
  for (const key of holder === undefined ? [] : ownKeys(holder)) {
    const value = getOwnPropertyDescriptor(holder, key).value;
    if (typeof value !== 'function' || key === 'prototype' || key === 'wait' || key === 'pause' || key === 'waitAsync') continue;
    for (const make of given) for (const rest of more) { const o = make(); if (changes(look, o, () => apply(value, holder, [o, ...rest]))) found.add(name + '.' + String(key)); }
  }
}
console.log(stringify([...found].sort()));
process.exit(0);
`;

/** They come to `exec`, whose trap tells of them. */
const BY_EXEC = /^RegExp\.prototype\.(?:test|compile|Symbol\(Symbol\.(?:match|replace|search|split|matchAll)\))$/;

function isTrapped(name: string): boolean {
  const cut = name.lastIndexOf('.');
  const [holder, key] = [name.slice(0, cut), name.slice(cut + 1)];
  const listed = TO_THIS[holder] ?? TO_ARGUMENT[holder] ?? '';
  return listed.split(' ').includes(key) || BY_EXEC.test(name);
}

for (const major of MAJORS) {
  t.test(`what writes to its arguments, on Node ${major}`, async (t) => {
    const said = execFileSync(nodeFor(major).path, ['-e', SCRIPT], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const found: string[] = JSON.parse(said);
    t.ok(found.includes('Array.prototype.push') && found.includes('Object.assign'), 'the samples show writers', {
      found,
    });
    t.same(
      found.filter((name) => !isTrapped(name)),
      [],
      'all of them are trapped',
    );
  });
}
