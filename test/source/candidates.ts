// What may wait: the statements that can be left out of a load, and what has to wait with them.
import t from 'tap';
import { ts } from 'ts-morph';
import type { CandidateOptions } from '../../src/source/candidates.js';
import { instrument } from '../../src/source/instrument.js';
import { candidatesIn } from './harness/texts.js';

/** Names of each candidate; `a<b` where it needs the candidate that declares b. Of those that declare something. */
function found(source: string, options: CandidateOptions = {}): string[] {
  const all = candidatesIn(source, options);
  const candidates = all.filter(({ statement }) => !ts.isExpressionStatement(statement));
  const nameOf = (index: number) => candidates.find((candidate) => candidate.index === index)?.names.join('+') ?? '?';
  return candidates.map(({ names, needs }) => [names.join('+'), ...needs.map(nameOf)].join('<'));
}

type Table = Readonly<Record<string, readonly [source: string, candidates: readonly string[]]>>;

function check(title: string, table: Table, options: CandidateOptions = {}): void {
  t.test(title, (t) => {
    for (const [name, [source, candidates]] of Object.entries(table)) {
      t.same(found(source, options), candidates, name);
      t.same(
        instrument(source, options).facts.candidates.map(({ index, needs }) => ({ index, needs })),
        candidatesIn(source, options).map(({ index, needs }) => ({ index, needs })),
        `${name}: the analysis sees the same`,
      );
    }
    t.end();
  });
}

const INTEROP =
  'var __importDefault = (this && this.__importDefault) || function (mod) {\n' +
  '  return (mod && mod.__esModule) ? mod : { "default": mod };\n};\n';

const IMPORT_STAR =
  'var __importStar = (this && this.__importStar) || (function () {\n' +
  '  var ownKeys = function(o) {\n    ownKeys = Object.getOwnPropertyNames || function (o) { return []; };\n' +
  '    return ownKeys(o);\n  };\n  return function (mod) {\n    var result = {};\n' +
  '    for (var k = ownKeys(mod), i = 0; i < k.length; i++) result[k[i]] = mod[k[i]];\n    return result;\n  };\n})();\n';

const TO_ESM =
  'var __create = Object.create;\nvar __defProp = Object.defineProperty;\n' +
  'var __getOwnPropNames = Object.getOwnPropertyNames;\nvar __getProtoOf = Object.getPrototypeOf;\n' +
  'var __copyProps = (to, from) => {\n  for (let key of __getOwnPropNames(from))\n' +
  '    __defProp(to, key, { get: () => from[key] });\n  return to;\n};\n' +
  'var __toESM = (mod, target) => (target = __create(__getProtoOf(mod)), __copyProps(\n  target,\n  mod\n));\n';

check('requires', {
  const: ["const x = require('x');", ['x']],
  let: ["let x = require('x');", ['x']],
  var: ["var x = require('x');", ['x']],
  'a member': ["const x = require('x').a.b;", ['x']],
  'a template without parts': ['const x = require(`x`);', ['x']],
  'several declarators': ["const x = require('x'), y = require('y');", ['x+y']],
  'on several lines': ["const x = require('x'),\n  y = require('y');", ['x+y']],
  destructured: ["const { a, b: { c }, ...d } = require('x');", ['a+c+d']],
  'an array': ["const [a, , [b], ...c] = require('x');", ['a+b+c']],
  'no names': ["const {} = require('x');", ['']],
  'called at once': ["const x = require('x')('y');", ['x']],
  constructed: ["const x = new (require('x'))();", ['x']],
  'what no literal names': [
    'const x = require(__dirname);\nconst y = require(process.env.Y);\nconst z = require();',
    [],
  ],
  'what it needs is not said: it is bound for good': ["const x = require('x');\nconst y = x.y;", ['x', 'y']],
});

check('what compilers write', {
  'TypeScript default': [`${INTEROP}const x_1 = __importDefault(require("x"));`, ['x_1']],
  'TypeScript namespace': [
    'var __importStar = (this && this.__importStar) || function (mod) {\n' +
      '  var result = {};\n  for (var k in mod) result[k] = mod[k];\n  return result;\n};\n' +
      'const x = __importStar(require("x"));',
    ['x'],
  ],
  'TypeScript namespace, newer: what remembers something that is the same at each call': [
    `${IMPORT_STAR}const x = __importStar(require("x"));`,
    ['x'],
  ],
  'tslib: the helper is what a module exports': [
    'const tslib_1 = require("tslib");\nconst x_1 = tslib_1.__importDefault(require("x"));',
    ['tslib_1', 'x_1'],
  ],
  'Babel, the helper of the module last': [
    'var _x = _interopRequireDefault(require("x"));\n' +
      'function _interopRequireDefault(e) { return e && e.__esModule ? e : { default: e }; }',
    ['_x'],
  ],
  'Babel runtime: the helper is a module': [
    'var _interopRequireDefault = require("@babel/runtime/helpers/interopRequireDefault");\n' +
      'var _x = _interopRequireDefault(require("x"));',
    ['_interopRequireDefault', '_x'],
  ],
  esbuild: [
    `${TO_ESM}var import_x = __toESM(require("x"));`,
    ['__create', '__defProp', '__getOwnPropNames', '__getProtoOf', 'import_x'],
  ],
  rollup: [
    "var x = require('x');\n\nfunction _interopDefault (e) { return e && e.__esModule ? e : { default: e }; }\n\n" +
      'var x__default = /*#__PURE__*/_interopDefault(x);',
    ['x', 'x__default'],
  ],
  swc: [
    'const _x = /*#__PURE__*/ _interop_require_default(require("x"));\n' +
      'function _interop_require_default(obj) {\n  return obj && obj.__esModule ? obj : {\n    default: obj\n  };\n}',
    ['_x'],
  ],
  'swc helpers: the helper is what a module exports': [
    'const _h = require("@swc/helpers/_/_interop_require_default");\nconst _x = _h._(require("x"));',
    ['_h', '_x'],
  ],
  'two names, one file': [`${INTEROP}const a_1 = require("a"), b_1 = require("b");`, ['a_1+b_1']],
});

const CACHE =
  'function _cache(n) {\n  if (typeof WeakMap !== "function") return null;\n  var a = new WeakMap(), b = new WeakMap();\n';
const WILDCARD =
  'function _wildcard(obj, n) {\n  if (!n && obj && obj.__esModule) return obj;\n' +
  '  var cache = _cache(n);\n  if (cache && cache.has(obj)) return cache.get(obj);\n  var made = { __proto__: null };\n' +
  '  for (var key in obj) made[key] = obj[key];\n  return made.default = obj, cache && cache.set(obj, made), made;\n}\n';
const SELF = 'function f(n) {\n  var m = new WeakMap();\n  return (f = function (n) {\n    ';
const CELL = 'var m;\nfunction f(n) {\n  m || (m = new WeakMap());\n  ';
const USE = 'const x = f(require("x"));';
const MEMO = 'if (m.has(n)) return m.get(n);\n  var a = [n];\n  m.set(n, a);\n  return a;\n';

check('helpers that remember', {
  'Babel 7.8 to 7.22, swc': [
    `${CACHE}  return (_cache = function (n) { return n ? b : a; })(n);\n}\n${WILDCARD}var x = _wildcard(require("x"));`,
    ['x'],
  ],
  'Babel before': [
    `${CACHE}  _cache = function () { return a; };\n  return a;\n}\n${WILDCARD}var x = _wildcard(require("x"));`,
    ['x'],
  ],
  'one that replaces itself': [`${SELF}${MEMO}})(n);\n}\n${USE}`, ['x']],
  'one with a variable of its own': [`${CELL}${MEMO}}\n${USE}`, ['x']],
  'the answer is another the first time': [
    'function f() {\n  f = function () { return 2; };\n  return 1;\n}\nconst x = f();',
    [],
  ],
  'another place replaces it': [`${SELF}${MEMO}})(n);\n}\nf = () => 1;\n${USE}`, []],
  'an answer that counts': [`${SELF}m.set(n, (m.get(n) || 0) + 1);\n  return m.get(n);\n})(n);\n}\n${USE}`, []],
  'an answer that is not what is kept': [
    `${CELL}if (m.has(n)) return m.get(n);\n  var a = [n];\n  m.set(n, a);\n  return n;\n}\n${USE}`,
    [],
  ],
  'asks whether it was asked': [`${CELL}var a = m.has(n);\n  m.set(n, a);\n  return a;\n}\n${USE}`, []],
  'a map that others see': [`${CELL}${MEMO}}\nexports.size = () => m;\n${USE}`, []],
  'a variable with a value': [`var m = new WeakMap();\nfunction f(n) {\n  ${MEMO}}\n${USE}`, ['m']],
  'a map that is not weak': [`${CELL.replace('WeakMap', 'Map')}${MEMO}}\n${USE}`, []],
  forgets: [`${CELL}m.delete(n);\n  ${MEMO}}\n${USE}`, []],
  'TypeScript, a namespace with two names': [
    `${IMPORT_STAR}const x_1 = __importStar(require("x")), x = x_1;`,
    ['x_1+x'],
  ],
});

check('initialisers', {
  literals: [
    'const a = 1;\nconst b = "x";\nconst c = /r/g;\nconst d = null;\nconst e = 1n;',
    ['a', 'b', 'c', 'd', 'e'],
  ],
  'the environment': ['const a = process.env.A || "a";', ['a']],
  'a conditional': ['const a = process.platform === "win32" ? "a" : -1;', ['a']],
  'a template': [`const a = \`\${process.pid} of \${__filename}\`;`, ['a']],
  'optional chains': ['const a = process.env?.A?.[0];', ['a']],
  'fresh objects': ['const a = {};\nconst b = [];\nconst c = new Map();', ['a', 'b', 'c']],
  'typeof and void': ['const a = typeof window;\nconst b = void 0;', ['a', 'b']],
  spread: ['const a = [...process.argv, ,];', ['a']],
  'a function of the module that uses globals alone': ['const a = f();\nfunction f() { return process.env.A; }', ['a']],
  'a function of the module that counts': ['var n = 0;\nfunction f() { return n++; }\nconst a = f();', []],
  'one that somebody may give members': ['function f() { return f.n; }\nconst a = f();', []],
  'one that is handed on': ['function f() { return 1; }\n[].map(f);\nconst a = f();', []],
  'one that is assigned': ['function f() { return 1; }\nconst a = f();\nf = () => 2;', []],
  'one of two with a name': ['function f() { return 1; }\n{ function f() { return 2; } }\nconst a = f();', []],
  'one that calls what counts': [
    'var n = 0;\nfunction g() { return n++; }\nfunction f() { return g(); }\nconst a = f();',
    [],
  ],
  'one whose maker keeps a count': [
    'var f = (function () { var n = 0; return function () { return n++; }; })();\nconst a = f();',
    [],
  ],
  'one that gives members to a function beside it': [
    'var f = (function () { var g = function () {}; return function () { g.n = 1; return g.n; }; })();\nconst a = f();',
    [],
  ],
  'one that does not always remember the same': [
    'var f = (function () { var g = function () {}; return function (x) { g = x; return g; }; })();\nconst a = f(1);',
    [],
  ],
  'a function on lines between': ['const a = new Set(\n  Object.keys(Math).map((k) => Math[k]),\n);', ['a']],
  'a function on the first line': ['const a = Object.keys(Math).map((k) => Math[k]);', []],
  'a function with a block': ['const a = new Set(\n  Object.keys(Math).map((k) => { return k; }),\n);', []],
  'a function of names that may change': ['let n = 1;\nconst a = new Set(\n  [1].map((k) => n),\n);\nn = 2;', []],
  'a function of the module that is not called': ['const a = f;\nconst b = typeof f;\nfunction f() {}', []],
  'functions of the module that call each other': [
    'const a = f(3);\nfunction f(n) { return n === 0 ? 0 : g(n - 1); }\nfunction g(n) { return f(n); }',
    ['a'],
  ],
  'a function of the module with variables of its own': [
    'function f() { let n = 0; const up = () => { n++; }; up(); return n; }\nconst a = f();',
    [],
  ],
  'none at all': ['let a;\nvar b;\nlet c = 1, d;', []],
  'a function': ['const a = () => 1;\nconst b = function () {};\nconst c = (x => x)(1);', []],
  'an object with members': ['const a = { b: 1 };', []],
  'a class': ['const a = class {};', []],
  'an assignment': ['let n;\nconst a = n = 1;\nconst b = exports.b = 1;', []],
  'a count': ['let n = 0;\nconst a = n++;', []],
  'this, arguments in a function': ['const a = this.a;\nconst b = (function () { return arguments; })();', []],
  'import()': ['const a = import("x");', []],
  'a tagged template': ['const a = String.raw`x`;', []],
  'a deleted member': ['const a = delete globalThis.a;', []],
  'what a block disposes of': ['using a = open();', []],
  'what a block disposes of, among others': [
    "const a = require('x');\nusing b = a.open();\nconst c = a.d;",
    ['a', 'c'],
  ],
  'defaults in patterns': ['const { a = 1 } = require("a");\nconst [b = 1] = require("b");', []],
  'computed keys': ['const { [process.pid]: a } = require("a");', []],
});

check('state of the module', {
  'a variable that is assigned': ['let n = 0;\nconst a = n;\nn = 1;', []],
  'a variable that is no candidate': ['const o = { n: 1 };\nconst a = o.n;\no.n = 2;', []],
  'a function that reads state': ['let n = 0;\nfunction f() { return n; }\nconst a = f();\nn = 1;', []],
  'a function that writes state': ['let n = 0;\nfunction f() { return ++n; }\nconst a = f();', []],
  'state two functions away': [
    'let n = 0;\nfunction g() { return n; }\nfunction f() { return g(); }\nconst a = f();\nn = 1;',
    [],
  ],
  'a function with a memory': ['const f = (() => { let n = 0; return () => n++; })();\nconst a = f();', []],
  'a function that is replaced': ['function f() { return 1; }\nconst a = f();\nf = () => 2;', []],
  'a function that is declared twice': ['function f() { return 1; }\nconst a = f();\nfunction f() { return 2; }', []],
  'a function that reads the exports': ['function f() { return exports.n; }\nconst a = f();\nexports.n = 1;', []],
  'the exports': ['const a = exports.n;\nconst b = module.exports;\nconst c = module.id;', []],
  'a class': ['class C {}\nconst a = new C();\nC.n = 1;', []],
  'a function with members that change': ['function f() {}\nf.n = 1;\nconst a = f.n;\nf.n = 2;', []],
  'a function expression with members that change': [
    'const f = function () {};\nf.n = 1;\nconst a = f.n;\nf.n = 2;',
    [],
  ],
  'a function that is passed on, with members that change': [
    "const x = require('x');\nfunction f() {}\nf.n = 1;\nconst a = x(f);\nf.n = 2;",
    ['x'],
  ],
  'an arrow that reads the exports as this': ['const f = () => this.n;\nthis.n = 1;\nconst a = f();', []],
  'functions that use each other, one of which reads state': [
    'let n = 0;\nfunction f() { g; return n; }\nfunction g() { return f(); }\nconst a = f();\nconst b = g();\nn = 1;',
    [],
  ],
  'a function that makes a class of the module': ['class C {}\nfunction f() { return new C(); }\nconst a = f();', []],
});

check('needs', {
  'the name of a candidate': ['const a = process.env.A;\nconst b = a + 1;', ['a', 'b<a']],
  'a fresh object': ['const a = new Map();\nconst b = a.size;', ['a', 'b<a']],
  'two, one of them twice': ['const a = {};\nconst b = [];\nconst c = [a, b, a];', ['a', 'b', 'c<a<b']],
  'the nearest only': ['const a = [];\nconst b = a.b;\nconst c = b.c;', ['a', 'b<a', 'c<b']],
  'a name in a template, an argument, a key': [
    `const a = [];\nconst b = \`\${a}\`;\nconst c = String(a);\nconst d = process.env[a];`,
    ['a', 'b<a', 'c<a', 'd<a'],
  ],
  'any name of the statement': ['const { a, b } = process.env;\nconst c = b;', ['a+b', 'c<a+b']],
  'a member of that name is none': ['const a = [];\nconst b = process.env.a;', ['a', 'b']],
});

check('names', {
  'assigned later': ["let x = require('x');\nx = 1;", []],
  'assigned in a function': ["let x = require('x');\nfunction f() { x ||= 1; }", []],
  counted: ['let n = 0;\nexports.up = () => n++;', []],
  'assigned by a pattern': ['let a = 0;\nlet b = 0;\nlet c = 0;\n[a, { b, x: [...c] }] = [];', []],
  'assigned by a loop': ['let a = 0;\nlet b = 0;\nfor (a of []) {}\nfor ([b] of []) {}', []],
  'declared twice': ["var x = require('x');\nvar x = require('y');", []],
  'declared in a block too': ["var x = require('x');\nif (x) { var x = 1; }", []],
  'declared by a loop too': ["var x = require('x');\nfor (var x of []) {}", []],
  'a function of that name': ['var x = process.env.X;\nfunction x() {}', []],
  'a function of that name in a block': ['var x = process.env.X;\n{ function x() {} }', []],
  'shadowed in a block: a name that is declared anywhere else': ["const x = require('x');\n{ let x = 1; }", []],
  'shadowed in a function': ["const x = require('x');\nfunction f() { var x = 1; return x; }", []],
  'shadowed by a parameter': ["const x = require('x');\nconst f = (x) => x;", []],
  'shadowed by a pattern of a parameter': ["const x = require('x');\nfunction f({ a: [, ...x] }) {}", []],
  'shadowed by a caught error': ["const x = require('x');\ntry { f(); } catch (x) {}", []],
  'shadowed by the name of a function expression': ["const x = require('x');\nf(function x() {});", []],
  'shadowed by the name of a class': ["const x = require('x');\nf(class x {});", []],
  'shadowed by a variable that its parameter does not see': [
    "const a = require('x');\nfunction f(y = a) { var a; return y; }",
    [],
  ],
  'a function of that name in a strict block': [
    "'use strict';\nconst a = require('x');\nexports.v = (function () { { function a() {} } return a; })();",
    [],
  ],
  'members, labels and keys of that name': ["const x = require('x');\nx: for (;;) break x;\nf({ x: 1 }).x;", ['x']],
  'only read by prefix operators': [
    "const x = require('x');\nexports.a = () => [!x, -x, +x, ~x, typeof x, void x];",
    ['x'],
  ],
  'counted by prefix operators': ['let a = 0;\nlet b = 0;\nexports.up = () => [++a, --b];', []],
  'its members are assigned': ["const x = require('x');\nx.y = 1;\nx.y++;", ['x']],
  'one of several is assigned': ["let x = require('x'), y = require('y');\ny = 1;", []],
});

check('what can see every binding', {
  'direct eval': ["const x = require('x');\neval('x');", []],
  'direct eval in a function': ["const x = require('x');\nfunction f(s) { return eval(s); }", []],
  with: ["const x = require('x');\nwith (x) { y; }", []],
  'arguments at the top level': ["const x = require('x');\nexports.n = arguments.length;", []],
  'arguments of an arrow at the top level': ["const x = require('x');\nexports.n = () => arguments.length;", []],
  'arguments of a function': ["const x = require('x');\nfunction f() { return arguments; }", ['x']],
});

check('what modules are given', {
  'a require that is replaced': ["const a = require('x');\nrequire = require('esm')(module);", []],
  'a require that is replaced in a function': ["const a = require('x');\nfunction f(r) { require = r; }", []],
  'a require that is replaced by a pattern': ["const a = require('x');\n({ require } = a);\n[require = a] = [];", []],
  'exports that are replaced': ["const a = require('x');\nexports = module.exports = a;", []],
  'a module that is replaced': ["const a = require('x');\nfor (module of [a]) f();", []],
  'names of files that are replaced': ["const a = require('x');\n__filename += a;", []],
  'names of folders that are counted': ["const a = require('x');\n__dirname++;", []],
  'a variable of their name': ["const a = require('x');\nvar require;", []],
  'a function of their name': ["const a = require('x');\nfunction require() {}", []],
  'a parameter of their name': ["const a = require('x');\n(function (require, module, exports) {})();", ['a']],
  'an arrow that names a parameter so': ["const a = f(\n  (require) => require('x')\n);", []],
  'a variable of their name in a function': ["const a = require('x');\nfunction f() { var require; }", ['a']],
  'a variable of their name in a block': ["const a = require('x');\n{ var require; }", []],
  'a function with a parameter of their name that it changes': [
    "const a = require('x');\n(function (module) { module = 1; })();",
    [],
  ],
  'their members are assigned': [
    "const a = require('x');\nmodule.exports = a;\nexports.require = 1;\nrequire.a = 1;",
    ['a'],
  ],
});

check('places', {
  'two on a line': ["const x = require('x'); const y = require('y');", []],
  'before a statement': ["const x = require('x'); x();", []],
  'after a statement': ["x(); const y = require('y');", []],
  'on the line where the one before ends': ["f(\n); const y = require('y');\nconst z = require('z');", ['z']],
  'on the line where the one after begins': ["const x = require('x'\n); f(\n);", []],
  'before an empty statement': ["const x = require('x');;", []],
  'the last line, without an end': ["f();\nconst x = require('x')", ['x']],
  'after a directive': ["'use strict';\nconst x = require('x');", ['x']],
  'after a directive on its line': ["'use strict'; const x = require('x');", []],
  'after a hashbang': ["#!/usr/bin/env node\nconst x = require('x');", ['x']],
  'after a comment on its line': ["/* c */ const x = require('x'); // d\nf();", ['x']],
  'after a trailing comment': ["f(); // const y\nconst x = require('x');", ['x']],
  'after a comment that ends on its line': ["f(); /*\n*/ const x = require('x');", ['x']],
  'no semicolons': ["const x = require('x')\nconst y = x.y\nf()", ['x', 'y']],
  'a semicolon that the next line begins with': ["const x = require('x')\n;[1].map(x)", []],
  'no semicolon, and the next line goes on': ["const x = require('x')\n(1)\nf()", ['x']],
  'in a block, a loop, a function': ["{ const x = require('x'); }\nfunction f() {\n  const y = require('y');\n}", []],
  'in the dark after a return': ["return;\nconst x = require('x');", ['x']],
});

check(
  'places, with relaxed columns',
  {
    'two on a line': ["const x = require('x'); const y = require('y');", ['x', 'y']],
    'without blanks': ["const x=require('x'),y=require('y');const z=require('z');", ['x+y', 'z']],
    'one that needs another on its line': ['const a=new Map;const b=a.size;', ['a', 'b<a']],
    'before a statement': ["const x = require('x'); x();", ['x']],
    'after a statement': ["x(); const y = require('y');", ['y']],
    'between statements': ["f();const x=require('x');g()", ['x']],
    'on the line where the one before ends': ["f(\n); const y = require('y');\nconst z = require('z');", ['y', 'z']],
    'on the line where the one after begins': ["const x = require('x'\n); f(\n);", ['x']],
    'before an empty statement': ["const x = require('x');;", ['x']],
    'a semicolon that the next line begins with': ["const x = require('x')\n;[1].map(x)", ['x']],
    'after a directive on its line': ["'use strict';const x=require('x');", ['x']],
    'after a line whose code may fail later': ["exports.f=function(){g()};\nconst x=require('x')", ['x']],
    'after a function on its line': ["function f(){g()}const x=require('x');", ['x']],
    'after a class on its line': ["class C{m(){g()}}const x=require('x');", ['x']],
    'after a do on its line': ["do f();while(g())const x=require('x')", ['x']],
    'after an if without a semicolon': ["if (x) y\nvar a = require('b')", ['a']],
    'the statement of an if, an else, a loop': [
      "if(x)var a=require('a');else var b=require('b');for(;;)var c=require('c')",
      [],
    ],
    'with a label': ["l:var a=require('a');", []],
    'in a block on its line': ["{var a=require('a')}", []],
    'what is not self-contained stays': ["let n=0;const a=n;n=1;const b=()=>a,c={d:1};const e=require('e');", ['e']],
    'what sees every binding': ["const x=require('x');eval('x');", []],
  },
  { relaxedColumns: true },
);

t.test('the line is that of the first token', (t) => {
  const source = "#!/usr/bin/env node\n/* c\n */ const x =\n  require('x');\n// c\n\nvar y = require('y');";
  t.same(
    candidatesIn(source).map(({ line, index }) => [index, line]),
    [
      [0, 3],
      [1, 7],
    ],
  );
  t.end();
});

/** Texts of the expressions that may wait; `text<b` where one needs the candidate that declares b. */
function expressions(source: string): string[] {
  const all = candidatesIn(source);
  const nameOf = (index: number) => all.find((candidate) => candidate.index === index)?.names.join('+') ?? '?';
  return all.flatMap(({ statement, needs }) =>
    ts.isExpressionStatement(statement) ? [[statement.getText(), ...needs.map(nameOf)].join('<')] : [],
  );
}

t.test('expressions whose value is dropped', (t) => {
  const table: Table = {
    'a request': ["f();\nrequire('x');", ['f();', "require('x');"]],
    'what bundlers leave': [
      "const p = require('node:process');\n!b && p.env.X === 'y';\nb ? () => {\n  throw 1;\n} : p.cwd;",
      ["!b && p.env.X === 'y';", 'b ? () => {\n  throw 1;\n} : p.cwd;'],
    ],
    'functions that nobody gets': [
      'void function () {\n  x = 1;\n};\n(function () {});\n1;\na && (() => {\n  b();\n});\n(1, () => {\n});\nlast;',
      [
        'void function () {\n  x = 1;\n};',
        '(function () {});',
        '1;',
        'a && (() => {\n  b();\n});',
        '(1, () => {\n});',
        'last;',
      ],
    ],
    'functions that somebody gets': ['f(function () {});\n(() => {})();\nf(\n() => { g(); }\n);', []],
    'a function that decides': ['(() => {}) ? a : b;', []],
    'a directive': ["'use strict';\n'use other';\nf();", ['f();']],
    assignments: ["module.exports = require('x');\na = 1;\na++;\ndelete a.b;", []],
    'on a line with others': ['f(); g();', []],
    'what needs another': ['const a = [];\nf(a);', ['f(a);<a']],
    'what a value without state is used for': ['const a = x === 1;\nf(a);', ['f(a);']],
  };
  for (const [name, [source, candidates]] of Object.entries(table)) t.same(expressions(source), candidates, name);
  t.end();
});

t.test('values without state', (t) => {
  const values = [
    '1',
    '"a"',
    '`a`',
    'x < y',
    '!x',
    '-x',
    'typeof x',
    'void x',
    'x + y',
    '(1, 2)',
    'x ? 1 : 2',
    '!x && 1',
  ];
  for (const value of values) t.same(found(`const a = ${value};\nconst b = [a];`), ['a', 'b'], value);
  for (const value of ['x', 'x || 1', 'x && y', 'x ? 1 : y', '(1, x)', 'x ?? 1', '[]', 'f()', '/x/'])
    t.same(found(`const a = ${value};\nconst b = [a];`), ['a', 'b<a'], value);
  t.same(found('const [a] = "x";\nconst b = [a];'), ['a', 'b<a'], 'parts of one');
  t.end();
});

t.test('how many requests a statement makes and does nothing else', (t) => {
  const count = (source: string) => candidatesIn(source).map(({ requires }) => requires);
  t.same(count("const a = require('a');"), [1]);
  t.same(count("const a = require('a'), b = require('b');"), [2]);
  t.same(count("require('a');"), [1]);
  for (const other of ["const a = require('a').b;", "const { a } = require('a');", "const a = require('a')();"])
    t.same(count(other), [0], other);
  t.same(count("const a = require('a'), b = 1;"), [0]);
  t.same(count("require('a').b;"), [0]);
  t.end();
});

t.test('what is called', (t) => {
  const calls = (source: string) => candidatesIn(source).map((candidate) => candidate.calls);
  t.same(calls("process.env.TERM?.startsWith('x');"), [false], 'a variable of the environment is a text');
  t.same(calls("const p = require('node:process');\np.env.TERM.startsWith('x');"), [false, false]);
  t.same(calls('process.env.TERM();'), [true]);
  t.same(calls("process.other.TERM.startsWith('x');"), [true]);
  t.same(calls("const p = require('p');\np.env.TERM.startsWith('x');"), [false, true], 'whose environment?');
  t.end();
});

t.test('what answers of requests are used', (t) => {
  const uses = (source: string) => candidatesIn(source).map(({ usesRequired }) => usesRequired);
  t.same(uses("const a = require('a');\na.b;"), [false, true]);
  t.same(uses("const a = require('a').b;\na.b;"), [false, true]);
  t.same(uses("const a = require('fs');\na.b;"), [false, false], 'of a built-in');
  t.same(uses("const a = require('node:fs').promises;\na.b;"), [false, false]);
  t.end();
});
