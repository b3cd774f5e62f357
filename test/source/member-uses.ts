// Of which requires nothing but members are used: what the text shows, and every form in which it does not.
import t from 'tap';
import { instrument } from '../../src/source/instrument.js';
import { memberUses } from '../../src/source/member-uses.js';
import { SourceText } from '../../src/source/source-text.js';

/** `x: a() b` for `require('x')` of which `a` is called and `b` read. */
function found(source: string): string[] {
  return memberUses(new SourceText(source)).requests.map(({ request, members }) =>
    [`${request}:`, ...members.map(({ name, isCalled }) => (isCalled ? `${name}()` : name))].join(' '),
  );
}

type Table = Readonly<Record<string, readonly [source: string, expected: readonly string[]]>>;

function check(title: string, table: Table): void {
  t.test(title, (t) => {
    for (const [name, [source, expected]] of Object.entries(table)) {
      t.same(found(source), expected, name);
      t.same(
        instrument(source).facts.memberUses,
        memberUses(new SourceText(source)).requests,
        `${name}: the analysis sees the same`,
      );
    }
    t.end();
  });
}

check('nothing but members', {
  called: ["const x = require('x'); f = () => x.a();", ['x: a()']],
  read: ["const x = require('x'); f = () => [x.a, typeof x.b, x.c.d(), !x.e];", ['x: a b c e']],
  constructed: ["const x = require('x'); f = () => new x.A(x.b());", ['x: A b()']],
  'called if it is there': ["const x = require('x'); f = () => x.a?.(x.b?.c);", ['x: a() b']],
  'called apart, as TypeScript does': ["const x_1 = require('x'); f = () => (0, x_1.a)(x_1.b);", ['x: a b']],
  unused: ["const x = require('x');", ['x:']],
  'assigned once': ["var a, x; x = require('x'); f = () => x.a();", ['x: a()']],
  'assigned in a list, as LiveScript does': [
    "(function(){ var a, x, y; a = 1, x = require('x'); y = require('y'), a = y.b; f = function(){ x.a(); } })();",
    ['x: a()', 'y: b'],
  ],
  twice: ["const x = require('x'), again = require('x'); f = () => [x.a(), again.b];", ['x: a() b']],
  'in a function': ["function f() { const x = require('x'); return x.a(); }", ['x: a()']],
  'a name in other places': ["const x = require('x'); f = () => ({ x: y.x, z: x.x }); x: for (;;) break x;", ['x: x']],
  'require itself, asked about': [
    "const x = require('x'); require.resolve('y'); typeof require; f = () => x.a();",
    ['x: a()'],
  ],
});

check('what may be seen as a whole', {
  passed: ["const x = require('x'); f(x); x.a();", []],
  returned: ["const x = require('x'); f = () => x;", []],
  exported: ["const x = require('x'); module.exports = { x };", []],
  're-exported': ["module.exports = require('x');", []],
  'not bound': ["require('x');", []],
  'bound to parts': ["const { a } = require('x');", []],
  'a member of it': ["const a = require('x').a;", []],
  called: ["const x = require('x'); f = () => x();", []],
  constructed: ["const x = require('x'); f = () => new x();", []],
  compared: ["const x = require('x'); f = () => x === y;", []],
  'by a computed name': ["const x = require('x'); f = () => x['a'];", []],
  'a name in it': ["const x = require('x'); f = () => 'a' in x;", []],
  spread: ["const x = require('x'); f = () => ({ ...x });", []],
  'if it is there': ["const x = require('x'); f = () => x?.a;", []],
  inherited: ["const x = require('x'); class A extends x {}", []],
  'asked whether it is there': ["const x = require('x'); f = () => x && x.a;", []],
  'through a helper': ["const x = __importStar(require('x')); f = () => x.a();", []],
  'for two names': ["let y; const x = (y = require('x')); f = () => x.a();", []],
  'one of two': ["const x = require('x'), y = require('x'); f = () => x.a(y);", []],
});

check('more than reading', {
  set: ["const x = require('x'); f = () => { x.a = 1; };", []],
  'set in a pattern': ["const x = require('x'); f = () => { [x.a] = [1]; };", []],
  'set by a loop': ["const x = require('x'); f = () => { for (x.a of []); };", []],
  'set with a default': ["const x = require('x'); f = () => { ({ a: x.a = 1 } = {}); };", []],
  counted: ["const x = require('x'); f = () => x.a++;", []],
  deleted: ["const x = require('x'); f = () => delete x.a;", []],
  'a tag': ["const x = require('x'); f = () => x.a`b`;", []],
  'called in parentheses': ["const x = require('x'); f = () => (x.a)();", []],
  'called and read': ["const x = require('x'); f = () => [x.a(), x.a];", []],
});

check('names that may be something else', {
  'declared twice': ["var x = require('x'); function f(x) { return x.a(); }", []],
  'assigned twice': ["var x; x = require('x'); x = 2; f = () => x.a();", []],
  'assigned by a loop': ["for (var x of [1]); x = require('x'); f = () => x.a();", []],
  'declared with a value': ["var x = 1; x = require('x'); f = () => x.a();", []],
  'not declared': ["x = require('x'); f = () => x.a();", []],
  'direct eval': ["const x = require('x'); eval('x');", []],
  with: ["const x = require('x'); with (y) x.a();", []],
  'an unknown request': ["const x = require('x'); require(y); f = () => x.a();", []],
  'require handed on': ["const x = require('x'); f(require);", []],
  arguments: ["const x = require('x'); arguments[1]('x'); f = () => x.a();", []],
  'arguments, in an arrow function': ["const x = require('x'); f = () => arguments[1]('x') + x.a();", []],
  'module.require': ["const x = require('x'); module.require('x');", []],
  'another require': ["const x = require('x'); function f(require) { return x.a(); }", []],
  'another module': ["const x = require('x'); function f(module) { return x.a(); }", []],
});
