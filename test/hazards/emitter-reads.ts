// Who uses the methods of EventEmitter at load depends on whoever replaces them: node:domain does, and the REPL loads it.
import { basename } from 'node:path';
import t from 'tap';
import type { Graph } from '../../src/graph/types.js';
import { analyseProgram } from '../../src/hazards/analyse.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { graphOf, MAJORS, nodeFor, programOf } from './graph-of.js';

interface Case {
  readonly source: string;
  /** What of EventEmitter must be among its reads; null: nothing may be. */
  readonly reads: readonly string[] | null;
}

const E = "const { EventEmitter } = require('events');";
/** Throws where the probe shows more, or less, than plain node. */
const SHOWN = `const shown = Object.keys(emitter).includes('emit');
if (!shown || emitter.emit() !== 1) throw new Error('it has no emit of its own')`;

const cases: Readonly<Record<string, Case>> = {
  'the class alone': { source: `${E} exports.E = EventEmitter`, reads: null },
  'a subclass': { source: `${E} exports.A = class extends EventEmitter { on() {} }`, reads: null },
  'a prototype': {
    source: `${E} function A() {} A.prototype = Object.create(EventEmitter.prototype); exports.A = A`,
    reads: null,
  },
  inherits: {
    source: `${E} function A() {} require('util').inherits(A, EventEmitter); exports.A = A`,
    reads: null,
  },
  'used later': { source: `${E} exports.make = () => new EventEmitter().on('x', () => {})`, reads: null },
  'an emitter': { source: `${E} exports.e = new EventEmitter()`, reads: ['events.init'] },
  'of a subclass': {
    source: `${E} class A extends EventEmitter {} exports.e = new A()`,
    reads: ['events.init'],
  },
  'an emitter of old': {
    source: `${E} function A() { EventEmitter.call(this) } exports.e = new A()`,
    reads: ['events.init'],
  },
  on: {
    source: `${E} exports.e = new EventEmitter().on('x', () => {})`,
    reads: ['events.init', 'events.prototype.on'],
  },
  'once, which uses on': {
    source: `${E} exports.e = new EventEmitter().once('x', () => {})`,
    reads: ['events.prototype.once', 'events.prototype.on'],
  },
  emit: { source: `${E} new EventEmitter().emit('x')`, reads: ['events.prototype.emit'] },
  'a method that is taken': {
    source: `${E} exports.emit = EventEmitter.prototype.emit`,
    reads: ['events.prototype.emit'],
  },
  'a method that is called on something else': {
    source: `${E} exports.n = EventEmitter.prototype.listenerCount.call({}, 'x')`,
    reads: ['events.prototype.listenerCount'],
  },
  'a stream': {
    source: "const { PassThrough } = require('stream'); exports.s = new PassThrough()",
    reads: ['events.init'],
  },
  'an own method': {
    source: `${E} const emitter = Object.create(EventEmitter.prototype); emitter.emit = () => 1; ${SHOWN}`,
    reads: null,
  },
  'an own method of a subclass': {
    source: `${E} class A extends EventEmitter { emit() { return 1 } } exports.x = A.prototype.emit()`,
    reads: null,
  },
  'a method that another module calls': { source: "require('./lib/maker').make()", reads: ['events.prototype.on'] },
};

const others = {
  'lib/maker.js': `${E} exports.make = () => Object.create(EventEmitter.prototype).on('x', () => {})`,
  'writes.js': `${E} const { setMaxListeners } = EventEmitter.prototype; let called = 0;
EventEmitter.prototype.setMaxListeners = function () { called++; return setMaxListeners.apply(this, arguments) };
new EventEmitter().setMaxListeners(1); if (called !== 1) throw new Error('it is not replaced')`,
};

/** The entry has replaced a method before it loads anything. */
function afterWrite(graph: Graph, what: string): Graph {
  const modules = graph.modules.map((module) => ({ ...module, writesBefore: [[0, 1]] as const }));
  return { ...graph, modules, writes: [{ by: graph.entry, what, line: 1 }] };
}

for (const major of MAJORS) {
  t.test(`EventEmitter on Node ${major}`, async (t) => {
    const named = Object.entries(cases).map(([, { source }], index) => [`case${index}.js`, source]);
    const program = programOf({ ...Object.fromEntries(named), ...others });
    t.teardown(() => program.remove());
    const node = nodeFor(major);
    const graph = graphOf(program.entry, node.path);
    const { analysis, facts } = await analyseProgram({ graph, node, timeoutMs: 60_000, workDir: program.folder });
    const readsOf = (file: string) =>
      analysis.reads
        .filter(({ module, owner }) => basename(module) === file && owner.startsWith('node:events'))
        .map(({ owner, member }) => `${owner}.${member}`.slice('node:'.length))
        .filter((name) => name === 'events.init' || name.startsWith('events.prototype.'));

    Object.entries(cases).forEach(([name, { reads }], index) => {
      const found = readsOf(`case${index}.js`);
      const own = analysis.effects.filter(({ module }) => basename(module) === `case${index}.js`);
      if (reads === null) t.same(found, [], `${name}: nothing`);
      else for (const read of reads) t.ok(found.includes(read), `${name}: ${read}`, { found });
      t.same(own, [], `${name}: and is no effect`);
    });
    t.same(readsOf('maker.js'), [], 'who has a function that does so has read nothing');

    const ofWriter = analysis.effects.filter(({ module }) => basename(module) === 'writes.js');
    t.same([...new Set(ofWriter.map(({ kind }) => kind))], ['builtin-write'], 'a replaced method is in force');
    const isWrite = ({ kind, subject }: { readonly kind: string; readonly subject: string }) =>
      kind === 'builtin-write' && subject === 'events.prototype.setMaxListeners';
    const writers = new Set(analysis.effects.filter(isWrite).map(({ module }) => basename(module)));
    t.same([...writers], ['writes.js'], 'and a write of who replaces it');

    const codes = (what: string) => {
      const { modules } = makePlan({ graph: afterWrite(graph, what), analysis, facts });
      const found = modules.filter(({ code }) => code === 'HAZARD_ORDER').map(({ file }) => basename(file));
      return Object.keys(cases).filter((_, index) => found.includes(`case${index}.js`));
    };
    t.same(
      codes('events.prototype.emit').sort(),
      ['a method that is taken', 'emit'],
      'only who uses what the program has replaced before cannot be baked',
    );
  });
}
