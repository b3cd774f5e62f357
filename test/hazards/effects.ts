// One small module for each kind of effect, on every Node version: the probe must charge it, and to this module.
import { basename } from 'node:path';
import t from 'tap';
import type { Effect, EffectKind } from '../../src/graph/analysis.js';
import { analyseProgram } from '../../src/hazards/analyse.js';
import { graphOf, MAJORS, nodeFor, programOf } from './graph-of.js';

interface Case {
  readonly source: string;
  readonly kind: EffectKind;
  /** Part of the subject. */
  readonly subject: string;
  readonly line?: number;
  /** The only major whose builder lacks the subject. */
  readonly only?: number;
}

const cases: Readonly<Record<string, Case>> = {
  'env-read': { source: '\nexports.x = process.env.SOME_NAME', kind: 'env-read', subject: 'SOME_NAME', line: 2 },
  'env-in': { source: "exports.x = 'SOME_NAME' in process.env", kind: 'env-read', subject: 'SOME_NAME' },
  'env-destructured': {
    source: 'const { SOME_NAME } = process.env; exports.x = SOME_NAME',
    kind: 'env-read',
    subject: 'SOME_NAME',
  },
  'env-in-function': {
    source: 'exports.f = () => process.env.SOME_NAME;\nexports.x = exports.f()',
    kind: 'env-read',
    subject: 'SOME_NAME',
    line: 1,
  },
  'env-spread': { source: 'exports.x = { ...process.env }', kind: 'env-enumerate', subject: 'process.env' },
  'env-write': { source: "process.env.SOME_NAME = '1'", kind: 'env-write', subject: 'SOME_NAME' },
  'env-delete': { source: 'delete process.env.SOME_NAME', kind: 'env-write', subject: 'SOME_NAME' },
  'env-node-process': {
    source: "exports.x = require('node:process').env.SOME_NAME",
    kind: 'env-read',
    subject: 'SOME_NAME',
  },
  argv: { source: 'exports.x = process.argv.slice(2)', kind: 'argv', subject: 'process.argv' },
  'exec-argv': { source: 'exports.x = process.execArgv', kind: 'argv', subject: 'process.execArgv' },
  pid: { source: 'exports.x = process.pid', kind: 'process-read', subject: 'process.pid' },
  'exec-path': { source: 'exports.x = process.execPath', kind: 'process-read', subject: 'execPath' },
  cwd: { source: 'exports.x = process.cwd()', kind: 'process-call', subject: 'process.cwd' },
  'cwd-resolve': { source: "exports.x = require('path').resolve('a')", kind: 'process-call', subject: 'process.cwd' },
  uid: { source: 'exports.x = process.getuid()', kind: 'process-call', subject: 'getuid' },
  title: { source: "process.title = 'mine'", kind: 'process-write', subject: 'title' },
  'process-member': { source: 'process.mine = 1', kind: 'process-write', subject: 'mine' },
  'process-cwd-replaced': { source: 'process.cwd = () => "/"', kind: 'process-write', subject: 'cwd' },
  listener: { source: "process.on('SIGINT', () => {})", kind: 'process-listener', subject: 'SIGINT' },
  stdout: { source: 'exports.x = process.stdout', kind: 'std-stream', subject: 'stdout' },
  'is-tty': { source: 'exports.x = process.stderr.isTTY', kind: 'std-stream', subject: 'stderr' },
  isatty: { source: "exports.x = require('tty').isatty(1)", kind: 'std-stream', subject: 'isatty' },
  homedir: { source: "const { homedir } = require('os'); exports.x = homedir()", kind: 'os', subject: 'os.homedir' },
  cpus: { source: "exports.x = require('node:os').cpus().length", kind: 'os', subject: 'os.cpus' },
  'date-now': { source: 'exports.x = Date.now()', kind: 'clock', subject: 'Date.now' },
  'new-date': { source: 'exports.x = new Date()', kind: 'clock', subject: 'new Date()' },
  performance: { source: 'exports.x = performance.now()', kind: 'clock', subject: 'performance.now' },
  hrtime: { source: 'exports.x = process.hrtime.bigint()', kind: 'clock', subject: 'hrtime' },
  random: { source: 'exports.x = Math.random()', kind: 'random', subject: 'Math.random' },
  'random-bytes': {
    source: "const { randomBytes } = require('crypto'); exports.x = randomBytes(8)",
    kind: 'random',
    subject: 'randomBytes',
  },
  'web-crypto': { source: 'exports.x = crypto.randomUUID()', kind: 'random', subject: 'randomUUID' },
  intl: { source: 'exports.x = new Intl.NumberFormat().format(1)', kind: 'locale', subject: 'Intl.NumberFormat' },
  'locale-compare': { source: "exports.x = 'a'.localeCompare('b')", kind: 'locale', subject: 'localeCompare' },
  zone: { source: 'exports.x = new Date(0).getTimezoneOffset()', kind: 'locale', subject: 'getTimezoneOffset' },
  'local-date': { source: 'exports.x = new Date(2020, 1, 1)', kind: 'locale', subject: 'local time' },
  'file-outside': {
    source: "exports.x = require('fs').readFileSync('/etc/hostname', 'utf8')",
    kind: 'file-outside',
    subject: '/etc/hostname',
  },
  'file-outside-stat': {
    source: "exports.x = require('fs').existsSync('/etc/hostname')",
    kind: 'file-outside',
    subject: '/etc/hostname',
  },
  'folder-above': {
    source: "exports.x = require('fs').statSync(require('path').dirname(__dirname)).mtimeMs",
    kind: 'file-outside',
    subject: '/',
  },
  'file-outside-promise': {
    source: "require('fs').promises.readFile('/etc/hostname').catch(() => {})",
    kind: 'file-outside',
    subject: '/etc/hostname',
  },
  'file-write': {
    source: "try { require('fs').writeFileSync('/tmp/never-written', '') } catch {}",
    kind: 'file-write',
    subject: '/tmp/never-written',
  },
  'file-write-destructured': {
    source: "const { mkdirSync } = require('fs'); try { mkdirSync('/tmp/never-made') } catch {}",
    kind: 'file-write',
    subject: 'never-made',
  },
  'file-write-promise': {
    source: "require('fs/promises').writeFile('/tmp/never-written', '').catch(() => {})",
    kind: 'file-write',
    subject: 'never-written',
  },
  'file-stream': {
    source: "require('fs').createWriteStream('/tmp/never-written').on('error', () => {})",
    kind: 'async-work',
    subject: 'nextTick',
  },
  network: {
    source: "try { require('net').connect(1, '127.0.0.1').on('error', () => {}) } catch {}",
    kind: 'network',
    subject: '',
  },
  dns: {
    source: "try { require('dns').lookup('localhost', () => {}) } catch {}",
    kind: 'network',
    subject: 'getaddrinfo',
  },
  spawn: {
    source: "try { require('child_process').spawn('true').on('error', () => {}) } catch {}",
    kind: 'spawn',
    subject: 'spawn',
  },
  'spawn-sync': {
    source: "try { require('child_process').execSync('true') } catch {}",
    kind: 'spawn',
    subject: 'spawn',
  },
  timer: { source: 'setTimeout(() => {}, 1).unref()', kind: 'async-work', subject: 'setTimeout' },
  'timer-module': { source: "require('timers').setImmediate(() => {})", kind: 'async-work', subject: 'setImmediate' },
  'next-tick': { source: 'process.nextTick(() => {})', kind: 'async-work', subject: 'nextTick' },
  microtask: { source: 'queueMicrotask(() => {})', kind: 'async-work', subject: 'queueMicrotask' },
  'promise-then': { source: 'Promise.resolve().then(() => {})', kind: 'async-work', subject: 'promise' },
  'promise-await': { source: '(async () => { await 1 })()', kind: 'async-work', subject: 'promise' },
  'global-write': { source: 'globalThis.mine = 1', kind: 'global-write', subject: 'mine' },
  'global-implicit': { source: 'mineToo = 1', kind: 'global-write', subject: 'mineToo' },
  'prototype-write': { source: 'Array.prototype.mine = 1', kind: 'builtin-write', subject: 'mine' },
  'builtin-write': {
    source: "require('fs').readFileSync = require('fs').readFileSync.bind(null)",
    kind: 'builtin-write',
    subject: 'readFileSync',
  },
  'constructor-write': { source: "require('events').EventEmitter.mine = 1", kind: 'builtin-write', subject: 'mine' },
  'class-prototype-write': {
    source: "require('stream').Readable.prototype.mine = 1",
    kind: 'builtin-write',
    subject: 'mine',
  },
  'symbol-registry': { source: "globalThis[Symbol.for('mine')] = {}", kind: 'global-write', subject: 'Symbol(mine)' },
  domain: { source: "require('domain')", kind: 'builtin-write', subject: 'domain' },
  'stack-limit': { source: 'Error.stackTraceLimit = 30', kind: 'stack-setting', subject: 'stackTraceLimit' },
  'stack-prepare': {
    source: 'const old = Error.prepareStackTrace; Error.prepareStackTrace = (e, s) => s; Error.prepareStackTrace = old',
    kind: 'stack-setting',
    subject: 'prepareStackTrace',
  },
  'stack-read': { source: "exports.x = new Error('x').stack.length", kind: 'stack-setting', subject: 'Error.stack' },
  'stack-capture': {
    source: 'const o = {}; Error.captureStackTrace(o)',
    kind: 'stack-setting',
    subject: 'captureStackTrace',
  },
  extensions: { source: "require.extensions['.mine'] = () => {}", kind: 'loader-read', subject: 'extensions' },
  'extensions-module': {
    source: "require('module')._extensions['.mine2'] = () => {}",
    kind: 'module-hook',
    subject: '.mine2',
  },
  'load-hook': {
    source:
      "const M = require('module'); const load = M._load; M._load = function () { return load.apply(this, arguments) }",
    kind: 'module-hook',
    subject: '_load',
  },
  'require-hook': {
    source:
      'const r = module.constructor.prototype.require; module.constructor.prototype.require = function (x) { return r.call(this, x) }',
    kind: 'module-hook',
    subject: 'require',
  },
  'create-require': {
    source: "exports.x = require('module').createRequire(__filename)",
    kind: 'create-require',
    subject: 'createRequire',
  },
  cache: { source: 'exports.x = Object.keys(require.cache)', kind: 'loader-read', subject: 'require.cache' },
  'main-used': {
    source: 'exports.x = require.main && require.main.filename',
    kind: 'loader-read',
    subject: 'require.main',
  },
  parent: { source: 'exports.x = module.parent', kind: 'loader-read', subject: 'module.parent' },
  error: { source: "exports.x = new Error('kept')", kind: 'error-kept', subject: '' },
  'error-hidden': { source: "const e = new TypeError('kept'); exports.f = () => e", kind: 'error-kept', subject: 'e' },
  hash: {
    source: "const h = require('crypto').createHash('sha1'); exports.f = () => h",
    kind: 'native-kept',
    subject: 'Hash',
  },
  script: { source: "exports.s = new (require('vm').Script)('1')", kind: 'native-kept', subject: 'Script' },
  'web-assembly': {
    source: "exports.x = typeof WebAssembly === 'object'",
    kind: 'feature-test',
    subject: 'WebAssembly',
  },
  'group-by': {
    source: "exports.x = typeof Object.groupBy === 'function'",
    kind: 'feature-test',
    subject: 'Object.groupBy',
    only: 22,
  },
  building: {
    source: "exports.x = require('v8').startupSnapshot.isBuildingSnapshot()",
    kind: 'feature-test',
    subject: 'startupSnapshot',
  },
  'builtin-list': {
    source: "exports.x = require('module').builtinModules.includes('fs')",
    kind: 'builtin-list',
    subject: 'builtinModules',
  },
  http: { source: "exports.x = require('http')", kind: 'unsnapshotable-builtin', subject: 'node:http' },
  headers: { source: 'exports.x = typeof Headers', kind: 'unsnapshotable-builtin', subject: 'Headers' },
  exit: {
    source: "if (require('./package.json').never === undefined) process.exit(0)",
    kind: 'exit',
    subject: 'process.exit',
  },
  output: { source: "console.log('hello')", kind: 'output', subject: 'console.log' },
  'output-fs': { source: "require('fs').writeSync(1, 'hello')", kind: 'output', subject: 'fs' },
  throws: { source: "throw new Error('no')", kind: 'throws', subject: 'no' },
  import: { source: "import('node:fs').catch(() => {})", kind: 'import', subject: 'node:fs' },
  'text-each-time': {
    source:
      "exports.f = new Function('const l' + process.hrtime.bigint() + ' = []; return (x) => [].push.call(this, x)')()",
    kind: 'made-code',
    subject: 'a text',
  },
  'script-with-state': {
    source: "exports.f = new (require('vm').Script)('let n = 0; () => ++n').runInThisContext()",
    kind: 'made-code',
    subject: 'a script',
  },
  'code-elsewhere': {
    source: "exports.f = require('vm').runInNewContext('let n = 0; () => ++n')",
    kind: 'made-code',
    subject: 'a script',
  },
  debuglog: { source: "exports.log = require('util').debuglog('mine')", kind: 'env-read', subject: 'NODE_DEBUG' },
};

/** The fixture that exits would end the plain run; it is loaded last. */
const files = Object.fromEntries(
  Object.entries(cases)
    .sort(([a], [b]) => Number(a === 'exit') - Number(b === 'exit'))
    .map(([name, { source }]) => [`${name}.js`, source]),
);

function matches(effect: Effect, name: string, { kind, subject, line }: Case): boolean {
  if (basename(effect.module) !== `${name}.js` || effect.kind !== kind || !effect.subject.includes(subject))
    return false;
  return line === undefined || effect.at === `${effect.module}:${line}`;
}

for (const major of MAJORS) {
  t.test(`effects on Node ${major}`, async (t) => {
    const program = programOf(files);
    t.teardown(() => program.remove());
    const node = nodeFor(major);
    const graph = graphOf(program.entry, node.path);
    const { analysis } = await analyseProgram({ graph, node, timeoutMs: 60_000, workDir: program.folder });
    for (const [name, expected] of Object.entries(cases)) {
      if (expected.only !== undefined && major !== expected.only) continue;
      const own = analysis.effects.filter(({ module }) => basename(module) === `${name}.js`);
      const found = own.some((effect) => matches(effect, name, expected));
      t.ok(
        found,
        `${name} is charged`,
        found ? {} : { own: own.map(({ kind, subject, at }) => `${kind} ${subject} ${at}`) },
      );
    }
  });
}
