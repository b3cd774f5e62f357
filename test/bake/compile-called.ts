// What a launch is going to call is compiled while baking, as V8's own log of the builder tells.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { openBench } from './harness/plans.js';

const SOURCE = `'use strict';
exports.named = function named() { return 1; };
exports.other = function other() { return 2; };
exports.arrow = (a) => (b) => a + b;
exports.async = async (a) => a;
class Box { open() { return 3; } static make() { return new Box(); } get size() { return 4; } }
exports.Box = Box;
exports.outer = function outer() { return function inner() { return 5; }; };
`;

/** The text of each function of the file that V8 has compiled. */
async function compiledIn(t: Test, called: readonly string[]): Promise<string[] | undefined> {
  const bench = await openBench(t);
  if (bench === undefined) return undefined;
  const plan = bench.plan({ 'fine.js': SOURCE });
  const ranges = called.flatMap((text) => [SOURCE.indexOf(text), SOURCE.indexOf(text) + text.length]);
  // One file for each isolate: Node makes a second one, to fill code caches.
  const flags = ['--log-function-events', `--logfile=${bench.file('v8.log')}`];
  await bench.builder.usePlan({ ...plan, modules: plan.modules.map((module) => ({ ...module, called: ranges })) });
  t.match(await bench.builder.buildIn(bench.builder.home, flags), { kind: 'built' });
  const folder = path.dirname(bench.file('fine.js'));
  const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
  const events = logs.flatMap((name) => readFileSync(path.join(folder, name), 'utf8').split('\n'));
  const details = events.find((event) => event.startsWith('script-details,') && event.includes('/fine.js,'));
  const script = details?.split(',')[1];
  return events
    .map((event) => event.split(','))
    .filter(([, kind, id]) => kind === 'parse-function' && id === script)
    .map(([, , , start, end]) => SOURCE.slice(Number(start), Number(end)));
}

t.test('functions that training runs called are compiled, each by its own place', async (t) => {
  const called = {
    'function named() { return 1; }': '() { return 1; }',
    '(a) => (b) => a + b': '(a) => (b) => a + b',
    'async (a) => a': 'async (a) => a',
    'open() { return 3; }': '() { return 3; }',
    'size() { return 4; }': '() { return 4; }',
    'function outer() { return function inner() { return 5; }; }': '() { return function inner() { return 5; }; }',
  };
  const compiled = await compiledIn(t, Object.keys(called));
  if (compiled === undefined) return;
  for (const text of Object.values(called)) t.ok(compiled.includes(text), text);
  for (const text of ['() { return 2; }', '() { return new Box(); }', '() { return 5; }'])
    t.notOk(compiled.includes(text), `${text} is left for its first call`);
});

t.test('what fits no function of the text is left alone', async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  const plan = bench.plan({ 'fine.js': SOURCE });
  const called = [0, SOURCE.length, 5, 5, 7, 3, SOURCE.length - 1, SOURCE.length + 40];
  const modules = plan.modules.map((module) => ({ ...module, called }));
  t.match(await bench.builder.build({ ...plan, modules }), { kind: 'built' });
});

t.test('a script that V8 has let go of has nothing to compile', async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  // Nothing of it is left after its load.
  const texts = Array.from({ length: 50 }, (_one, at) => [`gone-${at}.js`, `(function once() { return ${at}; })();`]);
  const plan = bench.plan(Object.fromEntries(texts));
  const called = Array.from({ length: 200 }, () => [1, 30]).flat();
  await bench.builder.usePlan({ ...plan, modules: plan.modules.map((module) => ({ ...module, called })) });
  // Collects everything whenever 1 MB was allocated: the debugger's answers alone are more.
  const flags = ['--gc-global', '--max-semi-space-size=1'];
  t.match(await bench.builder.buildIn(bench.builder.home, flags), { kind: 'built' });
});
