// A text is parsed once, and what is asked of it takes no longer than it is long: each node is looked at so many times,
// however many others there are.
import t from 'tap';
import { ts } from 'ts-morph';
import { instrument, instrumentText } from '../../src/source/instrument.js';
import { launchFacts } from '../../src/source/launch-facts.js';
import { moduleText, SourceText } from '../../src/source/source-text.js';

interface Looks {
  count: number;
  readonly nodes: number;
}

/** Counts how often anything asks what kind of node it has before it, which every walk and every rule does. */
function counted({ file }: SourceText): Looks {
  const looks = { count: 0, nodes: 0 };
  const visit = (node: ts.Node): void => {
    const { kind } = node;
    looks.nodes++;
    ts.forEachChild(node, visit);
    const get = () => {
      looks.count++;
      return kind;
    };
    Object.defineProperty(node, 'kind', { get });
  };
  visit(file);
  return looks;
}

/** How often each node of a source is looked at. */
function looksPerNode(source: string): number {
  const text = new SourceText(source);
  const looks = counted(text);
  const { facts } = instrumentText(text);
  if (!facts.parsed) throw new Error('not parsed');
  return looks.count / looks.nodes;
}

function repeated(times: number, part: (index: number) => string): string {
  return Array.from({ length: times }, (_, index) => part(index)).join('\n');
}

/** What once took a walk of the whole text for each of something. */
const growing: Readonly<Record<string, (times: number) => string>> = {
  'variables without a value': (times) =>
    `function f() { return 1; }\n${repeated(times, (index) => `var v${index};`)}\nconst a = f();`,
  'one variable, declared over and over': (times) => `function f() { return v; }\n${repeated(times, () => 'var v;')}`,
  'variables that functions keep answers in': (times) =>
    repeated(
      times,
      (index) =>
        `var m${index};\nfunction f${index}(n) { m${index} || (m${index} = new WeakMap());\n` +
        `if (m${index}.has(n)) return m${index}.get(n);\nvar a = [n]; m${index}.set(n, a); return a; }`,
    ),
  'functions that replace themselves': (times) =>
    repeated(
      times,
      (index) => `function f${index}(n) { return (f${index} = function (n) { return n; })(n); }\nf${index}(1);`,
    ),
  'functions that call the next one, the last of which is no helper': (times) =>
    `${repeated(times, (index) => `function f${index}() { return f${index + 1}(); }`)}\nvar n = 0;\nfunction f${times}() { return n++; }`,
  'one name, used over and over': (times) =>
    `(function () { var last = now();\n${repeated(times, () => 'use(last);')} })();`,
  'clock readings of one name': (times) =>
    repeated(times, () => 'function f() { var at = now(), then = now(); if (at - then > 1) return 1; }'),
  'clock readings kept in one variable': (times) =>
    `function f() { ${repeated(times, () => 'var at = now(), then = now(); if (at - then > 1) use();')} }`,
  'a helper that all others call': (times) =>
    `function f(n) { return n; }\n${repeated(times, (index) => `function f${index}(n) { return f(n); }\nconst a${index} = f${index}(1);`)}`,
  'requests of one file': (times) => repeated(times, (index) => `const x${index} = require('x'); x${index}.a();`),
  'requests of one name': (times) => `var x;\n${repeated(times, () => "x = require('x'); x.a();")}`,
  'functions around requests': (times) => repeated(times, (index) => `function f${index}() { return require('x').a; }`),
  'members, assigned': (times) => repeated(times, (index) => `exports.a${index} = exports.b${index} = 1;`),
  'modules of a bundle': (times) =>
    repeated(
      times,
      (index) =>
        `var require_${index} = __commonJS({ 'm${index}'(exports, module) { module.exports = () => require_0(); } });`,
    ),
  'statements on one line': (times) => repeated(times, (index) => `var a${index}=f(${index});`).replaceAll('\n', ''),
};

t.test('looks at each node, by the length of the text', async (t) => {
  for (const [name, sourceOf] of Object.entries(growing)) {
    const [small, large] = [looksPerNode(sourceOf(50)), looksPerNode(sourceOf(400))];
    t.ok(large < 1.15 * small, `${name}: ${small.toFixed(1)}, ${large.toFixed(1)}`);
  }
});

t.test('the count sees a text that is walked for each of its names', async (t) => {
  const walkedForEach = (times: number): number => {
    const text = new SourceText(repeated(times, (index) => `var v${index};`));
    const looks = counted(text);
    for (const _ of text.file.statements) text.walk((node) => ts.isIdentifier(node));
    return looks.count / looks.nodes;
  };
  t.ok(walkedForEach(400) > 4 * walkedForEach(50));
});

t.test('a hashbang becomes a comment of its length, behind a byte order mark, too', async (t) => {
  t.equal(moduleText('#!/usr/bin/env node\na'), '///usr/bin/env node\na');
  t.equal(moduleText('\uFEFF#!/usr/bin/env node\na'), '\uFEFF///usr/bin/env node\na');
  t.equal(moduleText('a #! b'), 'a #! b');
});

t.test('lines', async (t) => {
  const source = new SourceText('a;\n/* c\n*/ b;');
  t.same(
    source.file.statements.map((statement) => source.lineOf(statement)),
    [1, 3],
  );
  t.ok(source.isWellFormed);
  t.notOk(new SourceText('a (').isWellFormed);
});

t.test('nesting that no recursive walk survives', async (t) => {
  for (const deep of [
    '('.repeat(100_000),
    `x = ${'a + '.repeat(100_000)}a`,
    '{'.repeat(100_000),
    '['.repeat(100_000),
  ]) {
    t.notOk(instrument(deep).facts.parsed, deep.slice(0, 10));
    t.same(launchFacts(deep), instrument(deep).facts, 'a launch is told that it may do anything');
  }
});
