// Instrumented sources must do what the plain ones do, on the same lines.
import { compileFunction, createContext } from 'node:vm';
import t from 'tap';
import { instrument } from '../../src/source/instrument.js';
import { quietHooks } from './harness/probe-hooks.js';

const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];

/** What a source exports, as JSON, with the hooks of the probe doing nothing. */
function run(source: string): string {
  const exports: Record<string, unknown> = {};
  const context = createContext({ ...quietHooks });
  compileFunction(source, PARAMETERS, { parsingContext: context })(exports, undefined, { exports }, 'f', 'd');
  return JSON.stringify(exports);
}

const sources: Readonly<Record<string, string>> = {
  'no semicolons':
    'let n = 0\nfunction up() {\n  const f = () => 1\n  n = f()\n  n++\n  ++n\n  ;[n] = [n + 1]\n  return n\n}\nexports.n = up()',
  'directives without semicolons':
    "'use strict'\nlet n\nfunction f() {\n'use strict'\nn = this === undefined\n}\nf()\nexports.n = n",
  'minified function': 'var a;function f(){a=1;return a}exports.x=f();var g=function(){a=2,a++;return a};exports.y=g()',
  'function at once': 'var a;(function(){a=1})();!function(){a++}();exports.a=a',
  'if without braces': 'let a; const f = (x) => { if (x) a = 1; else a = 2; return a }; exports.a = [f(1), f(0)]',
  'for without braces':
    'let a = 0; const f = () => { for (const x of [1, 2]) a += x; for (a = a; a < 9; a++) ; return a }; exports.a = f()',
  'concise arrow': 'let a; const f = (x) => a = x; exports.a = [f(3), a]',
  'names of functions': 'let f; const make = () => { f = function () {}; return f.name }; exports.n = make()',
  'names of arrows': 'let f; const make = () => (f = () => 1); make(); exports.n = f.name',
  'logical assignment': 'let a; const f = () => { a ??= 1; a ||= 2; a &&= 3; return a }; exports.a = f()',
  'destructuring defaults':
    'let a, b; const f = (o) => { ({ a = 5, b: { c: b } = { c: 6 } } = o); return [a, b] }; exports.x = f({})',
  'for of outer':
    'let k; const f = () => { const all = []; for (k of [1, 2]) all.push(k); for (k in { x: 1 }) all.push(k); return all }; exports.x = f()',
  presence:
    "const o = { a: 1, u: undefined }; exports.x = ['a' in o, !('b'in o), 'u'in{u:1}, ('a') in (o), 1 in [0, 1], 'a' in o === true, (() => 'a' in o)()]\n'a' in o\nexports.y = 'a' /* in */ in /* o */ o ? 1 : 2",
  'presence in loops and conditions':
    "const all = []; for (let i = ('x' in { x: 1 }) ? 0 : 9; i in [1, 2]; i++) all.push(i); if ('x' in all) all.push(9); exports.x = all",
  'presence of a private name':
    'class A { #a = 1; has(o) { return #a in o } } exports.x = [new A().has(new A()), new A().has({})]',
  'loops over names':
    'let k; const o = { a: 1 }, all = []; for (k in o, { b: 1 }) all.push(k); for (const l in o) all.push(l); const f = () => { for (k in o) all.push(k) }; f(); exports.x = all',
  'spreads and rests':
    'let b, r; const o = { a: 1, b: 2 }; const { a, ...others } = o; ({ b, ...r } = { ...o, c: 3 }); [{ ...r }] = [r]; for ({ ...r } of [o]); exports.x = [a, others, b, r, { ...(a && o), ...null }]',
  'private fields':
    'class A { #a = 1; static #s = 2; #m() { return this.#a } up() { this.#a++; A.#s += 1; return [this.#m(), A.#s] } } exports.x = new A().up()',
  'class without braces in heritage':
    'const o = { B: class {} }; class A extends (o.B) { #x = 1; get x() { return this.#x } } exports.x = new A().x',
  'static block': 'let n = 0; class A { static #p = 1; static { n = A.#p } } exports.n = n',
  'derived constructor':
    'class B {} class A extends B { constructor(x) { super(); this.f = () => { x++; return x } } } exports.x = new A(1).f()',
  'default parameters': 'let n = 0; function f(a = n++, b = () => a) { a++; return b() } exports.x = [f(), n]',
  generators: 'let n = 0; function* g() { n = yield n; n++ } const i = g(); i.next(); i.next(5); exports.n = n',
  labels: 'let n = 0; function f() { out: for (;;) { for (;;) { n++; break out } } return n } exports.n = f()',
  'stack of an error':
    "try { throw new Error('x') } catch (e) { exports.x = typeof e.stack, exports.y = e?.stack.length > 0 }",
  'stack assigned': "const e = new Error('x'); e.stack = 'mine'; exports.x = e.stack",
  arguments: 'function f() { arguments[0] = 2; const g = () => arguments[0]; return g() } exports.x = f(1)',
  shadowing: 'let x = 1; function f(x) { x = 2; { let x = 3; (() => { x = 4 })() } return x } exports.x = [f(0), x]',
  'catch parameter':
    'let m; function f() { try { throw 1 } catch (e) { const g = () => { e = 2 }; g(); m = e } return m } exports.x = f()',
  switch:
    'let m; function f(x) { switch (x) { case 1: let y = 1; m = () => { y++; return y }; return m() } } exports.x = f(1)',
  getter: 'let n = 0; const o = { get x() { return n++ }, set x(v) { n = v } }; o.x = 4; exports.x = [o.x, n]',
  hashbang: '#!/usr/bin/env node\nexports.x = 1',
  'comma in a statement': 'let a, b; function f() { a = 1, b = 2; return a + b } exports.x = f()',
  'nested assignments': 'let a, b; function f() { a = b = 3; return [a, b] } exports.x = f()',
  ternary: 'let a = 0; function f(x) { x ? a = 1 : a = 2; a++ ? 1 : 2; return a } exports.x = f(1)',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is in the program under test.
  template: 'let a = 0; function f() { return `${a = 1}${a++}` } exports.x = [f(), a]',
  'return assignment': 'let a; function f() { return a = 1 } exports.x = f()',
  'void and comma': 'let a; function f() { return void 0, a = 2, a } exports.x = f()',
  'async function': 'let a = 0; async function f() { a = 1; await a; a++ } f(); exports.x = a',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is in the program under test.
  'computed members': 'let k = 0; class A { [k++]() { return k } static [`s${k}`] = k } exports.x = [k, A.s1]',
  'loop closures':
    'const fs = []; for (let i = 0; i < 3; i++) { fs.push(() => i++) } exports.x = fs.map((f) => [f(), f()])',
  'loop closures without braces':
    'const fs = [];for (let i = 0;\ni < 5;\ni++) fs.push(() => i++)\nexports.x = fs.map((f) => [f(), f()])',
  'closures in the head of a loop':
    'const fs = []; for (let i = 0, g = () => i++, h = () => i; i < 3; fs.push(g, () => i), i++) fs.push(h)\nexports.x = fs.map((f) => f())',
  'loops in loops':
    'const fs = []\nfor (const i of [1, 2])\nfor (let j = 0; j < 2; j++)\nfs.push(() => [i, j++])\nexports.x = fs.map((f) => [f(), f()])',
  'a loop over keys': 'const fs = [];for (const k in { a: 1, b: 2 }) fs.push(() => k)\nexports.x = fs.map((f) => f())',
  'a labelled loop without braces':
    'const fs = []\nout: for (let i = 0; i < 2; i++) inner: for (let j = 0; j < 2; j++) if (fs.push(() => [i, j])) continue out\nexports.x = fs.map((f) => f())',
  'cases that fall through':
    'const fs = []; for (const x of [1, 2, 3]) switch (x) { case 1: let y = x; case 2: fs.push(() => typeof y); break; default: fs.push(() => (y = x)) }\nexports.x = fs.slice(0, 1).map((f) => f())',
  'an empty body': 'let g; for (let i = 0; i < 2; g = () => i, i++);\nexports.x = g()',
  'members that are written':
    'const o = { a: { b: 1 } }\no.a.b = 2\no.a.b++\n;[o.a.c, ...o.d] = [3, 4]\nfor (o.e of [5]) ;\no.f ??= 6, delete o.a.b, delete o?.a?.c, delete (o).g\nexports.o = o',
  'a member of super': 'const o = { f() { super.x = 1; super["y"] = 2; return this } }\nexports.x = o.f()',
  'a statement of a member': 'let n = 0; const f = () => { n = 1\nexports.n = n\n}\nf()',
  with: 'const o = { a: 1 }; with (o) a = 2\nexports.o = o',
  'direct eval':
    'let n = 1; const f = () => eval("n++; n"); exports.x = [f(), (0, eval)("typeof n"), eval?.("typeof n"), typeof eval]',
  'eval of its own': 'function eval(x) { return x + 1 }\nexports.x = [eval(1), (0, eval)(2), { eval }.eval(3)]',
};

for (const [name, source] of Object.entries(sources)) {
  const plain = source.replace(/^#!/, '//');
  for (const relaxedColumns of [false, true]) {
    const { code, facts } = instrument(source, { relaxedColumns });
    const what = `${name}${relaxedColumns ? ', relaxed' : ''}`;
    t.ok(facts.parsed, `${what}: parsed`);
    t.equal(run(code), run(plain), `${what}: same result`, { code });
    t.equal(code.split('\n').length, source.split('\n').length, `${what}: same lines`);
  }
}

t.test('a text that is evaluated', (t) => {
  const made = (source: string) => instrument(source, { isEvaluated: true }).code;
  t.equal(made('return this'), 'return this', 'is left alone where there is nothing to tell');
  t.match(made('let n = 0; () => ++n'), /^let __snap0=__snapC/, 'declares nothing around it');
  t.equal(run(`exports.x = eval(${JSON.stringify(made('let n = 0; (() => ++n)() + (() => ++n)()'))})`), '{"x":3}');
  t.end();
});

t.test('facts', (t) => {
  const { facts } = instrument(
    "const { x } = globalThis; exports.a = Object.assign({}, Array.prototype.slice); function f(y) { return y + free + typeof late }\nimport('x'); if (require.main === module) f(); exports.s = 'WebAssembly'; label: for (;;) break label",
  );
  t.same(facts.freeNames, ['Array', 'Object', 'free', 'globalThis', 'late', 'x']);
  t.same(facts.globalMembers, ['Array.prototype', 'Array.prototype.slice', 'Object.assign']);
  t.ok(facts.dynamicImports);
  t.ok(facts.nameStrings.includes('WebAssembly'));
  t.ok(instrument('eval("x")').facts.directEval);
  t.end();
});

t.test('nesting that no recursive walk survives', (t) => {
  const source = `exports.x = ${'('.repeat(100_000)}1${')'.repeat(100_000)}`;
  const { code, facts } = instrument(source);
  t.notOk(facts.parsed, 'is told');
  t.equal(code, source, 'and left alone');
  t.end();
});
