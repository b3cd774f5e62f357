// How many calls of `require` a source makes before it does anything else. One too many, and a change would go unseen.
import t from 'tap';
import { evaluation } from '../../src/source/evaluates.js';
import * as pack from '../../src/source/require-run.js';
import { SourceText } from '../../src/source/source-text.js';

const { MOST_RUN } = pack;

function requireRun(source: string): number {
  return pack.requireRun(new SourceText(source));
}

const TWO = "const a = require('a');\nconst b = require('b');\n";

t.test('calls, one after the other', async (t) => {
  const table = {
    [TWO]: 2,
    "'use strict';\nvar a = require('a'), b = require('b');\nrequire('c');": 3,
    "#!/usr/bin/env node\nconst a = require('a');": 1,
    [`function f() {}\n${TWO}`]: 2,
    [`"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.b = exports.a = void 0;\n${TWO}`]: 2,
    [`exports.f = f;\n${TWO}function f() {}`]: 2,
    [`var __importDefault = (this && this.__importDefault) || function (mod) { return mod; };\n${TWO}`]: 2,
    [`const one = 1, none = null, later = () => g(), o = { f() {}, 'g': [].x };\n${TWO}`]: 0,
    [`const one = 1, none = null, later = () => g(), o = { f() {}, 'g': 1 };\n${TWO}`]: 2,
    '': 0,
  };
  for (const [source, count] of Object.entries(table)) t.equal(requireRun(source), count, source);
});

t.test('what ends them', async (t) => {
  const endings = [
    'f();',
    "const b = require('b')();",
    "const b = require('b').c;",
    "const { c } = require('b');",
    'const b = require(name);',
    "const b = require('b', 1);",
    "const b = __importDefault(require('b'));",
    'const b = c;',
    'const b = c.d;',
    'const b = `$' + '{c}`;',
    'const b = [c];',
    'const b = { [c]: 1 };',
    'const b = { get c() { return 1; } };',
    'const b = { ...c };',
    'const b = { c };',
    'const b = class { static c = d(); };',
    'exports.b = c;',
    'exports[b] = 1;',
    'module.exports = 1;',
    'other.b = 1;',
    'Object.defineProperty(exports, "b", c);',
    'Object.defineProperty(exports, b, { value: 1 });',
    'Object.defineProperty(other, "b", { value: 1 });',
    'Object.defineProperty(exports, "b", { value: c });',
    'Object.assign(exports, "b", { value: 1 });',
    'if (b) { }',
    'for (;;) break;',
    'class B { static { f(); } }',
    'import("b");',
    '{ }',
    'let require;',
    'var module = 1;',
    'var Object = 1;',
  ];
  for (const ending of endings)
    t.equal(requireRun(`const a = require('a');\n${ending}\nconst z = require('z');`), 1, ending);
});

t.test('functions that stand for what a source is given', async (t) => {
  for (const name of ['require', 'exports', 'module', 'Object', 'undefined'])
    t.equal(requireRun(`${TWO}function ${name}() {}`), 0, name);
});

t.test('no more than a byte holds', async (t) => {
  t.equal(requireRun("require('a');".repeat(MOST_RUN + 1)), MOST_RUN);
});

t.test('what may evaluate text, and where', async (t) => {
  const table = {
    'eval(x);': 'anywhere',
    '(0, eval)(x);': 'anywhere',
    'new Function(x);': 'anywhere',
    'const { Function: F } = globalThis;': 'anywhere',
    'globalThis.Function(x);': 'anywhere',
    '(async () => {}).constructor(x);': 'anywhere',
    'new f.constructor(x);': 'anywhere',
    'Function.prototype.call.bind(f); x.constructor === Function.name; "eval";': 'never',
    'f(); // eval, Function': 'never',
    "'use strict'; // eval\neval(x);": 'below-first-line',
    '#!/usr/bin/env node\neval(x);': 'below-first-line',
    "'use strict'\n'use other'\neval(x);": 'below-first-line',
    '/* one\ntwo */ eval(x);': 'below-first-line',
    "'use strict'; f();\neval(x);": 'anywhere',
    "'use strict'\n.f(); eval(x);": 'anywhere',
    "'use strict'\n(eval(x));": 'anywhere',
    '(function (a) {\neval(x); })();': 'anywhere',
    '\u2028eval(x);': 'below-first-line',
  };
  for (const [source, place] of Object.entries(table)) t.equal(evaluation(new SourceText(source)), place, source);
});
