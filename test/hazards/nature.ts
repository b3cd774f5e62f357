// What a heap turns into something else when it is written and restored, wherever a module keeps it: its module is packed,
// or the statement that makes it waits. Without the rule all of it would be baked; and what is made and dropped is.
import { basename } from 'node:path';
import t from 'tap';
import { analyseProgram } from '../../src/hazards/analyse.js';
import { rules } from '../../src/hazards/index.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { graphOf, MAJORS, nodeFor, programOf } from './graph-of.js';

/** Packed for HAZARD_NATIVE_KEPT. */
const lost = {
  'shared-array.js': 'exports.all = [new Int32Array(new SharedArrayBuffer(4))]',
  'shared-without-prototype.js': 'exports.x = Object.setPrototypeOf(new SharedArrayBuffer(8), null)',
  'shared-subclass.js': 'class Own extends SharedArrayBuffer {} exports.x = new Own(8)',
  'shared-view.js': 'exports.x = new DataView(new SharedArrayBuffer(8), 4)',
  'shared-bytes.js': 'exports.x = Buffer.from(new SharedArrayBuffer(8))',
  'shared-clone.js': 'exports.x = structuredClone(new Uint8Array(new SharedArrayBuffer(8)))',
  'shared-in-generator.js':
    'function* give() { const s = new SharedArrayBuffer(8); yield 1; yield s } const given = give(); given.next(); exports.given = given',
  'shared-in-promise.js': 'exports.x = Promise.resolve(new SharedArrayBuffer(8))',
  'shared-in-iterator.js': 'exports.x = new Set([new SharedArrayBuffer(8)]).values()',
  'shared-in-eval.js': "exports.x = new Function('const s = new SharedArrayBuffer(8); return () => s')()",
  'shared-in-block.js': '{ const s = new SharedArrayBuffer(8); exports.x = () => s }',
  'weak-target.js': 'exports.w = new WeakRef({ v: 1 })',
  'weak-symbol.js': 'exports.w = (() => { try { return new WeakRef(Symbol()) } catch { return new WeakRef({}) } })()',
  'weak-private.js': 'class Cache { #w = new WeakRef({}); get() { return this.#w.deref() } } exports.c = new Cache()',
  'weak-subclass.js': 'class Own extends WeakRef {} exports.w = [new Own({})]',
  'weak-map-of-global.js': 'const w = new WeakMap([[globalThis, 1]]); exports.get = () => w.get(globalThis)',
  'weak-set-of-global.js': 'const w = new WeakSet(); w.add(globalThis); exports.has = () => w.has(globalThis)',
  'open-file.js': "exports.fd = require('fs').openSync(__filename)",
  'channel.js': 'exports.x = new MessageChannel()',
  'decoder.js': "exports.x = new TextDecoder('utf-16le')",
  'block-list.js': "exports.x = new (require('net').BlockList)()",
  'serializer.js': "exports.x = new (require('v8').Serializer)()",
  'hash-without-prototype.js': "exports.x = Object.setPrototypeOf(require('crypto').createHash('md5'), null)",
};

/** Baked, but for the second line, which waits. */
const waiting = {
  'cell.js':
    "'use strict'\nconst cell = new Int32Array(new SharedArrayBuffer(4))\nexports.sleep = (ms) => Atomics.wait(cell, 0, 0, ms)",
  'weak.js': "'use strict'\nconst weak = new WeakRef({})\nexports.get = () => weak.deref()",
};

const kept = {
  'dropped.js':
    "const get = Object.getOwnPropertyDescriptor(SharedArrayBuffer.prototype, 'byteLength').get; get.call(new SharedArrayBuffer(0)); exports.get = get",
  'tested.js':
    "exports.x = typeof SharedArrayBuffer === 'function' && new SharedArrayBuffer(1) instanceof SharedArrayBuffer",
  'weak-and-strong.js': 'exports.o = {}; exports.w = new WeakRef(exports.o)',
  'weak-dropped.js': 'exports.x = typeof new WeakRef({}).deref()',
  'closed-file.js':
    "const fs = require('fs'); const fd = fs.openSync(__filename); fs.readSync(fd, Buffer.alloc(2)); fs.closeSync(fd)",
  'heir.js': 'exports.own = Object.create(process); exports.all = [process, globalThis, performance, console]',
  'event-dropped.js': "exports.can = new CustomEvent('x') instanceof Event",
  'weak-keys.js': 'const w = new WeakMap(); w.set(process, 1).set(Array.prototype, 2); exports.get = (k) => w.get(k)',
  'resizable.js': 'const b = new ArrayBuffer(8, { maxByteLength: 16 }); exports.x = [b, new Uint8Array(b)]',
  'decoders.js': 'exports.x = [new TextDecoder(), new TextEncoder()]',
  'generator.js': 'function* give() { yield 1; yield 2 } const given = give(); given.next(); exports.given = given',
  'collections.js':
    'exports.x = [new Map([[{}, 1]]), new Set([1]).values(), new WeakMap(), [1][Symbol.iterator](), new Proxy({}, {}), async () => 1]',
  'derived.js': "const { Socket } = require('net'); class Own extends Socket {} exports.Own = Own",
};

/** Found by other rules, or by others too: work that Node does later, a clock that is read on the way, what Node counts. */
const others: Readonly<Record<string, readonly [codes: readonly string[], text: string]>> = {
  'timeout.js': [['HAZARD_ASYNC_WORK', 'HAZARD_BUILTIN_WRITE'], 'exports.signal = AbortSignal.timeout(20)'],
  'event.js': [['HAZARD_CLOCK'], "exports.event = new Event('x')"],
  'other-realm.js': [['HAZARD_NATIVE_KEPT', 'HAZARD_BUILTIN_WRITE'], "exports.x = require('vm').runInNewContext('[]')"],
};

t.setTimeout(300_000);

for (const major of MAJORS) {
  t.test(`what a heap does not keep, Node ${major}`, async (t) => {
    const odd = Object.fromEntries(Object.entries(others).map(([name, [, text]]) => [name, text]));
    const program = programOf({ ...lost, ...waiting, ...kept, ...odd });
    t.teardown(() => program.remove());
    const node = nodeFor(major);
    const graph = graphOf(program.entry, node.path);
    const { analysis, facts } = await analyseProgram({ graph, node, timeoutMs: 60_000, workDir: program.folder });
    const judge = (...off: readonly string[]) => {
      const active = rules.filter(({ code }) => !off.includes(code));
      const { modules } = makePlan({ graph, analysis, facts, rules: active, mayWait: true });
      return new Map(modules.map((module) => [basename(module.file), module]));
    };
    const [judged, unprotected] = [judge(), judge('HAZARD_NATIVE_KEPT')];
    for (const name of Object.keys(lost)) {
      t.match(judged.get(name), { verdict: 'packed', code: 'HAZARD_NATIVE_KEPT' }, `${name} is packed`);
      t.equal(unprotected.get(name)?.verdict, 'baked', `${name} would be baked without the rule`);
    }
    for (const name of Object.keys(waiting)) {
      t.match(judged.get(name), { verdict: 'baked', deferred: [{ line: 2 }] }, `${name} is baked, without line 2`);
      t.same(unprotected.get(name)?.deferred, [], `nothing of ${name} would wait without the rule`);
    }
    for (const name of Object.keys(kept)) {
      t.match(judged.get(name), { verdict: 'baked', deferred: [] }, `${name} is baked as it is`);
    }
    for (const [name, [codes]] of Object.entries(others)) {
      for (const code of codes) {
        const alone = judge(...codes.filter((other) => other !== code)).get(name);
        t.match(alone, { verdict: 'packed', code }, `${name} is packed for ${code}`);
      }
      t.equal(judge(...codes).get(name)?.verdict, 'baked', `${name} would be baked without`);
    }
  });
}
