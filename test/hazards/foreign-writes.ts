// A module whose load changes what belongs to another one: each way of doing so, and the writer that must be named.
import { basename } from 'node:path';
import t from 'tap';
import { analyseProgram } from '../../src/hazards/analyse.js';
import { graphOf, MAJORS, nodeFor, programOf } from './graph-of.js';

/** `owner.js` and a `writer.js` that requires it; `subject` is part of what is said to have changed. */
const cases: Readonly<Record<string, { owner: string; writer: string; subject: string }>> = {
  counter: {
    owner: 'let count = 0; exports.up = () => { count++ }',
    writer: "require('./owner.js').up()",
    subject: 'count',
  },
  assignment: {
    owner: 'let cache\nexports.get = () => { if (!cache)\ncache = {}\nreturn cache }',
    writer: "require('./owner.js').get()",
    subject: 'cache',
  },
  destructured: {
    owner: 'let a, b; exports.set = (x) => { [a, { b }] = x }; exports.get = () => a + b',
    writer: "require('./owner.js').set([1, { b: 2 }])",
    subject: 'a',
  },
  factory: {
    owner: 'function make() { let n = 0; return () => ++n } exports.next = make()',
    writer: "exports.id = require('./owner.js').next()",
    subject: 'n',
  },
  'parameter of a factory': {
    owner: 'function make(n) { return () => ++n } exports.next = make(1)',
    writer: "exports.id = require('./owner.js').next()",
    subject: 'n',
  },
  'field initialiser': {
    owner: 'let ids = 0; exports.Item = class { id = ids++ }',
    writer: "const { Item } = require('./owner.js'); exports.item = new Item()",
    subject: 'ids',
  },
  'loop variable': {
    owner: 'let last; exports.run = (all) => { for (last of all) {} return last }',
    writer: "require('./owner.js').run([1, 2])",
    subject: 'last',
  },
  'exported object': {
    owner: 'exports.options = { a: 1 }',
    writer: "require('./owner.js').options.b = 2",
    subject: 'options',
  },
  'added export': { owner: 'exports.a = 1', writer: "require('./owner.js').b = 2", subject: 'exports.b' },
  'hidden array': {
    owner: 'const list = []; exports.add = (x) => list.push(x); exports.all = () => list',
    writer: "require('./owner.js').add(1)",
    subject: 'list',
  },
  generator: {
    owner: 'module.exports = (function* () { let i = 0; while (true) yield i++ })()',
    writer: "exports.id = require('./owner.js').next().value",
    subject: 'next',
  },
  'generator, spread': {
    owner: 'exports.all = (function* () { yield 1; yield 2 })()',
    writer: "exports.list = [...require('./owner.js').all]",
    subject: 'next',
  },
  'iterator of a Map': {
    owner: "exports.keys = new Map([['a', 1], ['b', 2]]).keys()",
    writer: "exports.key = require('./owner.js').keys.next().value",
    subject: 'next',
  },
  'hidden in a block': {
    owner: '{ const hidden = []; exports.add = (x) => hidden.push(x) }',
    writer: "require('./owner.js').add(1)",
    subject: 'hidden',
  },
  map: {
    owner: 'const known = new Map(); exports.add = (k, v) => known.set(k, v)',
    writer: "require('./owner.js').add('k', 1)",
    subject: 'known',
  },
  set: {
    owner: 'const known = new Set(); exports.add = (k) => known.add(k)',
    writer: "require('./owner.js').add('k')",
    subject: 'known',
  },
  'weak map': {
    owner: 'const seen = new WeakMap(); const key = {}; exports.key = key; exports.mark = (k) => seen.set(k, 1)',
    writer: "const { mark, key } = require('./owner.js'); mark(key)",
    subject: 'WeakMap',
  },
  'class prototype': {
    owner: 'exports.A = class A {}',
    writer: "require('./owner.js').A.prototype.extra = () => 1",
    subject: 'prototype',
  },
  'static member': { owner: 'exports.A = class A {}', writer: "require('./owner.js').A.extra = 1", subject: 'A' },
  listener: {
    owner: "module.exports = new (require('events').EventEmitter)()",
    writer: "require('./owner.js').on('x', () => {})",
    subject: 'events',
  },
  'private field': {
    owner: 'class R { #n = 0; up() { this.#n++ } } module.exports = new R()',
    writer: "require('./owner.js').up()",
    subject: '#n',
  },
  'private array': {
    owner: 'class R { #all = []; add(x) { this.#all.push(x) } } module.exports = new R()',
    writer: "require('./owner.js').add(1)",
    subject: '#private',
  },
  'static private': {
    owner: 'class R { static #n = 0; static up() { return ++R.#n } } module.exports = R',
    writer: "require('./owner.js').up()",
    subject: '#n',
  },
  frozen: { owner: 'exports.o = { a: 1 }', writer: "Object.freeze(require('./owner.js').o)", subject: 'exports.o' },
  bytes: { owner: 'exports.b = Buffer.alloc(4)', writer: "require('./owner.js').b[1] = 7", subject: 'exports.b' },
  // More than a Map can have keys.
  'many bytes': {
    owner: 'exports.b = Buffer.alloc(20_000_001)',
    writer: "require('./owner.js').b[20_000_000] = 7",
    subject: 'exports.b',
  },
  'an array buffer': {
    owner: 'const a = new ArrayBuffer(8); exports.get = () => new Uint8Array(a); exports.a = a',
    writer: "require('./owner.js').get()[3] = 7",
    subject: 'a',
  },
  'a large array buffer': {
    owner: 'const a = new ArrayBuffer(8192); exports.get = () => new Uint8Array(a); exports.a = a',
    writer: "require('./owner.js').get()[8191] = 7",
    subject: 'a',
  },
  'prototype of an object': {
    owner: 'exports.o = {}',
    writer: "Object.setPrototypeOf(require('./owner.js').o, { x: 1 })",
    subject: 'exports.o',
  },
};

for (const major of MAJORS) {
  t.test(`foreign writes on Node ${major}`, async (t) => {
    const files: Record<string, string> = {};
    const names = Object.keys(cases);
    names.forEach((name, index) => {
      files[`case${index}/owner.js`] = cases[name]?.owner ?? '';
      files[`case${index}/writer.js`] = cases[name]?.writer ?? '';
    });
    const program = programOf(files);
    t.teardown(() => program.remove());
    const node = nodeFor(major);
    const graph = graphOf(program.entry, node.path);
    const { analysis } = await analyseProgram({ graph, node, timeoutMs: 60_000, workDir: program.folder });
    names.forEach((name, index) => {
      const own = analysis.effects.filter(({ module }) => module.includes(`/case${index}/`));
      const found = own.filter(({ module, kind, subject, owner }) => {
        const right = kind === 'foreign-write' && subject.includes(cases[name]?.subject ?? '');
        return right && basename(module) === 'writer.js' && basename(owner ?? '') === 'owner.js';
      });
      t.ok(found.length > 0, `${name} names the writer`, { own });
      t.notOk(
        own.some(({ module }) => basename(module) === 'owner.js'),
        `${name} leaves the owner alone`,
        { own },
      );
    });
  });
}

t.test('members of one cycle may write to each other', async (t) => {
  const program = programOf({
    'a.js': "let n = 0; exports.up = () => { n++ }; require('./b.js'); exports.n = () => n",
    'b.js': "require('./a.js').up()",
  });
  t.teardown(() => program.remove());
  const node = nodeFor(24);
  const graph = graphOf(program.entry, node.path);
  const { analysis } = await analyseProgram({ graph, node, timeoutMs: 60_000, workDir: program.folder });
  const { makePlan } = await import('../../src/plan/make-plan.js');
  const plan = makePlan({ graph, analysis, facts: new Map() });
  const verdicts = plan.modules.filter(({ file }) => file !== graph.entry).map(({ verdict }) => verdict);
  t.same(verdicts, ['baked', 'baked'], 'and are baked together');
});
