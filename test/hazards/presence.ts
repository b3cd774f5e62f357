// What modules ask of all that is shared, and whether a builder can answer: members that are not there, whether they are,
// lists of them. What a plain run has and a builder has not, it is told of; what it cannot be told of is not baked.
import { existsSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import t from 'tap';
import type { SharedRead } from '../../src/graph/analysis.js';
import { analyseProgram } from '../../src/hazards/analyse.js';
import { rules } from '../../src/hazards/index.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { graphOf, MAJORS, nodeFor, programOf } from './graph-of.js';

interface Case {
  readonly source: string;
  /** `owner member`, as they are compared when the module is activated. */
  readonly reads?: readonly string[];
  /** The rule that keeps it out of a snapshot; absent: it is baked. */
  readonly rule?: string;
  /** On these versions alone; on others it is baked. */
  readonly only?: readonly number[];
}

const cases: Readonly<Record<string, Case>> = {
  'process-type': { source: "exports.x = process.type === 'renderer'", reads: ['globalThis.process type'] },
  'process-alias': {
    source: "const p = process; const { pkg } = p; exports.x = [pkg, p['brow' + 'ser']]",
    reads: ['globalThis.process pkg', 'globalThis.process browser'],
  },
  'process-versions': {
    source: "exports.x = [process.versions.electron, 'bun' in process.versions]",
    reads: ['globalThis.process versions', 'globalThis.process.versions electron', 'globalThis.process.versions bun'],
  },
  'process-kept-versions': { source: 'exports.x = process.versions', rule: 'HAZARD_PROCESS_STATE' },
  'process-config': { source: 'exports.x = process.config.variables', reads: ['globalThis.process config'] },
  'process-has-own': {
    source: "exports.x = [Object.hasOwn(process, 'a1'), process.hasOwnProperty('b1'), Reflect.has(process, 'c1')]",
    reads: ['globalThis.process a1', 'globalThis.process b1', 'globalThis.process c1'],
  },
  'process-list': { source: 'exports.x = Object.keys(process)', rule: 'HAZARD_PROCESS_STATE' },
  'global-in': { source: "exports.x = ['doc', 'ument'].join('') in globalThis", reads: ['globalThis document'] },
  'global-computed': { source: "exports.x = typeof globalThis['De' + 'no']", reads: ['globalThis Deno'] },
  'array-member': {
    source: "exports.x = [[].groupTo, 'zip' in []]",
    reads: ['globalThis.Array.prototype groupTo', 'globalThis.Array.prototype zip'],
  },
  'text-member': { source: "exports.x = ''.dedent", reads: ['globalThis.String.prototype dedent'] },
  'function-member': { source: 'exports.x = (() => 1).deferred', reads: ['globalThis.Function.prototype deferred'] },
  'static-alias': { source: 'const O = Object; exports.x = O.zip', reads: ['globalThis.Object zip'] },
  'iterator-member': { source: 'exports.x = [].values().sum', reads: ['globalThis.%ArrayIterator% sum'] },
  'map-size': { source: 'exports.x = new Map().size', reads: ['globalThis.Map.prototype size'] },
  description: { source: "exports.x = Symbol('x').description", reads: ['globalThis.Symbol.prototype description'] },
  pathname: { source: "exports.x = new URL('http://a/b').pathname", reads: ['globalThis.URL.prototype pathname'] },
  'class-method': {
    source: "exports.x = require('stream').Readable.prototype.read.name",
    reads: ['node:stream.Readable.prototype read'],
  },
  'class-instance': {
    source: "const w = new (require('stream').Writable)(); w.cork(); exports.x = w.writableCorked",
    reads: ['node:stream.Writable.prototype cork'],
  },
  'class-descriptor': {
    source:
      "exports.x = 'value' in Object.getOwnPropertyDescriptor(require('stream').Readable.prototype, 'read'); if (!exports.x) process.exit(1)",
    reads: ['node:stream.Readable.prototype read'],
  },
  'exit-code': { source: "exports.x = [process.exitCode, process['exitCode']]", rule: 'HAZARD_PROCESS_STATE' },
  'exit-code-name': { source: 'const { exitCode } = process; exports.x = exitCode', rule: 'HAZARD_PROCESS_STATE' },
  'function-static': {
    source: "exports.x = [require('stream').Readable.from, require('util').inspect.replace]",
    reads: ['node:stream.Readable from', 'node:util.inspect replace'],
  },
  'instance-member': { source: 'exports.x = performance.mark', reads: ['node:perf_hooks.performance mark'] },
  'builtin-list': { source: "exports.x = Object.keys(require('fs')).length", reads: ['node:fs [[members]]'] },
  'prototype-unchanged': {
    source:
      'const up = Object.getPrototypeOf; if (up([].constructor.prototype) !== Object.prototype || up(Error.prototype) !== Object.prototype || !([] instanceof Object) || !Object.prototype.isPrototypeOf(Map.prototype)) process.exit(1)',
  },
  'late-in': {
    source:
      "if (!('WebAssembly' in globalThis) || !('SharedArrayBuffer' in globalThis) || !('toSorted' in [])) process.exit(1)",
    reads: ['globalThis WebAssembly'],
  },
  'late-own': {
    source:
      "exports.x = [Object.hasOwn(Promise, 'try'), Error.hasOwnProperty('isError'), Reflect.has(Object, 'groupBy')]",
    reads: ['globalThis.Promise try', 'globalThis.Error isError', 'globalThis.Object groupBy'],
  },
  'late-globals': { source: 'exports.x = Object.getOwnPropertyNames(globalThis)', rule: 'HAZARD_FEATURE_TEST' },
  'late-loop': { source: 'exports.n = 0; for (const k in globalThis) exports.n++', rule: 'HAZARD_FEATURE_TEST' },
  'late-rest': { source: 'const { console, ...others } = globalThis; exports.x = others', rule: 'HAZARD_FEATURE_TEST' },
  'late-descriptor': {
    source: "exports.x = Object.getOwnPropertyDescriptor(Promise, 'try')",
    rule: 'HAZARD_FEATURE_TEST',
    only: [24, 26],
  },
  'late-names': {
    source:
      'exports.x = [Reflect.ownKeys(Set.prototype), Object.getOwnPropertyDescriptors(Error), Object.getOwnPropertyNames(Array.prototype)]',
    rule: 'HAZARD_FEATURE_TEST',
    only: [20, 22, 24, 26],
  },
  'late-iterator': {
    source: 'exports.x = typeof [].values().map',
    rule: 'HAZARD_FEATURE_TEST',
    only: [22],
  },
  'late-generator': {
    source:
      'const g = (function* () {})(); exports.x = [g.take, Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())).drop]',
    rule: 'HAZARD_FEATURE_TEST',
    only: [22],
  },
  'late-symbol': {
    source: 'exports.x = [].values()[Symbol.dispose]',
    rule: 'HAZARD_FEATURE_TEST',
    only: [24, 26],
  },
};

const files = Object.fromEntries(Object.entries(cases).map(([name, { source }]) => [`${name}.js`, source]));
const spelling = ({ owner, member }: SharedRead) =>
  `${owner} ${member}`.replace('globalThis.Iterator.prototype', 'globalThis.%Iterator%');

t.setTimeout(300_000);

for (const major of MAJORS) {
  t.test(`presence on Node ${major}`, async (t) => {
    const program = programOf(files);
    t.teardown(() => program.remove());
    const node = nodeFor(major);
    const graph = graphOf(program.entry, node.path);
    const { analysis, facts } = await analyseProgram({ graph, node, timeoutMs: 60_000, workDir: program.folder });
    const input = { graph, analysis, facts, mayWait: true };
    const plan = makePlan(input);
    for (const { file, verdict, code, reason } of plan.modules) {
      const name = basename(file, '.js');
      const found = cases[name];
      if (found === undefined) continue;
      const { reads = [], rule, only = MAJORS } = found;
      const isOut = rule !== undefined && only.includes(major);
      t.equal(verdict, isOut ? 'packed' : 'baked', `${name} is ${verdict}`, { reason });
      const seen = new Set(analysis.reads.filter(({ module }) => module === file).map(spelling));
      for (const read of reads) t.ok(seen.has(read), `${name} reads ${read}`, { seen: [...seen] });
      if (!isOut) continue;
      t.equal(code, rule, `${name} is kept out by its rule`);
      const without = makePlan({ ...input, rules: rules.filter((other) => other.code !== rule) });
      t.equal(
        without.modules.find((other) => other.file === file)?.verdict,
        'baked',
        `${name} would be baked without it`,
      );
    }
  });
}

const jest = 'perf/corpus/faults/node_modules/jest-environment-node/build/index.js';
const isInstalled = existsSync(jest);

for (const major of [22, 24, 26]) {
  t.test(`the environment of jest, Node ${major}`, { skip: isInstalled ? false : 'not installed' }, async (t) => {
    const file = realpathSync(jest);
    const program = programOf({ 'entry.js': `require(${JSON.stringify(file)})` });
    t.teardown(() => program.remove());
    const node = nodeFor(major);
    const graph = graphOf(program.entry, node.path);
    const { analysis, facts } = await analyseProgram({ graph, node, timeoutMs: 60_000, workDir: program.folder });
    const about = analysis.effects.filter(({ module, kind }) => module === file && kind === 'feature-test');
    t.match(about, [{ subject: 'the members of globalThis' }], 'it lists all globals');
    const planned = makePlan({ graph, analysis, facts, mayWait: true }).modules.find((module) => module.file === file);
    t.equal(planned?.verdict, 'packed');
  });
}
