// Which baked modules the training lines turn out not to use.
import t from 'tap';
import { type LineUsage, usageOf } from '../../src/pack/usage.js';

/** A line as `active/refused`. */
function line(text: string): LineUsage {
  const [active = '', refused = ''] = text.split('/');
  return { active: active.split(' ').filter(Boolean), refused: refused.split(' ').filter(Boolean) };
}

const cases: Readonly<Record<string, readonly [lines: readonly string[], idle: string, partly: string]>> = {
  'no lines': [[], '', ''],
  'lines that tell nothing': [['/', '/'], '', ''],
  'all are used': [['a b/', 'b/'], '', ''],
  'one that no line asks for is not idle': [['a/', 'a/'], '', ''],
  'refused in the only line': [['a/b'], 'b', ''],
  'refused in all lines, once each': [['/b', '/b a', '/a'], 'b a', ''],
  'refused in one line and not asked for in others': [['a/b', 'a/'], 'b', ''],
  'refused, then used': [['/b', 'b/'], '', 'b'],
  'used, then refused': [['b/', '/b', '/b'], '', 'b'],
  'some of each': [['a b/c d', 'd a/b e'], 'c e', 'd b'],
};

t.test('idle is what is refused and never active, partly what is both', async (t) => {
  for (const [name, [lines, idle, partly]] of Object.entries(cases)) {
    const words = (text: string) => text.split(' ').filter(Boolean);
    t.same(usageOf(lines.map(line)), { idle: words(idle), partly: words(partly) }, name);
  }
});
