// Changes of another module's state that leave nothing to find when all has been loaded: what one module sets and another one
// puts back; and those that show in no property: fields of Node's own classes, iterators, promises, code made from texts.
import { basename } from 'node:path';
import t from 'tap';
import { analyseProgram } from '../../src/hazards/analyse.js';
import { graphOf, MAJORS, nodeFor, programOf } from './graph-of.js';

t.setTimeout(300_000);

/** `$` in the writers is the owner's exports. */
interface Case {
  readonly owner: string;
  readonly writer: string;
  /** Another module, which puts back what the writer has set. */
  readonly back?: string;
  /** The first major version whose builder has what is used. */
  readonly from?: number;
}

const cases: Readonly<Record<string, Case>> = {
  'a member': {
    owner: 'exports.cfg = { strict: false }',
    writer: '$.cfg.strict = true',
    back: '$.cfg.strict = false',
  },
  'a member by key': {
    owner: 'exports.cfg = { a: 0 }',
    writer: "$.cfg['a']++",
    back: "--$.cfg['a']",
  },
  'a member that is deleted': {
    owner: 'exports.cfg = {}',
    writer: '$.cfg.x = 1',
    back: 'delete $.cfg.x',
  },
  'a logical assignment': {
    owner: 'exports.cfg = { a: 0 }',
    writer: '$.cfg.a ||= 2',
    back: '$.cfg.a &&= 0',
  },
  'a pattern': {
    owner: 'exports.cfg = { a: 1 }',
    writer: '[$.cfg.a] = [2]',
    back: '({ x: $.cfg.a } = { x: 1 })',
  },
  'a loop': {
    owner: 'exports.cfg = { a: 1 }',
    writer: 'for ($.cfg.a of [2, 3]);',
    back: "for ($.cfg['a'] of [1]);",
  },
  'its require': { owner: 'exports.require = require', writer: '$.require.mine = 1', back: 'delete $.require.mine' },
  'its module': {
    owner: 'exports.module = module',
    writer: "$.module.paths.push('/mine')",
    back: '$.module.paths.pop()',
  },
  'a member of super': {
    owner: 'exports.o = { x: 0, set(v) { super.x = v } }',
    writer: '$.o.set(1)',
    back: '$.o.set(0)',
  },
  'a function of the owner': {
    owner: 'const state = { on: false }; exports.set = (v) => { state.on = v }',
    writer: '$.set(true)',
    back: '$.set(false)',
  },
  with: {
    owner: 'exports.o = { a: 1 }',
    writer: 'with ($.o) a = 2',
    back: 'with ($.o) a = 1',
  },
  'a parameter, by way of arguments': {
    owner:
      'let kept; function make(a) { kept = arguments; return () => a } exports.get = make(1); exports.set = (v) => { kept[0] = v }',
    writer: '$.set(2)',
    back: '$.set(1)',
  },
  'a variable of a switch': {
    owner: 'switch (1) { case 1: let list = []; exports.add = (x) => list.push(x); exports.drop = () => list.pop() }',
    writer: '$.add(1)',
    back: '$.drop()',
  },
  'an array': {
    owner: 'exports.list = []',
    writer: '$.list.push(1)',
    back: '$.list.pop()',
  },
  'a Map': {
    owner: 'exports.map = new Map()',
    writer: '$.map.set(1, 2)',
    back: '$.map.delete(1)',
  },
  'Object.assign': {
    owner: 'exports.o = { a: 1 }',
    writer: 'Object.assign($.o, { a: 2 })',
    back: 'Object.assign($.o, { a: 1 })',
  },
  'the receiver of Reflect.set': {
    owner: 'exports.o = { n: 0 }',
    writer: "Reflect.set({}, 'n', 1, $.o)",
    back: "Reflect.set({}, 'n', 0, $.o)",
  },
  'a getter': {
    owner: 'exports.o = {}',
    writer: "$.o.__defineGetter__('x', () => 1)",
    back: "Reflect.deleteProperty($.o, 'x')",
  },
  'the prototype': {
    owner: 'exports.o = {}',
    writer: '$.o.__proto__ = { x: 1 }',
    back: 'Object.setPrototypeOf($.o, Object.prototype)',
  },
  'the end of the last match': {
    owner: 'exports.pattern = /a/g',
    writer: "$.pattern.test('xa')",
    back: "'b'.replace($.pattern, '')",
  },
  'a pattern that is compiled anew': {
    owner: 'exports.pattern = /a/',
    writer: "$.pattern.compile('b')",
  },
  bytes: {
    owner: 'exports.bytes = Buffer.alloc(4)',
    writer: '$.bytes.writeInt8(1)',
    back: '$.bytes.writeInt8(0)',
  },
  'bytes of a new view': {
    owner: 'exports.buffer = new ArrayBuffer(4)',
    writer: 'new Uint8Array($.buffer)[0] = 1',
    back: 'new DataView($.buffer).setInt8(0, 0)',
  },
  'shared bytes': {
    owner: 'exports.buffer = new SharedArrayBuffer(4)',
    writer: 'new Int32Array($.buffer)[0] = 1',
    back: 'new Int32Array($.buffer).fill(0)',
  },
  'atomic bytes': {
    owner: 'exports.bytes = new Int32Array(new SharedArrayBuffer(4))',
    writer: 'Atomics.add($.bytes, 0, 1)',
    back: 'Atomics.sub($.bytes, 0, 1)',
    from: 22,
  },
  'a buffer that is resized': {
    owner: 'exports.buffer = new ArrayBuffer(8, { maxByteLength: 16 })',
    writer: '$.buffer.resize(16)',
    back: '$.buffer.resize(8)',
    from: 22,
  },
  'through a proxy': {
    owner: 'const target = { n: 0 }; exports.o = new Proxy(target, {})',
    writer: '$.o.n = 1',
    back: '$.o.n = 0',
  },
  'a proxy that is revoked': {
    owner: 'exports.p = Proxy.revocable({}, {})',
    writer: '$.p.revoke()',
  },
  'a listener': {
    owner: "module.exports = new (require('events'))()",
    writer: "$.on('x', (exports.f = () => {}))",
    back: "$.off('x', require('./set.js').f)",
  },
  'fields of URLSearchParams': {
    owner: "exports.p = new URLSearchParams('a=1')",
    writer: "$.p.append('x', '1')",
    back: "$.p.delete('x')",
  },
  'a setter of URL': {
    owner: "exports.u = new URL('http://a/b')",
    writer: "$.u.pathname = '/c'",
    back: "$.u.pathname = '/b'",
  },
  'the parameters of a URL': {
    owner: "exports.u = new URL('http://a/b')",
    writer: "$.u.searchParams.set('a', 'b')",
  },
  'an AbortController': {
    owner: 'exports.c = new AbortController()',
    writer: '$.c.abort()',
  },
  'an EventTarget': {
    owner: 'exports.t = new EventTarget()',
    writer: "$.t.addEventListener('x', () => {})",
  },
  'an Event': {
    owner: "exports.e = new Event('x', { cancelable: true })",
    writer: '$.e.preventDefault()',
  },
  'a class that inherits from one of Node\u2019s': {
    owner: "exports.p = new (class extends URLSearchParams {})('a=1')",
    writer: "$.p.sort(); $.p.set('x', '1')",
    back: "$.p.delete('x')",
  },
  'a MIME type': {
    owner: "exports.m = new (require('util').MIMEType)('text/plain')",
    writer: "$.m.subtype = 'x'",
    back: "$.m.subtype = 'plain'",
  },
  'a decoder in the midst of a character': {
    owner: "exports.d = new (require('string_decoder').StringDecoder)('utf8')",
    writer: '$.d.write(Buffer.from([0xe2]))',
    back: '$.d.end()',
  },
  'a decoder that is native': {
    owner: "exports.d = new TextDecoder('utf-16le')",
    writer: '$.d.decode(new Uint8Array([1]), { stream: true })',
  },
  'a native list': {
    owner: "exports.l = new (require('net').BlockList)()",
    writer: "$.l.addAddress('1.1.1.1')",
  },
  'a promise that is resolved': {
    owner: 'let resolve; exports.ready = new Promise((r) => { resolve = r }); exports.resolve = resolve',
    writer: '$.resolve(1)',
  },
  'a promise that is rejected': {
    owner:
      'let reject; exports.ready = new Promise((_, r) => { reject = r }); exports.ready.catch(() => {}); exports.reject = reject',
    writer: 'exports.x = $.reject(1)',
  },
  'the iterator of a text': {
    owner: "exports.i = 'abc'[Symbol.iterator]()",
    writer: 'exports.x = $.i.next().value',
  },
  'the iterator of a text, spread': {
    owner: "exports.i = 'abc'[Symbol.iterator]()",
    writer: 'exports.x = [...$.i]',
  },
  'the iterator of matches': {
    owner: "exports.i = 'abc'.matchAll(/./g)",
    writer: 'exports.x = [...$.i].length',
  },
  'the iterator of an array': {
    owner: 'exports.i = [1, 2].values()',
    writer: 'const [a] = $.i; exports.x = a',
  },
  'the iterator of bytes': {
    owner: 'exports.i = new Uint8Array(3).entries()',
    writer: 'for (const _x of $.i) break',
  },
  'the iterator of parameters': {
    owner: "exports.i = new URLSearchParams('a=1&b=2').keys()",
    writer: 'exports.x = $.i.next()',
  },
  'an asynchronous generator': {
    owner: 'exports.i = (async function* () { yield 1 })()',
    writer: 'exports.x = $.i.next()',
  },
  'an iterator helper': {
    owner: 'exports.i = [1, 2, 3].values().map((x) => x)',
    writer: 'exports.x = $.i.next()',
    from: 24,
  },
  'a function made by Function': {
    owner: "exports.up = new Function('let n = 0; return () => ++n')()",
    writer: '$.up()',
  },
  'a list of a function made by Function': {
    owner:
      "const l = Function('const l = []; return { add: (x) => l.push(x), drop: () => l.pop() }')(); module.exports = l",
    writer: '$.add(1)',
    back: '$.drop()',
  },
  'a function made by its constructor': {
    owner: "exports.up = (() => {}).constructor('let n = 0; return () => ++n')()",
    writer: '$.up()',
  },
  eval: {
    owner: "exports.up = eval('let n = 0; () => ++n')",
    writer: '$.up()',
  },
  'eval of a variable around it': {
    owner: "let n = 0; exports.up = () => eval('++n'); exports.down = () => eval('--n')",
    writer: '$.up()',
    back: '$.down()',
  },
  'eval in the global scope': {
    owner: "exports.up = (0, eval)('let n = 0; () => ++n')",
    writer: '$.up()',
  },
  'eval by another name': {
    owner: "const e = globalThis.eval; exports.up = e('(() => { let n = 0; return () => ++n })()')",
    writer: '$.up()',
  },
  'a script': {
    owner: "exports.up = require('vm').runInThisContext('(() => { let n = 0; return () => ++n })()')",
    writer: '$.up()',
  },
  'a function compiled by vm': {
    owner: "exports.up = require('vm').compileFunction('let n = 0; return () => ++n')()",
    writer: '$.up()',
  },
  'a text in a text': {
    owner: 'exports.up = new Function(\'return eval("let n = 0; () => ++n")\')()',
    writer: '$.up()',
  },
  'a private field in a text': {
    owner: "exports.o = new (eval('(class { #n = 0; up() { return ++this.#n } })'))()",
    writer: '$.o.up()',
  },
};

const REQUIRED = "const $ = require('./owner.js');\n";

function filesOf(names: readonly string[]): Record<string, string> {
  const files: Record<string, string> = {};
  names.forEach((name, index) => {
    const { owner = '', writer = '', back } = cases[name] ?? {};
    files[`case${index}/owner.js`] = owner;
    files[`case${index}/set.js`] = REQUIRED + writer;
    if (back !== undefined) files[`case${index}/undo.js`] = REQUIRED + back;
  });
  return files;
}

for (const major of MAJORS) {
  t.test(`foreign writes that hide, on Node ${major}`, async (t) => {
    const names = Object.keys(cases).filter((name) => (cases[name]?.from ?? 0) <= major);
    const program = programOf(filesOf(names));
    t.teardown(() => program.remove());
    const node = nodeFor(major);
    const graph = graphOf(program.entry, node.path);
    const { analysis } = await analyseProgram({ graph, node, timeoutMs: 60_000, workDir: program.folder });
    names.forEach((name, index) => {
      const own = analysis.effects.filter(({ module }) => module.includes(`/case${index}/`));
      const writers = new Set(
        own.flatMap(({ module, kind, owner }) =>
          kind === 'foreign-write' && basename(owner ?? '') === 'owner.js' ? [basename(module)] : [],
        ),
      );
      const expected = cases[name]?.back === undefined ? ['set.js'] : ['set.js', 'undo.js'];
      t.same([...writers].sort(), expected, name, { own });
    });
  });
}
