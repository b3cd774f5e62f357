// What stays in a heap of our own code: the script that a launch runs, and nothing of the one that only a build needs.
import { readFileSync } from 'node:fs';
import type { Test } from 'tap';
import t from 'tap';
import type { BakePlan } from '../../snapshot-entry/shared/bake-plan.cjs';
import { builderScripts } from '../../src/pipeline/prepare-builder.js';
import { MAJORS } from '../hazards/graph-of.js';
import { openBench } from './harness/plans.js';

t.setTimeout(300_000);

/** Modules that make the builder hand something of every kind to what it bakes. */
const SOURCES = {
  'asks.js': `
    exports.isTerminal = process.stdout.isTTY;
    exports.late = typeof Promise.try;
    exports.shared = typeof SharedArrayBuffer;
    try { require('./absent.js'); } catch (error) { exports.code = error.code; }`,
  'lazy.js': 'exports.compare = (a, b) => a - b;',
  'uses.js':
    "const { compare } = require('./lazy.js'); const lazy = require('./lazy.js'); exports.sort = () => lazy.compare(2, 1);",
  'keeps.js':
    "__v8snapDefer(0, () => 1); exports.run = (text) => eval(text); exports.own = require.resolve('./asks.js');",
};

function planFor(plan: BakePlan, fileOf: (name: string) => string): BakePlan {
  const change: Readonly<Record<string, object>> = {
    'asks.js': { requests: [['./absent.js', null]], reads: [0, 1, 2], guards: [{ position: 0, after: -1 }] },
    'lazy.js': { isLazy: true },
    'uses.js': { standIns: [{ request: './lazy.js', members: [{ name: 'compare', isCalled: true }] }] },
    'keeps.js': {
      rewritten: { text: SOURCES['keeps.js'], columnOffset: 0, loading: [] },
      requests: [['./asks.js', fileOf('asks.js')]],
    },
  };
  const changes = new Map(Object.entries(change).map(([name, more]) => [fileOf(name), more]));
  return {
    ...plan,
    late: ['Promise.try', 'notYet'],
    reads: [
      { owner: 'globalThis.Promise', member: 'try' },
      { owner: 'node:util', member: '[[settings]]' },
      { owner: 'globalThis', member: 'navigator' },
    ],
    guards: [{ kind: 'plain-stream', name: 'stdout' }],
    modules: plan.modules.map((module) => ({ ...module, ...changes.get(module.file) })),
  };
}

/** How many pieces of a text there are in a blob, of how many. */
function piecesIn(blob: Buffer, text: string, common: string): readonly [found: number, all: number] {
  const starts = Array.from({ length: Math.floor(text.length / 80) }, (_one, at) => at * 80);
  const pieces = starts.map((start) => text.slice(start, start + 60)).filter((piece) => !common.includes(piece));
  return [pieces.filter((piece) => blob.includes(piece, 0, 'latin1')).length, pieces.length];
}

async function keeps(t: Test, major: number): Promise<void> {
  const bench = await openBench(t, major);
  if (bench === undefined) return;
  const outcome = await bench.builder.build(planFor(bench.plan(SOURCES), bench.file));
  if (outcome.kind !== 'built') throw new Error(JSON.stringify(outcome));
  const blob = readFileSync(outcome.blob);
  const { launch, builder } = builderScripts();
  const [kept, all] = piecesIn(blob, launch, '');
  t.equal(kept, all, 'the text of what a launch runs, so that its absence means something');
  t.ok(all > 400);
  const [left, of] = piecesIn(blob, builder, launch);
  // V8 keeps a script's text as a whole, or nothing of it. What is found are texts that the builder has V8 compile (forge.cts).
  t.ok(left < 10, `${left} of ${of} pieces of the builder`);
  t.ok(of > 200);
  t.notOk(blob.includes('v8-snap: failed module'), 'nor a word that it would say');
}

for (const major of MAJORS) await t.test(`Node ${major}`, (t) => keeps(t, major));
