// The index of names: what is said of one by its text, whatever scope it stands in; and what the scopes say.
import t from 'tap';
import { SourceText } from '../../src/source/source-text.js';

function namesOf(source: string) {
  return new SourceText(source).names;
}

t.test('mentions and references', async (t) => {
  const names = namesOf(
    'const a = o.a; a: for (;;) break a; ({ a: 1, b: a, a }); const { a: c } = o; class A { a() {} } a.a();',
  );
  t.equal(names.mentions('a').length, 11, 'every identifier');
  const references = names.references('a').map((node) => node.parent.getText());
  t.same(references, ['b: a', 'a', 'a.a'], 'those that name a variable');
  t.same(names.mentions('toString'), [], 'what is not there, but in every object');
  t.same(names.references('constructor'), []);
});

t.test('declarations', async (t) => {
  const names = namesOf(
    'var a, { b, x: [c] } = o; function f(d, ...e) { var a; } class C {} try {} catch (g) {} (class D {}); (function h() {});',
  );
  for (const name of ['b', 'c', 'f', 'd', 'e', 'C', 'g', 'D', 'h']) t.ok(names.isDeclaredOnce(name), name);
  t.ok(names.isDeclared('a') && !names.isDeclaredOnce('a'), 'two of one name');
  t.notOk(names.isDeclared('x'), 'a key');
  for (const name of ['a', 'b', 'f', 'C', 'g', 'h']) t.ok(names.isDeclaredByModule(name), `${name}, by the module`);
  for (const name of ['d', 'e']) t.notOk(names.isDeclaredByModule(name), `${name}, by a function`);
});

t.test('methods bind no name', async (t) => {
  const names = namesOf('({ a() {}, get b() { return 1; }, set c(v) {} }); class A { d() {} e = 1; static f() {} }');
  for (const name of ['a', 'b', 'c', 'd', 'f']) t.ok(names.isMethod(name) && !names.isDeclared(name), name);
  t.notOk(names.isMethod('e'), 'a field');
});

/** Names of one letter that a source assigns; and those of which it changes something. */
function written(source: string): string {
  const names = namesOf(source);
  const letters = [...'abcdefgi'];
  const changed = letters.filter((name) => names.changes(name).length > 0);
  return `${letters.filter((name) => names.isAssigned(name)).join('')} ${changed.join('')}`;
}

t.test('what is assigned, and what is changed', async (t) => {
  const table = {
    'a = b;': 'a a',
    'a += 1; b ??= 1; c++; --d;': 'abcd abcd',
    '!a; -b; typeof c;': ' ',
    'a.b = 1; c[i].d++; delete e.f;': ' ace',
    '[a, ...b] = c; ({ d, x: e = f, ...g } = {});': 'abdeg abdefg',
    'for (a of []); for (b.c in {}); for (const d of []);': 'a ab',
    'for ([a] of []);': 'a a',
    '(a) = 1; ((b)).c = 1;': 'a ab',
    'a(b).c = 1;': ' ab',
    'var a = 1; let b = 2;': ' ',
    '(a = b).c = 1;': 'a ab',
  };
  for (const [source, expected] of Object.entries(table)) t.equal(written(source), expected, source);
});

t.test('what sees names that are not written', async (t) => {
  t.ok(namesOf('with (o) a;').hasWith);
  t.notOk(namesOf('o.with(a);').hasWith);
  const table = {
    'arguments[0];': true,
    'const f = () => arguments;': true,
    'if (x) { for (;;) arguments; }': true,
    'function f() { return arguments; }': false,
    '({ f() { return () => arguments; } });': false,
    'class A { constructor() { arguments; } }': false,
  };
  for (const [source, expected] of Object.entries(table))
    t.equal(namesOf(source).usesModuleArguments, expected, source);
});

t.test('calls, outer before inner', async (t) => {
  const { calls } = namesOf('a(b(), new C(d`e`)); import("f");');
  t.same(
    calls.map((call) => call.getText()),
    ['a(b(), new C(d`e`))', 'b()', 'new C(d`e`)', 'd`e`', 'import("f")'],
  );
});

t.test('the scope that declares a name', async (t) => {
  const source = new SourceText('let a; function f(b) { { var a; let b; a; b; } a; c; } a;');
  const { names, scopes } = source;
  const homeOf = (name: string) =>
    names.references(name).map((node) => scopes.find(name, scopes.at(node))?.node.getText().slice(0, 10));
  t.same(homeOf('a'), ['function f', 'function f', 'let a; fun']);
  t.same(homeOf('b'), ['{ var a; l']);
  t.same(homeOf('c'), [undefined]);
  t.ok(scopes.root.names.has('require'), 'what a module is given');
  t.notOk(new SourceText('', { isEvaluated: true }).scopes.root.names.has('require'), 'and an evaluated text is not');
});
