// What becomes of a builder's child process, told apart on a real node.
import { statSync } from 'node:fs';
import t from 'tap';
import { openBench } from './harness/plans.js';

t.test('a module whose load throws is named', async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  const plan = bench.plan({ 'fine.js': 'exports.a = 1;', 'throws.js': `throw new TypeError('no "terminal"');` });
  t.same(await bench.builder.build(plan), { kind: 'threw', file: bench.file('throws.js'), detail: 'no "terminal"' });
});

t.test('a module that V8 cannot serialise ends the builder natively', async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  const outcome = await bench.builder.build(bench.plan({ 'keeps.js': 'exports.compare = new Intl.Collator();' }));
  t.equal(outcome.kind, 'died');
  t.match(outcome.kind === 'died' ? outcome.detail : '', /^(signal SIG|exit code \d)/);
});

t.test('what builds, also boots', async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  const outcome = await bench.builder.build(bench.plan({ 'fine.js': `exports.sep = require('node:path').sep;` }));
  t.match(outcome, { kind: 'built' });
  if (outcome.kind === 'built') t.equal(statSync(outcome.blob).size, outcome.blobBytes);
  t.equal(bench.builder.runs, 1);
});

t.test('a blob that builds and does not boot has died', async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  const hook = `require('node:v8').startupSnapshot.addDeserializeCallback(() => { throw new Error('at boot'); });`;
  const outcome = await bench.builder.build(bench.plan({ 'boots.js': hook }));
  t.equal(outcome.kind, 'died');
  t.match(outcome.kind === 'died' ? outcome.detail : '', /^restoring it: /);
});

t.test('what the plan says of modules is not in the heap', async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  const text = 'exports.read = (file) => file;';
  const lean = bench.plan({ 'fine.js': text, 'rewritten.js': text });
  const rewritten = { text, columnOffset: 0, loading: [] };
  const modules = lean.modules.map((module, at) => (at === 0 ? module : { ...module, rewritten }));
  const requests = Array.from({ length: 20_000 }, (_one, at): [string, null] => [`./asked-${at}.js`, null]);
  const sizeOf = async (asked: typeof requests): Promise<number> => {
    const outcome = await bench.builder.build({
      ...lean,
      modules: modules.map((module) => ({ ...module, requests: asked })),
    });
    if (outcome.kind !== 'built') throw new Error(outcome.detail);
    return outcome.blobBytes;
  };
  const grown = (await sizeOf(requests)) - (await sizeOf([]));
  t.ok(grown < 50_000, `${grown} bytes more for ${requests.length} requests`);
});

t.test('what packages have in common is in the heap once, and each has its own name', async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  const check = `if (!new Error().stack.includes(__filename)) throw new Error('of another file');`;
  const text = `exports.check = () => { ${check} /* ${'x'.repeat(300_000)} */ }; exports.check();`;
  const sizeOf = async (files: Readonly<Record<string, string>>): Promise<number> => {
    const outcome = await bench.builder.build(bench.plan(files));
    if (outcome.kind !== 'built') throw new Error(outcome.detail);
    return outcome.blobBytes;
  };
  const first = await sizeOf({ 'a.js': text, 'c.js': '' });
  const grown = (await sizeOf({ 'a.js': text, 'c.js': text })) - first;
  t.ok(grown < 150_000, `${grown} bytes more`);
});

t.test('what is built only to be looked at has no code in it', async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  const functions = Array.from({ length: 2000 }, (_one, at) => `exports.f${at} = (a) => a + ${at}; exports.f${at}(1);`);
  const plan = bench.plan({ 'fine.js': functions.join('\n') });
  const outcome = await bench.builder.build(plan);
  const looked = await bench.builder.buildIn(bench.builder.home, []);
  if (outcome.kind !== 'built' || looked.kind !== 'built') throw new Error('not built');
  t.ok(looked.blobBytes < outcome.blobBytes - 1_000_000, `${looked.blobBytes} bytes, else ${outcome.blobBytes}`);
});
