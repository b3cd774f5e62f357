// Sources as the analysis runs them: they do what they do plainly, and every use of a candidate's name at load is noted.
import t from 'tap';
import { instrument } from '../../src/source/instrument.js';
import { runInstrumented, runPlain } from './harness/evaluate.js';

/** `a` is a candidate, `c` is not. */
const HEAD = "const a = probe('a', 'value');\nlet c;\n";
const TAIL = "\nprobe('c', c);";

type Table = Readonly<Record<string, readonly [uses: number, source: string]>>;

function check(title: string, table: Table): void {
  t.test(title, (t) => {
    for (const [name, [uses, body]] of Object.entries(table)) {
      const source = HEAD + body + TAIL;
      const { code, facts } = instrument(source);
      t.same(
        facts.candidates.map(({ index }) => index),
        [0],
        `${name}: only one statement may wait`,
      );
      const { done, touches } = runInstrumented(code);
      const texts = (all: typeof done) => all.map(({ text }) => text);
      t.same(texts(done), texts(runPlain(source).done), `${name}: effects`);
      t.same(
        touches.map(({ statement, declaredBy }) => [statement, declaredBy]),
        Array.from({ length: uses }, () => [-1, 0]),
        `${name}: uses`,
      );
    }
    t.end();
  });
}

check('defaults in assignment patterns', {
  'of a name': [1, '({ c = a } = {});'],
  'that is not needed': [0, '({ c = a } = { c: 1 });'],
  'of a name among others': [1, 'let d;\n({ d = 1, c = a, ...d } = { d: 2 });'],
  'of a key': [1, '({ key: c = a } = {});'],
  'of an item': [1, '[c = a] = [];'],
  'in an inner pattern': [1, '({ key: [{ c = a }] } = { key: [{}] });'],
  'of a loop': [2, 'for ({ c = a } of [{}, { c: 1 }, {}]) probe("loop", c);'],
  'made of a name': [1, '({ c = { a } } = {});'],
  'made of an expression': [2, '({ c = [a, !a] } = {});'],
  'in a function': [1, 'f();\nfunction f() { ({ c = a } = {}); }'],
  'in an arrow': [1, 'const f = () => ({ c = a } = {});\nf();'],
  'in a parameter': [1, 'function f(p = ({ c = a } = {})) {}\nf();'],
  'without semicolons': [1, 'void 0\n;({ c = a } = {})'],
});

check('shorthand members', {
  'of an object': [1, 'c = { a };'],
  'of an object that a pattern takes apart': [1, '({ a: c } = { a });'],
  'of an object in a default': [1, 'let { d = { a } } = {};\nc = d;'],
});

check('names', {
  'that are deleted': [0, 'c = [delete a, delete (a), delete ((a))];'],
  'whose members are deleted': [1, 'c = delete a.length0;'],
  'that are asked for their type': [1, 'c = typeof a;'],
  'of what a class extends': [
    1,
    'c = Object.keys(class extends (Object[a + "s"] === Object.values ? Object : Array) {});',
  ],
  'of a key of a class': [1, 'c = Object.getOwnPropertyNames((class { [a]() {} }).prototype);'],
  'of a field': [1, 'c = new (class { b = a; })().b;'],
  'of a static block': [1, 'class B { static { c = a; } }'],
  'of a getter': [1, 'c = { get b() { return a; } }.b;'],
  'of a tag': [1, 'c = attempt(() => a`b`);'],
  'that are called': [1, 'c = attempt(() => a());'],
  'that are constructed': [1, 'c = attempt(() => new a());'],
});
