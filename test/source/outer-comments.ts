// Comments that nobody can see are left out; all else stays where it is, and is what it was.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import vm from 'node:vm';
import t from 'tap';
import { runPlain, useExports } from './harness/evaluate.js';
import { programOf } from './harness/program.js';
import { Random } from './harness/random.js';
import { withoutOuterComments } from './harness/texts.js';
import { tokensOf } from './harness/tokens.js';

type Table = Readonly<Record<string, readonly [source: string, expected: string]>>;

function check(title: string, table: Table): void {
  t.test(title, async (t) => {
    for (const [name, [source, expected]] of Object.entries(table)) {
      t.equal(withoutOuterComments(source), expected, name);
      t.same(tokensOf(withoutOuterComments(source)), tokensOf(source), `${name}: no token moves`);
    }
  });
}

/** What is to stay is its own expectation. */
function checkKept(title: string, sources: Readonly<Record<string, string>>): void {
  check(title, Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, [source, source]])));
}

check('comments on lines of their own go, their lines stay', {
  'the only text': ['// c', ''],
  'first and last': ['// c\nx;\n// d', '\nx;\n'],
  'blanks around them': ['x;\n \t// c \n\u00a0/* d */ \ny;', 'x;\n\n\ny;'],
  'several lines': ['/*\n * c\n */\nx;', '\n\n\nx;'],
  'a documented statement': ['/**\n * @type {string} of {@link x}\n */\nconst x = 1;', '\n\n\nconst x = 1;'],
  'within statements': ['x(\n  // c\n  1,\n  // d\n);', 'x(\n\n  1,\n\n);'],
  'within literals and blocks': ['if (x) {\n// c\ny = [\n// d\n];\n// e\n}', 'if (x) {\n\ny = [\n\n];\n\n}'],
  'before a function and a class': ['// c\nfunction f() {}\n// d\nclass A {}', '\nfunction f() {}\n\nclass A {}'],
  'before a method': ['x = {\n// c\nm() {},\n// d\n}', 'x = {\n\nm() {},\n\n}'],
  'where a function follows an equals sign': ['x =\n// c\nfunction () {}', 'x =\n\nfunction () {}'],
  'after a hashbang': ['#!/usr/bin/env node\n// c\nx;', '#!/usr/bin/env node\n\nx;'],
  'before directives': ["// c\n'use strict';\n// d\nx;", "\n'use strict';\n\nx;"],
  'where a line end ends a statement': ['a\n/* c\n*/\n(b)', 'a\n\n\n(b)'],
  CRLF: ['// c\r\nx;\r\n/* d\r\n d */\r\ny;\r\n', '\r\nx;\r\n\r\n\r\ny;\r\n'],
  CR: ['// c\rx;\r// d\ry;', '\rx;\r\ry;'],
  'ended by U+2028 and U+2029': ['// c\u2028x;\n// d\u2029y;', '\u2028x;\n\u2029y;'],
  'with U+2028 and U+2029 in them': ['/* c\u2028c\u2029 */\nx;', '\u2028\u2029\nx;'],
  'beyond Latin-1': ["// “c” → d\nx = 'é';", "\nx = 'é';"],
  'what only looks like an address': ['// sourceURL\n// the # sourcemap\nx;', '\n\nx;'],
});

checkKept('what Node and V8 read stays', {
  'the address of a source map': 'x;\n//# sourceMappingURL=x.js.map',
  'in a block': '/*# sourceMappingURL=x.js.map */\nx;',
  'of old': 'x;\n//@ sourceMappingURL=x.js.map\n',
  'the address of the source': 'x;\n//# sourceURL=x.js\n',
  'within a statement': 'x(\n//# sourceURL=x.js\n);',
});

checkKept('sources that may show the whole of themselves stay', {
  'the function around all': '// c\nexports.text = arguments.callee.toString();',
  'a comment as in HTML, to its end': '// c\nx; <!-- y;\n// d\nz;',
  'the end of one': '// c\n--> x\ny;',
});

checkKept('comments that share a line with code stay', {
  after: 'x; // c\ny; /* d */\n',
  before: '/* c */ x;\n',
  between: 'x( /* c */ 1 /* d */);',
  'with its end': '/* c\n c */ x;',
  'with its beginning': 'x; /* c\n c */\ny;',
  'two of them on a line': 'x;\n/* c */ /* d */\ny;',
});

// The parser looks for comments behind other line ends: nobody separates lines so.
checkKept('comments that only U+2028 or U+2029 parts from code stay', {
  'U+2028': 'x;\u2028// c\ny;',
  'U+2029': 'x;\u2029/* c */\ny;',
});

checkKept('comments in functions and classes stay', {
  declaration: 'function f() {\n// c\n}',
  parameters: 'function f(\n// c\na) {}',
  'a name of its own line': 'function\n// c\nf() {}',
  arrow: 'x = (\n// c\na) =>\n// d\na;',
  'a function within an expression': 'x(function () {\n// c\n});',
  class: 'class A {\n// c\na = 1;\n// d\n}',
  'the head of a class': 'x = class\n// c\nextends B {}',
  method: 'x = { m() {\n// c\n} };',
  getter: 'x = { get\n// c\nm() { return 1; } };',
  'a computed name': 'x = { [\n// c\nm]() {} };',
  'a function within a block': '{ function* f() {\n/* c\n*/\n} }',
});

checkKept('what is no comment stays', {
  'in a template': 'x = `\n// c\n/* d */\n`;',
  'behind a hole of a template': `x = \`\${a}\n// c\n\${b}\n// d\n\`;`,
  'in a tagged template': 'x = String.raw`\n// c\n`;',
  'in a continued string': "x = 'a\\\n// c\\\n';",
  'in a regular expression': 'x = /[/*]/;\ny = /[*/]/;',
  'a hashbang': '#!/usr/bin/env node // c\n',
});

check('in the holes of a template are comments', {
  one: [`x = \`\n// c\n\${\n// d\na}\n// e\n\`;`, `x = \`\n// c\n\${\n\na}\n// e\n\`;`],
});

// The parser that is used reads types in such comments: what is in them are nodes, too.
checkKept('what looks like a comment within a documenting one ends nothing', {
  'before a name': 'const /** {@link a}\n// c */ x = 1;',
  'before a value': 'exports.x = /** {@link a}\n// c */ (1);',
  'in a type': 'const x = /** @type {{\n// c\na: string }} */ (1);',
});

t.test('what does not parse is left as it is', async (t) => {
  for (const source of ['// c\nx(', '// c\nclass {', '// c\n`', '// c\nx = {', '// c\n)'])
    t.equal(withoutOuterComments(source), source, source);
});

/** What a module exports, as texts: the functions as they were written. */
function exportsOf(source: string): unknown {
  const exports: Record<string, unknown> = {};
  vm.compileFunction(source, ['exports'], { filename: '/m.js' })(exports);
  return Object.entries(exports).map(([name, value]) => [name, String(value)]);
}

const SHOWN = `
// 1
exports.f = function (/* a */ a) {
  // 2
  return a;
};
exports.C = class {
  // 3
  m() {
    /* 4 */
  }
};
/* 5
 */
exports.text = \`
// 6
\${
  // 7
  'x'
}\`;
exports.ended = (() => {
  let n = 1
  // 8
  n
  /* 9
  */ ++n
  return n
})();
exports.at =
  // 10
  new Error('here').stack.split('\\n')[1];
`;

t.test('modules export what they did, and functions show what they did', async (t) => {
  const text = withoutOuterComments(SHOWN);
  t.same(exportsOf(text), exportsOf(SHOWN));
  const left = [...text.matchAll(/(?:\/\/|\/\*) (\d+)/g)].map(([, number]) => Number(number));
  t.same(left, [2, 3, 4, 6, 8, 9], 'without those that do not show');
});

const COMMENTS = [
  '// c',
  '   // “c”',
  '/* c */',
  '/*\n c\n*/',
  '/** of {@link c}\n * // c */',
  '//# sourceURL=',
  '',
] as const;

/** A comment before most of the lines, wherever that is: within functions, templates and statements, too. */
function commented(source: string, random: Random): string {
  const ending = source.includes('\r\n') ? '\r\n' : random.pick(['\n', '\r\n', '\n\u2028']);
  const lines = source.split(/\r?\n/).flatMap((line, index, all) => {
    if (line.startsWith('#!') || all[index - 1] === '/*') return [line];
    return [...random.pick(COMMENTS).split('\n'), line];
  });
  return lines.join(ending);
}

function textsOf(exports: object): unknown[] {
  return Object.entries(Object.getOwnPropertyDescriptors(exports)).map(([name, { get, value }]) => {
    return [name, typeof value === 'function' ? String(value) : String(get)];
  });
}

function told(source: string, exported: readonly string[]): unknown {
  const loaded = runPlain(source);
  return [loaded.done, textsOf(loaded.exports), useExports(loaded, exported)];
}

/** Lines that were comments: they are empty now. */
function emptied(before: string, after: string): number {
  const lines = (text: string) => text.split(/\r?\n/);
  const left = lines(after);
  return lines(before).filter((line, index) => line.trim() !== '' && left[index]?.trim() === '').length;
}

const PROGRAMS = 150;

t.test('random modules do what they did, at the same places', async (t) => {
  let gone = 0;
  for (let seed = 1; seed <= PROGRAMS; seed++) {
    const { source, exported } = programOf(seed);
    const before = commented(source, new Random(seed));
    const after = withoutOuterComments(before);
    const isSame = t.same(told(after, exported), told(before, exported), `seed ${seed}`);
    if (!isSame || !t.same(tokensOf(after), tokensOf(before), `seed ${seed}: no token moves`)) {
      t.comment(before);
      break;
    }
    gone += emptied(before, after);
  }
  t.ok(gone > 5 * PROGRAMS, `enough comments are gone: ${gone}`);
});

/** Installed packages with much documentation, and with none. */
const PACKAGES = ['semver', 'diff', 'graceful-fs', 'iconv-lite', 'prismjs/components', 'react/cjs', 'retry', 'ws/lib'];

function scriptsIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.c?js$/.test(name) && !name.includes('.min.')).map((name) => join(folder, name));
}

t.test('no token of real packages moves', async (t) => {
  let gone = 0;
  for (const name of PACKAGES) {
    const moved = scriptsIn(resolve('node_modules', name)).filter((file) => {
      const before = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
      const after = withoutOuterComments(before);
      gone += before.length - after.length;
      return after !== before && JSON.stringify(tokensOf(after)) !== JSON.stringify(tokensOf(before));
    });
    t.same(moved, [], name);
  }
  t.ok(gone > 50_000, `and enough is gone: ${gone} characters`);
});
