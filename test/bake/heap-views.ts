// The second net: what a module changes outside of itself shows in a builder's heap, whether or not the analysis has a rule
// for it. These plans have been asked by no rule.
import { basename } from 'node:path';
import type { Test } from 'tap';
import t from 'tap';
import { HeapViews } from '../../src/bake/heap-views.js';
import { openBench } from './harness/plans.js';

t.setTimeout(300_000);

const QUIET = {
  'table.js': "exports.table = new Map([['a', [1, 2, 3]]]); class Own extends Map { #x = 1 } exports.own = new Own();",
  'reader.js':
    "const util = require('node:util'); const fs = require('node:fs'); exports.text = util.inspect(fs.constants) + Buffer.from('x');",
  'state.js':
    'let count = 0; const up = () => ++count; up(); exports.up = up; exports.params = new URLSearchParams("a=1");',
  'child.js':
    "const { EventEmitter } = require('node:events'); const { Transform } = require('node:stream'); exports.e = new EventEmitter().on('x', () => 1); exports.T = class extends Transform {};",
};

/** By module: what is told of the place that it changes. */
const CHANGES_BUILTINS: Readonly<Record<string, readonly [text: string, path: RegExp]>> = {
  'inspect.js': ["require('node:util').inspect.defaultOptions.depth = 0;", /depth$/],
  'water.js': ["require('node:stream').setDefaultHighWaterMark(false, 1234);", /HighWaterMark/],
  'listeners.js': ["require('node:events').defaultMaxListeners = 77;", /defaultMaxListeners/],
  'order.js': ["require('node:dns').setDefaultResultOrder('ipv6first');", /dnsOrder/],
  'process.js': ["process.on('anything', () => 1);", /_events/],
  'prototype.js': ['Object.defineProperty(Array.prototype, "own", { value: 1 });', /own$/],
};

/** Of another module's: its own load changes what `state.js` has. */
const CHANGES_OTHERS: Readonly<Record<string, readonly [text: string, path: RegExp]>> = {
  'append.js': ["require('./state.js').params.append('b', '2');", /^modules .*state\.js exports params/],
  'count.js': ["require('./state.js').up();", /^modules .*state\.js .*\{count\}/],
};

/** The modules of `names` come last. */
async function changesBy(
  t: Test,
  changing: Readonly<Record<string, readonly [text: string, path: RegExp]>>,
  isAlone: boolean,
) {
  const bench = await openBench(t);
  if (bench === undefined) return;
  const texts = Object.entries(changing).map(([name, [text]]) => [name, text]);
  const plan = bench.plan({ ...QUIET, ...Object.fromEntries(texts) });
  const quiet = plan.modules.filter(({ file }) => !(basename(file) in changing));
  const changes = await new HeapViews(bench.builder).changes({ ...plan, modules: isAlone ? [] : quiet }, plan);
  for (const [name, [, place]] of Object.entries(changing)) {
    t.ok(
      changes.some(({ path }) => place.test(path)),
      `${name} is seen`,
      { changes },
    );
  }
}

t.test('modules that keep to themselves change nothing', async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  const plan = bench.plan(QUIET);
  t.same(await new HeapViews(bench.builder).changes({ ...plan, modules: [] }, plan), []);
});

t.test("changes of built-ins' state", (t) => changesBy(t, CHANGES_BUILTINS, true));

t.test("changes of another module's state", (t) => changesBy(t, CHANGES_OTHERS, false));

t.test('who changes built-ins is found among others', async (t) => {
  const bench = await openBench(t);
  if (bench === undefined) return;
  const plan = bench.plan({
    'table.js': QUIET['table.js'],
    'inspect.js': "require('node:util').inspect.defaultOptions.depth = 0;",
    'last.js': "require('./table.js');",
  });
  t.same(await new HeapViews(bench.builder).culprits(plan), [bench.file('inspect.js')]);
});
