// The proof: a plan whose modules keep something of their environment, which nothing has told the builder.
import t from 'tap';
import { bake } from '../../src/bake/bake.js';
import { filesOf, openBench } from './harness/plans.js';

t.test('modules that keep nothing of their environment are proven', async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  const plan = bench.plan({
    'a.js': `exports.table = new Map([['a', [1, 2, 3]]]);`,
    'b.js': `exports.of = require('./a.js');`,
  });
  t.same(await bench.pair.compare(plan), { same: true });
});

t.test('a module that keeps HOME is left out with its dependents', async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  const plan = bench.plan({
    'a.js': 'exports.a = 1;',
    'home.js': `exports.home = require('node:os').homedir();`,
    'user.js': `exports.at = require('./home.js').home + '/x';`,
    'z.js': `exports.a = require('./a.js');`,
  });
  const result = await bake(plan, { builder: bench.builder, pair: bench.pair });
  const culprit = bench.file('home.js');
  t.same(filesOf(result), [bench.file('a.js'), bench.file('z.js')]);
  t.match(result.demotions, [
    { file: culprit, code: 'BAKE_DEPENDS_ON_WORLD', culprit },
    { file: bench.file('user.js'), code: 'BAKE_NEEDS_DEMOTED', culprit },
  ]);
});

t.test("a module that keeps the builder's arguments differs", async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  t.match(await bench.pair.compare(bench.plan({ 'keeps.js': 'exports.args = process.argv.slice(2);' })), {
    same: false,
  });
});
