// Bakes what can be baked, and says of the rest why not.
import t from 'tap';
import { bake } from '../../src/bake/bake.js';
import { filesOf, openBench } from './harness/plans.js';

t.setTimeout(120_000);

t.test('a module that aborts the builder goes with its dependents; the rest is baked', async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  const plan = bench.plan({
    'a.js': 'exports.a = 1;',
    'collator.js': 'exports.compare = new Intl.Collator();',
    'user.js': `exports.compare = require('./collator.js').compare;`,
    'top.js': `require('./user.js'); require('./a.js');`,
    'z.js': `exports.a = require('./a.js');`,
  });
  const result = await bake(plan, { builder: bench.builder, pair: null });
  const culprit = bench.file('collator.js');
  t.same(filesOf(result), [bench.file('a.js'), bench.file('z.js')]);
  t.match(result.demotions, [
    { file: culprit, code: 'BAKE_ABORTED', culprit },
    { file: bench.file('user.js'), code: 'BAKE_NEEDS_DEMOTED', culprit },
    { file: bench.file('top.js'), code: 'BAKE_NEEDS_DEMOTED', culprit },
  ]);
  t.ok(result.blobBytes > 0);
});

t.test('what cannot be answered as in a plain run is no error that a module may catch', async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  const plan = bench.plan({
    'a.js': 'exports.a = 1;',
    'unplanned.js': `try { require('./' + 'a.js'); } catch {}`,
    'found.js': `try { require('./a.js'); } catch {}`,
    'resolves.js': `try { require.resolve('./' + 'a.js'); } catch {}`,
    'missing.js': `try { require('./nope.js'); } catch (error) { exports.keys = Object.keys(error); }`,
  });
  const failing = ['found.js', 'missing.js'].map((name) => bench.file(name));
  const modules = plan.modules.map((module) =>
    failing.includes(module.file)
      ? { ...module, requests: module.requests.map(([request]) => [request, null] as const) }
      : module,
  );
  const result = await bake({ ...plan, modules }, { builder: bench.builder, pair: null });
  t.same(filesOf(result), [bench.file('a.js'), bench.file('missing.js')]);
  t.same(
    result.demotions.map(({ file, code }) => [file, code]),
    ['unplanned.js', 'found.js', 'resolves.js'].map((name) => [bench.file(name), 'BAKE_THREW']),
  );
});

t.test('two culprits of different kinds are both found', async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  const plan = bench.plan({
    'throws.js': `throw new Error('at load');`,
    'a.js': 'exports.a = 1;',
    'collator.js': 'exports.compare = new Intl.Collator();',
  });
  const result = await bake(plan, { builder: bench.builder, pair: null });
  t.same(filesOf(result), [bench.file('a.js')]);
  t.same(result.demotions.map(({ code }) => code).sort(), ['BAKE_ABORTED', 'BAKE_THREW']);
});

t.test('what worker threads abort on is left out', async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  const plan = bench.plan({
    'a.js': `exports.spawn = require('node:child_process').spawn; exports.connect = require('node:net').connect;`,
    'inner.js': `exports.hash = require('node:crypto').createHash;`,
    'outer.js': `exports.hash = require('./inner.js').hash;`,
    'z.js': `exports.a = require('./a.js');`,
  });
  const result = await bake(plan, { builder: bench.builder, pair: null });
  t.same(filesOf(result), [bench.file('a.js'), bench.file('z.js')], 'sockets and children may stay');
  const culprit = bench.file('inner.js');
  t.match(result.demotions, [
    { file: culprit, code: 'BAKE_ABORTED', culprit, detail: /crypto/ },
    { file: bench.file('outer.js'), code: 'BAKE_NEEDS_DEMOTED', culprit },
  ]);
});

t.test('a node that cannot build at all is an error, not a culprit', async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  const plan = { ...bench.plan({ 'a.js': '' }), frames: null as never };
  await t.rejects(bake(plan, { builder: bench.builder, pair: null }), { code: 'BAKE_EMPTY_FAILED' });
});
