// Modules that do nothing unsafe at load must be left alone: what is charged needlessly is needlessly slow.
import { basename } from 'node:path';
import t from 'tap';
import { analyseProgram } from '../../src/hazards/analyse.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { graphOf, MAJORS, nodeFor, programOf } from './graph-of.js';

const files = {
  'read-later.js': 'exports.f = () => [process.env.X, process.argv, Date.now(), process.stdout, new Error().stack]',
  'capture-env.js': 'const env = process.env; exports.f = () => env.HOME',
  'capture-process.js': "const { cwd } = process; exports.f = () => [cwd(), require('os').homedir()]",
  'classes.js':
    'class A extends Map { #x = 1; get x() { return this.#x } } class E extends Error {} module.exports = { A, E, a: new A() }',
  'inherits.js':
    "const { inherits } = require('util'); const { EventEmitter } = require('events'); function A() {} inherits(A, EventEmitter); A.prototype.x = 1; module.exports = A",
  'emitter.js': "const { EventEmitter } = require('events'); module.exports = new EventEmitter().on('x', () => {})",
  'own-data.js': "exports.x = require('fs').readFileSync(require('path').join(__dirname, 'data.txt'), 'utf8')",
  'own-place.js':
    "const fs = require('fs'); exports.x = [fs.realpathSync(__filename), fs.realpathSync.native(__dirname), fs.existsSync(require('path').dirname(__dirname))]",
  'data.txt': 'data',
  'own-state.js':
    'let n = 0; const list = []; const add = (x) => { n++; list.push(x) }; add(1); add(2); exports.n = () => n',
  'use-state.js':
    "const { map } = require('./library.js'); let n = 0; exports.all = map([1, 2], (x) => { n += x; return n })",
  'library.js':
    'exports.map = function map(list, f) { let i = 0; const all = []; list.forEach((x) => { i++; all.push(f(x, i)) }); return all }; exports.Base = class { constructor() { this.made = true } }',
  'derived.js': "const { Base } = require('./library.js'); class D extends Base {} module.exports = new D()",
  'main-test.js': 'exports.main = require.main === module; if (module === require.main) exports.run()',
  'platform.js':
    "exports.x = [process.platform, process.version, process.versions.v8, process.arch, require('os').EOL, require('os').platform()]",
  'dates.js': "exports.x = [new Date('2020-01-01T00:00:00Z').toISOString(), Date.UTC(2020, 1)]",
  'kept-date.js': 'exports.x = new Date(0)',
  'hash.js': "exports.x = require('crypto').createHash('sha1').update('x').digest('hex')",
  'promisify.js': "const { promisify } = require('util'); exports.read = promisify(require('fs').readFile)",
  'optional.js': "try { require('not-there') } catch { exports.x = 1 }",
  'cycle-a.js': "exports.early = 1; exports.b = require('./cycle-b.js'); exports.late = 2",
  'cycle-b.js': "const a = require('./cycle-a.js'); a.fromB = 1; exports.f = () => a.late",
  'interop.js':
    "Object.defineProperty(exports, '__esModule', { value: true }); const _lib = require('./library.js'); Object.keys(_lib).forEach((k) => Object.defineProperty(exports, k, { enumerable: true, get: () => _lib[k] }))",
  'umd.js':
    "(function (root, factory) { if (typeof define === 'function' && define.amd) define([], factory); else if (typeof module === 'object' && module.exports) module.exports = factory(); else root.x = factory() })(typeof self !== 'undefined' ? self : this, function () { return {} })",
  'weak.js':
    'const own = new WeakMap(); class A { constructor() { own.set(this, 1) } } module.exports = { A, a: new A() }',
  'use-weak.js': "const { A } = require('./weak.js'); exports.a = new A()",
  'console.js': 'exports.log = console.log.bind(console)',
  'json.js': "exports.version = require('./package.json').name",
  'buffer.js': "exports.x = Buffer.from('abc').toString('hex'); exports.y = new TextEncoder()",
  'symbols.js': "exports.s = Symbol.for('nodejs.util.inspect.custom'); exports.util = require('util').inspect.custom",
  'regexp.js': 'const r = /a/g; exports.x = r.test("a"); exports.f = (s) => s.replace(r, "")',
  'made-code.js':
    "exports.root = Function('return this')().Object; exports.sum = new Function('a', 'b', 'return a + b'); exports.wrap = new Function('f', 'return function (a) { return f.apply(this, arguments) }')((x) => x); exports.x = eval('({ a: 1 })')",
  'use-made-code.js': "exports.x = require('./made-code.js').wrap(1) + require('./made-code.js').sum(1, 2)",
  'shared.js':
    "exports.url = new URL('http://a/b?c=d'); exports.parameters = new URLSearchParams('a=1'); exports.decoder = new TextDecoder(); exports.events = new (require('events'))(); exports.list = [2, 1]; exports.ready = Promise.resolve(1); exports.pattern = /b/g; exports.bytes = Buffer.from('abc'); exports.map = new Map([[1, 2]]); exports.target = new EventTarget()",
  'reads-shared.js':
    "const { url, parameters, events, list, pattern, bytes, map, target } = require('./shared.js'); exports.x = [url.href, url.searchParams.get('c'), parameters.get('a'), [...parameters], events.listenerCount('x'), events.emit('y'), [...list].sort(), list.map((x) => x), Object.assign({}, { list }), 'abc'.replace(pattern, ''), 'ab'.match(/a/), bytes.toString('hex'), Buffer.concat([bytes]), [...map.keys()], new Map(map).set(3, 4).size, JSON.stringify(url), target.dispatchEvent === undefined]; map.set(1, 2); list.length = 2",
  'directive.js': "'use strict'\nlet n = 0\nfunction up() { n++ }\nup()\nexports.n = n",
  'late-later.js': 'exports.f = (h) => h instanceof Headers || new Response(FormData.prototype.x)',
  'http-later.js':
    "// Lines of its own.\nconst http = require('http')\nconst has = typeof http.Agent.prototype.destroy === 'function'\nexports.f = () => has",
  'others-later.js':
    "// Lines of its own.\nconst http2 = require('http2')\nconst tls = require('tls')\nconst https = require('https')\nexports.f = () => [http2, tls, https]",
  'worker-later.js': "// Lines of its own.\nconst { Worker } = require('worker_threads')\nexports.f = () => Worker",
  'storage.js':
    "const { AsyncLocalStorage, AsyncResource } = require('async_hooks'); exports.als = new AsyncLocalStorage(); exports.R = class extends AsyncResource {}; exports.E = class extends require('events').EventEmitterAsyncResource {}",
  'warm.js':
    "const util = require('util'); exports.x = [util.format('%o', {}), util.inspect({ a: [new Map()] }), util.deprecate(() => 1, 'm'), new URL('https://a.b/?c=d').href, structuredClone({}), require('zlib').constants.Z_OK]",
  'pools.js':
    "exports.x = Buffer.concat([Buffer.from('abc'), Buffer.allocUnsafe(9).fill(0)]).toString('base64'); exports.y = Buffer.from('x'.repeat(9000)).length; exports.z = Array.from({ length: 99 }, (_, i) => Buffer.from('long enough'.repeat(i)).length)",
  'lazy-members.js':
    "const fs = require('fs'); exports.x = [fs.promises.readFile, fs.ReadStream, require('stream').promises, require('dns').promises, require('net').BlockList, require('util').parseArgs]",
  'own-emitter.js':
    "const events = require('events'); const e = new events(); e.setMaxListeners(30); events.setMaxListeners(30, e); e.emit('x'); exports.e = e",
  'late-names-own.js': 'function union() {} exports.union = union; exports.o = { groupBy: 1 }',
};

/** From this version on V8 keeps beside a Date what time it was in the builder's zone. */
const KEEPS_LOCAL_TIME = 26;

for (const major of MAJORS) {
  t.test(`harmless modules on Node ${major}`, async (t) => {
    const program = programOf(files);
    t.teardown(() => program.remove());
    const node = nodeFor(major);
    const graph = graphOf(program.entry, node.path);
    const { analysis, facts } = await analyseProgram({ graph, node, timeoutMs: 60_000, workDir: program.folder });
    const plan = makePlan({ graph, analysis, facts, mayWait: true });
    t.notOk(
      analysis.reads.some(({ owner, member }) =>
        `${owner}.${member}`.match(/^(?:globalThis\.(?:Headers|Response|FormData)|node:http)\b/),
      ),
      'what no builder may look at is not compared',
    );
    const above = analysis.inputs.filter(({ path }) => program.folder.startsWith(path));
    t.same(above, [], 'folders above a module are no inputs');
    for (const { file, verdict, reason } of plan.modules) {
      if (file === graph.entry) continue;
      const isLeftOut = major >= KEEPS_LOCAL_TIME && basename(file) === 'kept-date.js';
      t.equal(verdict, isLeftOut ? 'packed' : 'baked', `${basename(file)} is ${verdict}`, { reason });
    }
    const own = analysis.inputs.filter(({ path }) => basename(path) === 'data.txt');
    t.ok(
      own.some(({ kind }) => kind === 'file'),
      'a file of its own package becomes an input',
    );
    const head = plan.modules.find(({ file }) => basename(file) === 'cycle-b.js')?.heads[0];
    t.equal(basename(head ?? ''), 'cycle-a.js', 'a baked cycle names the module that began it');
  });
}
