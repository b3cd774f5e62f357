// Which conditions are worth baking on, and how they are said.
import t from 'tap';
import type { Guard } from '../../snapshot-entry/shared/bake-plan.cjs';
import type { Effect } from '../../src/graph/analysis.js';
import type { Graph } from '../../src/graph/types.js';
import { askedDescriptor, describeGuard, FailingGuards, type Habits, uniqueGuards } from '../../src/plan/guards.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { UNPARSED } from '../../src/source/static-facts.js';

const FILE = '/app/a.js';
const debugUnset: Guard = { kind: 'env-unset', name: 'DEBUG' };
const calm: Habits = { env: { HOME: '/home/anna' }, lines: [['--version']] };

function graphOf(writes: Graph['writes'] = [], writesBefore = writes.length): Graph {
  const shape = { format: 'commonjs', bytes: 1, selfMs: 1, totalMs: 1, lines: [0], parent: null, loads: [] } as const;
  const modules = [
    { ...shape, file: '/app/main.js', order: 0, writesBefore: [] },
    { ...shape, file: FILE, order: 1, writesBefore: [[0, writesBefore] as const] },
  ];
  return { entry: '/app/main.js', entryFormat: 'commonjs', runs: [], modules, resolutions: [], writes };
}

function planOf(effects: readonly Partial<Effect>[], habits: Habits | undefined, graph = graphOf()) {
  const charged = effects.map((effect) => ({
    module: FILE,
    kind: 'env-read',
    subject: 'x',
    at: `${FILE}:1`,
    ...effect,
  }));
  const analysis = {
    effects: charged as Effect[],
    ...{ inputs: [], reads: [], loads: [], touches: [], uses: [], evaluated: [FILE] },
  };
  const facts = new Map([[FILE, { ...UNPARSED, parsed: true, startsWorkers: false }]]);
  const plan = makePlan({ graph, analysis, facts, ...(habits === undefined ? {} : { habits }) });
  return plan.modules.find(({ file }) => file === FILE);
}

t.test('a guard takes the consequence from an effect', async (t) => {
  t.match(planOf([{ guard: debugUnset }], calm), { verdict: 'baked', guards: [{ guard: debugUnset, after: -1 }] });
  const twice = [
    { guard: debugUnset, after: 3 },
    { guard: debugUnset, subject: 'y' },
  ];
  t.same(planOf(twice, calm)?.guards, [{ guard: debugUnset, after: 3 }], 'the last time counts');
  t.match(planOf([{ guard: debugUnset }, {}], calm), { verdict: 'packed', code: 'HAZARD_ENV_READ', guards: [] });
  t.match(planOf([{ guard: debugUnset }], undefined), { verdict: 'packed' }, 'not without habits');
});

t.test('what the usual runs fail is no guard', async (t) => {
  const set = { ...calm, env: { DEBUG: 'x' } };
  t.match(planOf([{ guard: debugUnset }], set), { verdict: 'packed', code: 'HAZARD_ENV_READ' });
  t.match(planOf([{ guard: debugUnset }], { ...calm, env: { DEBUG: '' } }), { verdict: 'packed' }, 'empty is set');
  const flag: Guard = { kind: 'argv-without', word: '--color' };
  t.match(planOf([{ guard: flag, kind: 'argv' }], calm), { verdict: 'baked' });
  t.match(planOf([{ guard: flag, kind: 'argv' }], { ...calm, lines: [[], ['a', '--color']] }), { verdict: 'packed' });
});

t.test('nor what the program itself sets before', async (t) => {
  const write = { by: '/app/main.js', what: 'process.env.DEBUG', line: 1 };
  t.match(planOf([{ guard: debugUnset }], calm, graphOf([write])), { verdict: 'packed' });
  t.match(planOf([{ guard: debugUnset }], calm, graphOf([write], 0)), { verdict: 'baked' }, 'set later');
  const other = { ...write, what: 'process.env.DEBUGGER' };
  t.match(planOf([{ guard: debugUnset }], calm, graphOf([other])), { verdict: 'baked' }, 'another one');
  t.equal(new FailingGuards(graphOf([write]), calm).has(FILE, debugUnset), true);
});

t.test('each guard once, in words', async (t) => {
  const stdout: Guard = { kind: 'no-terminal', fd: 1 };
  const asked = [debugUnset, stdout, { ...debugUnset }].map((guard, after) => ({ guard, after }));
  t.same(
    uniqueGuards(asked).map(({ guard, after }) => [describeGuard(guard), after]),
    [
      ['DEBUG is not set', 2],
      ['stdout is no terminal', 1],
    ],
  );
  const others: Guard[] = [
    { kind: 'env-same', name: 'TERM' },
    { kind: 'env-none', test: '(key) => {\n  return /^debug_/i.test(key);\n}' },
    { kind: 'argv-without', word: '--color' },
    { kind: 'plain-stream', name: 'stderr' },
    { kind: 'terminal', fd: 2 },
    { kind: 'terminal-stream', name: 'stdin' },
  ];
  t.same(others.map(describeGuard), [
    'TERM is as it was for the build',
    'no variable passes (key) => { return /^debug_/i.test(key); }',
    'the command line has no --color',
    'process.stderr is no terminal',
    'stderr is a terminal',
    'process.stdin is a terminal',
  ]);
  t.same(others.map(askedDescriptor), [undefined, undefined, undefined, 2, 2, 0]);
});
