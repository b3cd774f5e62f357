// Modules that look at the texts of functions at load take the path of a plain run: no hook shows, and no trap. Each of
// them reads a variable where it finds what plain Node shows, so that the analysis tells which path it took.

import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import t from 'tap';
import { analyseProgram } from '../../src/hazards/analyse.js';
import { graphOf, MAJORS, nodeFor, programOf } from './graph-of.js';

/** By the name of the module: a declaration of `f`, with what it needs before it and after it. */
const functions: Readonly<Record<string, readonly [before: string, declaration: string]>> = {
  'a-binding': ['var g = require("./lib.js");', 'function f() { return g; }'],
  'a-write': ['let n = 0;', 'function f() { n++; n = n + 1; [n] = [1]; for (n of [1]); return n }'],
  'an-inner-scope': ['', 'function f(a) { let b = a; return () => { b += 1; return () => b }; }'],
  'a-class': ['var g = require("./lib.js");', 'class f { #x = g; static y = () => g; get x() { return this.#x; } }'],
  'an-import': ['', 'function f() { return import("./lib.js"); }'],
  'a-stack': ['', 'function f(e) { Error.stackTraceLimit = 1; return e.stack; }'],
  'a-test': ['', 'function f() { return Object.keys(process.env).filter((k) => /^x/.test(k)); }'],
  'a-concise-arrow': ['let n = 0; var f;', 'f = (a) => [() => a, (n = a)]'],
  'no-hook': ['', 'function f() { return 1; }'],
};

const looks: Readonly<Record<string, string>> = {
  'by-string': 'String(f)',
  'by-sum': 'f + ""',
  'by-method': 'f.toString()',
  'by-call': 'Function.prototype.toString.call(f)',
};

/** Node's own functions: what stands for them in the analysis is a proxy. */
const builtins: Readonly<Record<string, string>> = {
  'of-a-weak-map': 'WeakMap.prototype.set',
  'of-a-date': 'Date',
  'of-a-bind': 'Function.prototype.bind',
  'of-the-text': 'Function.prototype.toString',
  'of-a-timer': 'setTimeout',
  'of-a-file': 'require("fs").readFileSync',
  'of-the-folder': 'process.cwd',
  'of-a-random': 'Math.random',
  'of-an-iterator': 'new Map().entries().next',
};

function sources(node: string): Record<string, string> {
  const found: Record<string, string> = { 'lib.js': 'exports.x = 1' };
  for (const [name, [before, declaration]] of Object.entries(functions)) {
    const text = declaration.startsWith('f = ') ? declaration.slice(4) : declaration;
    for (const [how, look] of Object.entries(looks))
      found[`${name}-${how}.js`] =
        `${before}\n${declaration}\nexports.x = ${look} === ${JSON.stringify(text)} ? process.env.SEEN : 'other'; exports.f = f;`;
  }
  for (const [name, look] of Object.entries(builtins)) {
    const text = execFileSync(node, ['-p', `String(${look})`], { encoding: 'utf8' }).trimEnd();
    found[`${name}.js`] = `exports.x = String(${look}) === ${JSON.stringify(text)} ? process.env.SEEN : 'other'`;
  }
  return found;
}

for (const major of MAJORS) {
  t.test(`texts of functions on Node ${major}`, async (t) => {
    const node = nodeFor(major);
    const files = sources(node.path);
    const program = programOf(files);
    t.teardown(() => program.remove());
    const graph = graphOf(program.entry, node.path);
    const { analysis } = await analyseProgram({ graph, node, timeoutMs: 60_000, workDir: program.folder });
    for (const name of Object.keys(files)) {
      if (name === 'lib.js') continue;
      const seen = analysis.effects.filter(({ module, subject }) => basename(module) === name && subject === 'SEEN');
      t.equal(seen.length, 1, name);
    }
  });
}

t.test('the text of the function that Node wraps round a module is not known', async (t) => {
  const program = programOf({
    'wrapped.js': 'let n = 0; exports.up = () => n++; exports.x = arguments.callee.toString().length',
  });
  t.teardown(() => program.remove());
  const node = nodeFor(24);
  const graph = graphOf(program.entry, node.path);
  const { analysis } = await analyseProgram({ graph, node, timeoutMs: 60_000, workDir: program.folder });
  t.ok(analysis.effects.some(({ kind, module }) => kind === 'loader-read' && basename(module) === 'wrapped.js'));
});
