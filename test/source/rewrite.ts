// Rewritten sources: what is kept stands where it stood, and does what it did.
import t from 'tap';
import { ts } from 'ts-morph';
import type { CandidateOptions } from '../../src/source/candidates.js';
import { plainly, rewritten, withoutColumns } from './harness/compare.js';
import { runRewritten, useExports } from './harness/evaluate.js';
import { candidatesIn, rewrite } from './harness/texts.js';
import { movedTokens, strayTokens, tokensOf } from './harness/tokens.js';

function candidates(source: string, options: CandidateOptions = {}): number[] {
  return candidatesIn(source, options).map(({ index }) => index);
}

type Table = Readonly<Record<string, readonly [deferred: number, source: string]>>;

/** Those that declare something: what stands between them is kept, or is an expression that may be deferred, too. */
function declarations(source: string, options: CandidateOptions = {}): number[] {
  return candidatesIn(source, options).flatMap(({ index, names, statement }) =>
    names.length > 0 || statement.kind === ts.SyntaxKind.VariableStatement ? index : [],
  );
}

/** `deferred`: how many declarations are, all that can be; so that no row is about nothing. */
function check(title: string, table: Table): void {
  t.test(title, (t) => {
    for (const [name, [count, source]] of Object.entries(table)) {
      const declared = declarations(source);
      t.equal(declared.length, count, `${name}: statements`);
      for (const [what, chosen] of Object.entries({ declarations: declared, all: candidates(source) })) {
        const deferred = new Set(chosen);
        t.same(movedTokens(source, deferred, rewrite(source, deferred)), [], `${name}: places, ${what}`);
        t.same(rewritten(source, deferred, ['x']), plainly(source, deferred, ['x']), `${name}: effects, ${what}`);
      }
    }
    t.end();
  });
}

/** Statements that share their lines: columns change, nothing else does. */
function checkRelaxed(title: string, table: Table): void {
  t.test(title, (t) => {
    for (const [name, [count, source]] of Object.entries(table)) {
      const relaxed = { relaxedColumns: true };
      const declared = declarations(source, relaxed);
      t.equal(declared.length, count, `${name}: statements`);
      for (const [what, chosen] of Object.entries({ declarations: declared, all: candidates(source, relaxed) })) {
        const deferred = new Set(chosen);
        t.same(strayTokens(source, deferred, rewrite(source, deferred)), [], `${name}: lines, ${what}`);
        const [actual, expected] = [rewritten(source, deferred, ['x']), plainly(source, deferred, ['x'])];
        t.same(withoutColumns(actual), withoutColumns(expected), `${name}: effects, ${what}`);
        t.ok(actual.deferred.length > 0, `${name}: the statements do something, ${what}`);
      }
    }
    t.end();
  });
}

const FUNCTION = "exports.x = function () { return probe('x', typeof a); };";

check('places of kept tokens', {
  'the first line': [1, `const a = probe('a'); // c\n${FUNCTION}`],
  'the first line, goes on': [1, `const a = probe('a',\n  probe('b',\n    probe('c'))\n)\n${FUNCTION}`],
  'the first line, after a comment': [1, `/* c */ var a = probe('a')\n${FUNCTION}`],
  'the first line, then others': [3, `var a = probe('a')\nvar b = probe('b')\n\tvar c = probe('c')\n${FUNCTION}`],
  'the first line, indented': [1, `  let a = probe('a');\n${FUNCTION}`],
  'the second line': [1, `\nconst a = probe('a');\n${FUNCTION}`],
  'a comment that begins on the first line': [1, `/*\n c */ const a = probe('a');\n${FUNCTION}`],
  'a hashbang': [1, `#!/usr/bin/env node\nconst a = probe('a');\n${FUNCTION}`],
  'after a directive': [1, `'use strict'\nconst a = probe('a')\n${FUNCTION}`],
  'after a trailing comment': [1, `probe('b') // const\nconst a = probe('a')\n${FUNCTION}`],
  'after a comment that ends on its line': [1, `probe('b'); /*\n*/ const a = probe('a');\n${FUNCTION}`],
  'the last line': [1, `${FUNCTION}\n;\nconst a = probe('a')`],
  'the last line, a comment follows': [1, `${FUNCTION}\n;\nconst a = probe('a') // c`],
  'after a line whose code may fail later': [0, `${FUNCTION}\nconst a = probe('a')`],
  'after a line with nothing but the end of a function': [
    1,
    `exports.x = function () {\n  return probe('x', typeof a);\n};\nconst a = probe('a')`,
  ],
  'several declarators': [1, `const a = probe('a'), b = probe('b'),\n      c = probe('c');\n${FUNCTION}`],
  'no blank after the word': [2, `const[a]=probe('a',[1])\nvar{b}=probe('b',{})\n${FUNCTION}`],
  'a comment after the word': [1, `const/* c */a /* d */ = /* e */ probe('a') /* f */;\n${FUNCTION}`],
  'the semicolon on a line of its own': [1, `const a = probe('a')\n;\n${FUNCTION}`],
  'Windows line ends': [2, `const a = probe('a')\r\nconst b = probe('b')\r\n${FUNCTION}`],
  'other line ends': [2, `const a = probe('a')\u2028const b = probe('b')\u2029${FUNCTION}`],
  'wide characters': [1, `const a = probe('𝒳é')\nprobe('𝒳', '日本'); ${FUNCTION}`],
  'a template on several lines': [1, `const a = probe(\`\n  x\n\`, probe('b'))\n${FUNCTION}`],
});

check('effects and their frames', {
  'between others': [2, `probe('1')\nconst a = probe('2')\nprobe('3')\nconst b = probe('4')\nprobe('5')\n${FUNCTION}`],
  'calls of functions of the module': [
    2,
    `const a = outer()\nconst b = probe('b')\nfunction outer() { return inner() }\nfunction inner() { return probe('i') }\n${FUNCTION}`,
  ],
  'one that needs another': [2, `const a = probe('a', 1)\nconst b = probe('b', a)\nexports.x = () => [a, b]`],
  'an error in a kept function': [1, `const a = probe('a')\nexports.x = function f() { throw new TypeError('f') }`],
  'names of a pattern': [
    1,
    `const { value: a, nested: { value: b }, ...c } = require('lib')\nexports.x = () => [a, b, Object.keys(c)]`,
  ],
  'an array pattern': [1, `const [a, , [b], ...c] = probe('a', [1, 2, [3], 4, 5])\nexports.x = () => [a, b, c]`],
  'no names': [2, `const {} = require('lib')\nvar [] = probe('a', [])\nexports.x = () => 1`],
  'a var that is read before': [1, `exports.x = () => typeof a\n;\nvar a = probe('a')`],
});

check('what kept code is called and how it runs', {
  'names of functions and classes': [
    1,
    `const a = probe('a')
const f = function () {}, g = () => {}, { h = () => {} } = {}
class C { static s = () => {}; m() {} }
let k; k = class {}
exports.x = () => [f.name, g.name, h.name, C.s.name, new C().m.name, k.name, C.name]`,
  ],
  'strict after a directive': [
    1,
    `'use strict'\nconst a = probe('a')\nprobe('this', (function () { return this })())\nexports.x = () => { undeclared = 1 }`,
  ],
  'strict after a comment and a directive': [
    1,
    `// c\n"use strict";\nconst a = probe('a');\nf();\nfunction f() { return probe('this', this) }\nexports.x = () => a`,
  ],
  'sloppy without a directive': [
    1,
    `const a = probe('a')\n'use strict'\nexports.x = () => (function () { return this === globalThis })()`,
  ],
  'sloppy after a directive in a later place': [
    1,
    `const a = probe('a')\n'use strict'\nf()\nfunction f() { return probe('sloppy', this === globalThis) }\nexports.x = () => a`,
  ],
  'this of the module': [
    1,
    `const a = probe('a')\nprobe('this', this === exports, this === module.exports)\nexports.x = () => this === exports`,
  ],
  'arguments of a function': [1, `const a = probe('a')\nexports.x = function () { return arguments.length }`],
  'the text of a function': [1, `const a = probe('a')\nexports.x = () => exports.x.toString() + a`],
});

check('no semicolons', {
  'after a call': [1, `probe('b')\nconst a = probe('a')\n${FUNCTION}`],
  'after a function': [1, `function f() {}\nconst a = probe('a')\n${FUNCTION}`],
  'after a class': [1, `class C {}\nconst a = probe('a')\n${FUNCTION}`],
  'after an if': [1, `if (exports) probe('b')\nconst a = probe('a')\n${FUNCTION}`],
  'after an else': [1, `if (!exports) probe('b'); else probe('c')\nconst a = probe('a')\n${FUNCTION}`],
  'after a do': [1, `do probe('b'); while (!exports)\nconst a = probe('a')\n${FUNCTION}`],
  'after an increment': [1, `let n = 0\nn++\nconst a = probe('a')\n${FUNCTION}`],
  'after an arrow': [1, `const f = () => {\n  probe('f')\n}\nconst a = probe('a')\nf()\n${FUNCTION}`],
  'after an object': [1, `const f = { g: 1 }\nconst a = probe('a')\n${FUNCTION}`],
  'after a regular expression': [1, `exports.r = /r/\nconst a = probe('a')\n${FUNCTION}`],
  'before a word': [1, `const a = probe('a')\nprobe('b')\n${FUNCTION}`],
  'before a block': [1, `const a = probe('a')\n{ probe('b') }\n${FUNCTION}`],
  'before an increment': [1, `let n = 0; n = 1\nconst a = probe('a')\n++n\nprobe('b', n)\n${FUNCTION}`],
  'before a division that it is part of': [1, `const a = probe('a')\n+ probe('b')\n${FUNCTION}`],
  'before a call that it is part of': [1, `const a = probe('a', String)\n(probe('b'))\n${FUNCTION}`],
  'before a template': [1, `const a = probe('a');\n\`\${probe('b')}\`\n${FUNCTION}`],
  'before a list': [1, `const a = probe('a');\n[1].map((x) => probe('b', x))\n${FUNCTION}`],
});

checkRelaxed('shared lines', {
  'the first line': [1, `const a=probe('a');probe('b');${FUNCTION}`],
  'the first line, several': [3, `const a=probe('a'),b=probe('b');let c=probe('c');var[d]=probe('d',[1]);${FUNCTION}`],
  'the first line, a pattern without names': [2, `const{}=probe('a',{});var[]=probe('b',[]);${FUNCTION}`],
  'between others': [2, `probe('1');const a=probe('2');probe('3');var b=probe('4');probe('5');${FUNCTION}`],
  'one that needs another': [2, `const a=probe('a',1);const b=probe('b',a);exports.x=()=>[a,b]`],
  'the line where one before ends': [1, `probe(\n'b');const a=probe('a',\n'c');${FUNCTION}`],
  'the line where one after begins': [1, `const a=probe('a',\n'c');probe(\n'b');${FUNCTION}`],
  'behind code that runs later': [1, `${FUNCTION}const a=probe('a')`],
  'comments between': [2, `const a=probe('a')/* ; */;/* const */const b=probe('b')/* c */;// d\n${FUNCTION}`],
  'a comment with a line break between': [2, `const a=probe('a')/*\n*/const b=probe('b')/*\n*/probe('c');${FUNCTION}`],
  'a hashbang': [2, `#!/usr/bin/env node\nconst a=probe('a');const b=probe('b');${FUNCTION}`],
  'a directive': [1, `'use strict';const a=probe('a');exports.x=()=>{undeclared=1}`],
  'a directive without an end': [1, `'use strict'\nconst a=probe('a');exports.x=()=>{undeclared=1}`],
  'a directive after a hashbang': [
    1,
    `#!/usr/bin/env node\n'use strict';const a=probe('a');exports.x=()=>{undeclared=1}`,
  ],
  'a text that is no directive': [
    1,
    `const a=probe('a');'use strict';exports.x=()=>(function(){return this===globalThis})()`,
  ],
  'a text behind no names that is no directive': [
    1,
    `const{}=probe('a',{});'use strict';exports.x=()=>(function(){return this===globalThis})()`,
  ],
  'names of functions': [1, `const a=probe('a');const f=function(){},g=()=>{};exports.x=()=>[f.name,g.name]`],
  'the text of a function': [1, `const a=probe('a');exports.x=()=>exports.x.toString()+a`],
  'an error in a kept function': [1, `const a=probe('a');exports.x=function f(){throw new TypeError('f')}`],
  'a var that is read before': [1, `exports.x=()=>typeof a;var a=probe('a');`],
});

checkRelaxed('shared lines without semicolons', {
  'after a function': [1, `function f(){}const a=probe('a');${FUNCTION}`],
  'after a class': [1, `class C{}const a=probe('a');${FUNCTION}`],
  'after a block': [1, `{probe('b')}const a=probe('a');${FUNCTION}`],
  'after an if': [1, `if(exports)probe('b')\nvar a=probe('a');${FUNCTION}`],
  'after an if with a block': [1, `if(!exports){probe('b')}var a=probe('a');${FUNCTION}`],
  'after an else': [1, `if(!exports)probe('b');else probe('c')\nvar a=probe('a');${FUNCTION}`],
  'after a do': [1, `do probe('b');while(!exports)var a=probe('a');${FUNCTION}`],
  'after a loop without a body': [1, `for(;!exports;);var a=probe('a');${FUNCTION}`],
  'after a label': [1, `l:{probe('b');break l}var a=probe('a');${FUNCTION}`],
  'after a label without a block': [1, `l:probe('b')\nvar a=probe('a');${FUNCTION}`],
  'after an increment': [1, `let n=0;n++\nconst a=probe('a');${FUNCTION}`],
  'before a list on the next line': [1, `probe('c');const a=probe('a',['b'])\n[0].length\n${FUNCTION}`],
  'before a semicolon on the next line': [1, `const a=probe('a',['b'])\n;[0].map(probe)\n${FUNCTION}`],
  'before an increment': [1, `let n=0;n=1;const a=probe('a')\n++n;probe('b',n);${FUNCTION}`],
  'before the end': [2, `${FUNCTION}const a=probe('a');const b=probe('b')`],
});

check('words that are names elsewhere', {
  async: [1, `const async = probe('a'), of = probe('b')\nexports.x = () => [async, of]`],
  let: [1, `var let = probe('a')\nexports.x = () => let`],
  yield: [1, `var yield = probe('a')\nexports.x = () => yield`],
  'an escaped name': [1, `const \\u0061b = probe('a')\nexports.x = () => ab`],
  'a name beyond ASCII': [1, `const é = probe('a'), $ = probe('b'), _𝒳 = probe('c')\nexports.x = () => [é, $, _𝒳]`],
});

t.test('statements run in the order of the source, each with the exports as this', (t) => {
  const source = "const a = probe('1')\nprobe('kept')\nconst b = probe('2')\nvar c = probe('3')";
  const { done, later } = runRewritten(rewrite(source, new Set(declarations(source))));
  t.same(
    done.map(({ text }) => text),
    ['kept '],
  );
  t.same(
    later.map(({ text }) => text),
    ['1 ', '2 ', '3 '],
  );
  t.ok(later.every(({ frames }) => frames.length === 1 && frames[0]?.startsWith('at Object.<anonymous> (')));
  t.end();
});

t.test('only what is asked for is deferred', (t) => {
  const source = "const a = probe('1')\nconst b = probe('2')\nconst c = probe('3')\nexports.x = () => [a, b, c]";
  for (const chosen of [[], [0], [1], [2], [0, 2], [1, 2]]) {
    const deferred = new Set(chosen);
    t.same(rewritten(source, deferred, ['x']), plainly(source, deferred, ['x']), `[${chosen}]`);
    t.equal(rewritten(source, deferred).deferred.length, chosen.length);
    t.same(movedTokens(source, deferred, rewrite(source, deferred)), []);
  }
  t.equal(rewrite(source, new Set()).text, source, 'nothing: the text as it is');
  t.end();
});

t.test('its names are unset until it has run', (t) => {
  const source = "const a = probe('a', 1)\nexports.x = () => typeof a";
  const { text, columnOffset } = rewrite(source, new Set([0]));
  const early = runRewritten({ text: text.replace('__v8snapDefer(0,', '(() => {})('), columnOffset });
  t.equal(useExports(early, ['x'])[0]?.text, "export x 'undefined'");
  t.end();
});

t.test('what is no candidate cannot be asked for', (t) => {
  const source = "exports.y = 1;\nconst x = require('x');";
  t.throws(() => rewrite(source, new Set([0])), /no candidate/);
  t.throws(() => rewrite(source, new Set([1, 7])), /no candidate/);
  t.end();
});

t.test('tokens that move are seen', (t) => {
  t.same(tokensOf('a;\n b'), [
    { text: 'a', line: 1, column: 1 },
    { text: ';', line: 1, column: 2 },
    { text: 'b', line: 2, column: 2 },
  ]);
  const source = 'const a = f();\ng();';
  const deferred = new Set([0]);
  const right = rewrite(source, deferred);
  const moved = (change: { text?: string; columnOffset?: number }) =>
    movedTokens(source, deferred, { ...right, ...change }).map(({ text }) => text);
  t.same(moved({}), []);
  t.same(moved({ columnOffset: 0 }), ['a', '=', 'f', '(', ')']);
  t.same(moved({ text: right.text.replace('g', ' g') }), ['g', '(', ')', ';']);
  t.end();
});
