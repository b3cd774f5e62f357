// A program changes, before it requires a module, what that module asks at load: a member that nobody has, a global, an
// accessor, a method of a built-in class. However the module was baked, it must say what plain Node says.
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import t from 'tap';
import { build, buildArguments, type Target, verdictOf } from '../harness/build.js';
import { runAccelerated, runPlain } from '../harness/compare.js';
import { write } from '../harness/files.js';
import { nodes, pathFolder, type TestNode } from '../harness/nodes.js';
import { repository, scratch } from '../harness/places.js';
import { baseEnvironment, run } from '../harness/run.js';

interface Change {
  /** Run before the module is required. */
  readonly change: string;
  readonly module: string;
}

const define = (holder: string, key: string, descriptor: string) =>
  `Object.defineProperty(${holder}, ${key}, { configurable: true, ${descriptor} })`;

const changes: Readonly<Record<string, Change>> = {
  type: { change: "process.type = 'renderer'", module: 'exports.v = process.type' },
  browser: { change: 'process.browser = true', module: 'const p = process; exports.v = p.browser === true' },
  versions: {
    change: define('process', "'versions'", "value: { ...process.versions, electron: '1' }"),
    module: 'exports.v = process.versions.electron',
  },
  versionsMember: { change: "process.versions.bun = '1'", module: "exports.v = 'bun' in process.versions" },
  processIn: { change: 'process.pkg = {}', module: "exports.v = 'pkg' in process" },
  processRest: {
    change: "process.resourcesPath = '/x'",
    module: 'const { resourcesPath } = process; exports.v = resourcesPath',
  },
  processOwn: { change: 'process.noAsar = 1', module: "exports.v = process.hasOwnProperty('noAsar')" },
  release: {
    change: define('process', "'release'", "value: { name: 'io.js' }"),
    module: 'exports.v = process.release.name',
  },
  globalIn: { change: 'globalThis.document = {}', module: "exports.v = 'document' in globalThis" },
  globalOwn: { change: 'globalThis.window = globalThis', module: "exports.v = Object.hasOwn(globalThis, 'window')" },
  globalUndefined: { change: 'globalThis.importScripts = undefined', module: "exports.v = 'importScripts' in global" },
  globalComputed: { change: 'globalThis.Deno = {}', module: "exports.v = typeof globalThis['De' + 'no']" },
  globalAccessor: {
    change: define('globalThis', "'performance'", "get: () => 'mine'"),
    module: 'exports.v = typeof performance',
  },
  globalParent: {
    change:
      'Object.setPrototypeOf(Object.getPrototypeOf(globalThis), { __proto__: Object.prototype, ActiveXObject: 1 })',
    module: "exports.v = 'ActiveXObject' in globalThis",
  },
  arrayMember: { change: define('Array.prototype', "'groupTo'", 'value: 1'), module: 'exports.v = [].groupTo' },
  textMember: { change: define('String.prototype', "'dedent'", 'value: 1'), module: "exports.v = ''['dedent']" },
  functionMember: {
    change: define('Function.prototype', "'deferred'", 'value: 1'),
    module: 'exports.v = (() => 1).deferred',
  },
  promiseMember: {
    change: define('Promise.prototype', "'done'", 'value: 1'),
    module: 'exports.v = Promise.resolve().done',
  },
  static: { change: define('Object', "'zip'", 'value: 1'), module: 'const O = Object; exports.v = O.zip' },
  anyMember: { change: define('Object.prototype', "'extra'", 'value: 1'), module: 'exports.v = {}.extra' },
  anySymbol: {
    change: define('Object.prototype', 'Symbol.toStringTag', "value: 'T'"),
    module: 'exports.v = String({})',
  },
  spreadable: {
    change: define('Array.prototype', 'Symbol.isConcatSpreadable', 'value: false'),
    module: 'exports.v = [].concat([1, 2, 3]).length',
  },
  iteratorMember: {
    change: define('Object.getPrototypeOf(Object.getPrototypeOf([].values()))', "'sum'", 'value: 1'),
    module: 'exports.v = [].values().sum',
  },
  generatorMember: {
    change: define('Object.getPrototypeOf(function* () {}).prototype', "'sum'", 'value: 1'),
    module: 'exports.v = (function* () {})().sum',
  },
  mapSize: { change: define('Map.prototype', "'size'", 'get: () => 9'), module: 'exports.v = new Map().size' },
  setSize: { change: define('Set.prototype', "'size'", 'get: () => 9'), module: 'exports.v = new Set().size' },
  description: {
    change: define('Symbol.prototype', "'description'", "get: () => 'd'"),
    module: "exports.v = Symbol('x').description",
  },
  source: { change: define('RegExp.prototype', "'source'", "get: () => 'mine'"), module: 'exports.v = /x/.source' },
  length: {
    change: define('Object.getPrototypeOf(Uint8Array.prototype)', "'length'", 'get: () => 7'),
    module: 'exports.v = new Uint8Array(1).length',
  },
  byteLength: {
    change: define('ArrayBuffer.prototype', "'byteLength'", 'get: () => 7'),
    module: 'exports.v = new ArrayBuffer(1).byteLength',
  },
  species: {
    change: define('Array', 'Symbol.species', 'get: () => class Mine extends Array {}'),
    module: 'exports.v = [1].map((x) => x).constructor.name',
  },
  hasInstance: {
    change: define('Error', 'Symbol.hasInstance', 'value: () => true'),
    module: 'exports.v = {} instanceof Error',
  },
  next: {
    change:
      "const { next } = Object.getPrototypeOf([].values()); Object.getPrototypeOf([].values()).next = function () { const r = next.call(this); return r.done ? r : { done: false, value: 'mine' } }",
    module: 'exports.v = [...[1, 2]]',
  },
  parent: {
    change: 'Object.setPrototypeOf(Array.prototype, Object.create(Object.prototype, { inherited: { value: 1 } }))',
    module: 'exports.v = [].inherited',
  },
  classParent: { change: 'Object.setPrototypeOf(Map, class { static x = 1 })', module: "exports.v = Map['x']" },
  frozen: {
    change: 'Object.freeze(Object.prototype)',
    module: 'const o = {}; o.toString = 1; exports.v = Object.keys(o)',
  },
  method: {
    change: "require('stream').Readable.prototype.read = function mine() {}",
    module: "exports.v = require('stream').Readable.prototype.read.name",
  },
  methodCalled: {
    change: "require('stream').Writable.prototype.cork = function () { this.mine = 1 }",
    module: "const w = new (require('stream').Writable)(); w.cork(); exports.v = w.mine",
  },
  webAccessor: {
    change: define('URL.prototype', "'pathname'", "get: () => 'mine'"),
    module: "exports.v = new URL('http://a/b').pathname",
  },
  builtinList: {
    change: "require('fs').extra = 1",
    module: "exports.v = Object.keys(require('fs')).includes('extra')",
  },
  inspectDefaults: {
    change: "require('util').inspect.defaultOptions.compact = false",
    module: "exports.v = require('util').inspect({ a: { b: 1 } })",
  },
  inspectStyles: {
    change: "require('util').inspect.styles.number = 'red'",
    module: "exports.v = require('util').inspect(1, { colors: true })",
  },
  inspectBytes: {
    change: "require('buffer').INSPECT_MAX_BYTES = 1",
    module: "exports.v = require('util').inspect(Buffer.from('abc'))",
  },
  highWaterMark: {
    change: "require('stream').setDefaultHighWaterMark(false, 99)",
    module: "exports.v = new (require('stream').PassThrough)().readableHighWaterMark",
  },
  highWaterMarkAsked: {
    change: "require('stream').setDefaultHighWaterMark(true, 5)",
    module: "exports.v = require('stream').getDefaultHighWaterMark(true)",
  },
  maxListeners: {
    change: "require('events').defaultMaxListeners = 99",
    module: "exports.v = new (require('events'))().getMaxListeners()",
  },
  maxListenersRead: {
    change: "require('events').defaultMaxListeners = 98",
    module: "exports.v = require('events').defaultMaxListeners",
  },
  captureRejections: {
    change: "require('events').captureRejections = true",
    module: "exports.v = require('events').captureRejections",
  },
  familyTimeout: {
    change: "require('net').setDefaultAutoSelectFamilyAttemptTimeout(777)",
    module: "exports.v = require('net').getDefaultAutoSelectFamilyAttemptTimeout()",
  },
  unescape: {
    change: "require('querystring').unescape = () => 'mine'",
    module: "exports.v = require('querystring').parse('a=%41').a",
  },
  escape: {
    change: "require('querystring').escape = () => 'mine'",
    module: "exports.v = require('querystring').stringify({ a: 'b c' })",
  },
  streamClass: {
    change: "require('fs').ReadStream = class Mine {}",
    module: "exports.v = require('fs').ReadStream.name",
  },
  registered: { change: "Array.prototype[Symbol.for('x')] = 1", module: "exports.v = [][Symbol.for('x')]" },
  registeredIn: { change: "globalThis[Symbol.for('y')] = 1", module: "exports.v = Symbol.for('y') in globalThis" },
  registeredOfBuiltin: {
    change: "require('fs')[Symbol.for('graceful')] = 1",
    module: "exports.v = require('fs')[Symbol.for('graceful')]",
  },
  constants: {
    change: define("require('fs').constants", "'O_MINE'", 'value: 1'),
    module: "exports.v = require('fs').constants.O_MINE",
  },
  constantsIn: {
    change: define("require('zlib').constants", "'Z_MINE'", 'value: 1'),
    module: "exports.v = 'Z_MINE' in require('zlib').constants",
  },
  features: { change: 'process.features.mine = 1', module: 'exports.v = process.features && process.features.mine' },
  releaseIn: {
    change: define('process.release', "'mine'", 'value: 1'),
    module: "exports.v = 'mine' in process.release",
  },
  releaseName: {
    change: define('process.release', "'name'", "value: 'io.js'"),
    module: 'exports.v = process.release.name',
  },
  hrtime: {
    change: define('process.hrtime', "'bigint'", 'value: null'),
    module: 'exports.v = process.hrtime.bigint === null',
  },
  staticAbsent: {
    change: "require('stream').Readable.sink = 1",
    module: "exports.v = 'sink' in require('stream').Readable",
  },
  staticMethod: {
    change: "require('stream').Readable.from = null",
    module: "exports.v = require('stream').Readable.from === null",
  },
  functionMark: {
    change: "require('fs').readFile.wrapped = true",
    module: "exports.v = require('fs').readFile.wrapped",
  },
  functionSymbol: {
    change: "require('util').inspect.custom = 'mine'",
    module: "exports.v = typeof require('util').inspect.custom",
  },
  nameSpace: { change: "require('path').win32.sep = '/'", module: "exports.v = require('path').win32.sep" },
  instanceAbsent: { change: 'performance.polyfill = 1', module: 'exports.v = performance.polyfill' },
  instanceMethod: { change: 'performance.mark = null', module: 'exports.v = performance.mark === null' },
  inheritedAbsent: {
    change: "require('dns').Resolver.prototype.cached = 1",
    module: "exports.v = require('dns').Resolver.prototype.cached",
  },
  storage: {
    change: "require('async_hooks').AsyncLocalStorage.prototype.peek = 1",
    module: "exports.v = new (require('async_hooks').AsyncLocalStorage)().peek",
  },
  intl: { change: 'Intl.Locale.prototype.region2 = 1', module: "exports.v = 'region2' in Intl.Locale.prototype" },
  generator: {
    change: 'Object.getPrototypeOf(async function* () {}).prototype.next = null',
    module: 'exports.v = (async function* () {})().next === null',
  },
  aggregate: {
    change: "AggregateError.prototype.message = 'mine'",
    module: 'exports.v = AggregateError.prototype.message',
  },
  deleted: { change: 'delete Promise.any', module: "exports.v = 'any' in Promise" },
  lateDeleted: { change: 'delete globalThis.WebAssembly', module: "exports.v = 'WebAssembly' in globalThis" },
};

/** Asked without a change: these are there in a plain run, whatever a builder has. */
const late: Readonly<Record<string, string>> = {
  lateIn: "exports.v = ['isError' in Error, 'WebAssembly' in globalThis, 'Iterator' in global, 'toSorted' in []]",
  lateOwn:
    "exports.v = [Object.hasOwn(Promise, 'try'), Error.hasOwnProperty('isError'), Reflect.has(Set.prototype, 'union')]",
  lateInherited: "exports.v = ['map' in [].values(), 'take' in (function* () {})(), Symbol.dispose in [].values()]",
  lateTaken: 'exports.v = [typeof [].values().map, typeof Array.fromAsync, typeof Promise.try]',
  lateList:
    'exports.v = [Object.getOwnPropertyNames(globalThis).sort(), Object.keys(globalThis), Reflect.ownKeys(Error).length, Object.keys(Object.getOwnPropertyDescriptors(Math))]',
  lateDescriptor:
    "exports.v = [Object.getOwnPropertyDescriptor(Promise, 'try'), Object.getOwnPropertyDescriptor(Set.prototype, 'union')]",
};

const entry = `const changes = {
${Object.entries(changes)
  .map(([name, { change }]) => `${name}() { ${change} },`)
  .join('\n')}
};
const { writeSync } = require('fs');
const { stringify } = JSON;
const [how, name] = process.argv.slice(2);
const show = (name) => writeSync(1, name + ' ' + stringify(require('./lib/' + name + '.js').v) + '\\n');
if (how === 'change') changes[name]();
if (how === 'all') for (const name of ${JSON.stringify([...Object.keys(changes), ...Object.keys(late)])}) show(name);
else show(name);
`;

function program(t: Test): string {
  const folder = scratch(t, 'guards');
  const modules = Object.entries({
    ...late,
    ...Object.fromEntries(Object.entries(changes).map(([n, c]) => [n, c.module])),
  });
  write(folder, {
    ...Object.fromEntries(modules.map(([name, text]) => [`lib/${name}.js`, text])),
    'cli.js': entry,
    'package.json': '{}',
  });
  return join(folder, 'cli.js');
}

t.setTimeout(900_000);

for (const node of nodes(t)) {
  await t.test(`what a program changes before it requires, Node ${node.name}`, async (t) => {
    const target = await build(t, node, { entry: program(t), train: ['all'] });
    const lines = new Map(
      (await runPlain(target, { args: ['all'] })).stdout.split('\n').map((l) => [l.split(' ')[0], l]),
    );
    t.equal((await runAccelerated(target, { args: ['all'] })).stdout, `${[...lines.values()].join('\n')}`, 'unchanged');
    for (const name of Object.keys(changes)) {
      const plain = await runPlain(target, { args: ['change', name] });
      const isMet = plain.stdout.trimEnd() !== lines.get(name);
      t.ok(isMet, `${name}: the change shows in a plain run`);
      // Node 20 adds a name to `fs` when a process begins: the list that is baked is never used, and packed.
      const verdict = node.name === 'v20' && name === 'builtinList' ? 'packed' : 'baked';
      t.equal(verdictOf(target, `/lib/${name}.js`), verdict, `${name} is ${verdict}`);
      const { stdout, stderr } = await runAccelerated(target, { args: ['change', name] }, { SNAP_DEBUG: '1' });
      t.match(stderr, /^snap: accelerated/, 'by the fast path');
      t.equal(stdout, plain.stdout, `${name}: as plain`);
    }
  });
}

interface Patch {
  /** Below dist. */
  readonly file: string;
  readonly code: RegExp;
  readonly instead: string;
}

/** Without what notes and compares more than values of properties. */
const patches: readonly Patch[] = [
  { file: 'snapshot-entry/launch/seal.cjs', code: /key\.now\(holder, value\) === value/, instead: 'true' },
  {
    file: 'snapshot-entry/launch/seal.cjs',
    code: /getPrototypeOf\(holder\) !== parents\[i\] \|\| !isExtensible\(holder\)/,
    instead: 'false',
  },
  {
    file: 'src/hazards/probe/shared-objects.cjs',
    code: /\(0, state_cjs_1\.recordRead\)\(path, member\)/,
    instead: 'undefined',
  },
];
/** Members of the language's own that are compared by their values alone. */
const byValue: readonly string[] = ['next', 'hasInstance', 'generator', 'aggregate', 'deleted'];

/** A copy of the tool without these mechanisms; undefined, and a failed test, where the code has moved. */
function crippled(t: Test): string | undefined {
  const copy = scratch(t, 'crippled');
  mkdirSync(join(copy, 'dist'));
  for (const part of ['src', 'snapshot-entry'])
    cpSync(join(repository, 'dist', part), join(copy, 'dist', part), { recursive: true });
  cpSync(join(repository, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));
  for (const { file, code, instead } of patches) {
    const changed = join(copy, 'dist', file);
    const text = readFileSync(changed, 'utf8');
    if (!t.equal(text.match(new RegExp(code, 'g'))?.length, 1, `${file} has ${code}, once`)) return undefined;
    writeFileSync(changed, text.replace(code, instead));
  }
  return join(copy, 'dist', 'src', 'cli', 'main.js');
}

async function buildCrippled(t: Test, node: TestNode, tool: string): Promise<Target> {
  const [ground, file] = [scratch(t, 'ground'), program(t)];
  const out = join(ground, 'artifact');
  const env = baseEnvironment(ground, pathFolder(ground, node));
  const args = buildArguments(node, out, 'cli', { entry: file, train: ['all'] });
  const { code, stderr } = await run('node', [tool, ...args], { cwd: ground, env, timeoutMs: 600_000 });
  t.equal(code, 0, 'it builds', { stderr });
  return { node, entry: file, out, launcher: join(out, 'cli'), ground, env };
}

for (const node of nodes(t, ['v24'])) {
  await t.test('without what is compared beside values', async (t) => {
    const tool = crippled(t);
    if (tool === undefined) return;
    const target = await buildCrippled(t, node, tool);
    for (const name of Object.keys(changes)) {
      const [plain, accelerated] = [
        await runPlain(target, { args: ['change', name] }),
        await runAccelerated(target, { args: ['change', name] }),
      ];
      t.equal(
        plain.stdout === accelerated.stdout,
        byValue.includes(name),
        `${name} is ${byValue.includes(name) ? 'still' : 'not'} noticed`,
      );
    }
  });
}
