// Which conditions are worth baking on, and how they are said.
import t from 'tap';
import type { Effect } from '../../src/graph/analysis.js';
import type { Guard } from '../../src/graph/guard.js';
import type { SharedWrite } from '../../src/graph/types.js';
import { askedDescriptor, describeGuard, FailingGuards, type Habits, uniqueGuards } from '../../src/plan/guards.js';
import { env, inputOf, planned } from './harness/programs.js';

const debugUnset: Guard = { kind: 'env-unset', name: 'DEBUG' };
const calm: Habits = { env: { HOME: '/home/anna' }, lines: [['--version']] };

/** The writes come before the load of `a`, or fewer of them. */
function programOf(effects: readonly Partial<Effect>[], writes: readonly SharedWrite[] = [], before = writes.length) {
  const shapes = { main: {}, a: { writesBefore: [[0, before] as const] } };
  return inputOf(shapes, { effects: effects.map((effect) => ({ ...env('a'), ...effect })), writes });
}

function planOf(effects: readonly Partial<Effect>[], habits: Habits | undefined, ...written: WrittenBefore) {
  return planned({ ...programOf(effects, ...written), habits }, 'a');
}

type WrittenBefore = [writes?: readonly SharedWrite[], before?: number];

t.test('a guard takes the consequence from an effect', async (t) => {
  t.match(planOf([{ guard: debugUnset }], calm), { verdict: 'baked', guards: [{ guard: debugUnset, after: -1 }] });
  const twice = [
    { guard: debugUnset, after: 3 },
    { guard: debugUnset, subject: 'y' },
  ];
  t.same(planOf(twice, calm).guards, [{ guard: debugUnset, after: 3 }], 'the last time counts');
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
  const write = { by: 'main', what: 'process.env.DEBUG', line: 1 };
  t.match(planOf([{ guard: debugUnset }], calm, [write]), { verdict: 'packed' });
  t.match(planOf([{ guard: debugUnset }], calm, [write], 0), { verdict: 'baked' }, 'set later');
  const other = { ...write, what: 'process.env.DEBUGGER' };
  t.match(planOf([{ guard: debugUnset }], calm, [other]), { verdict: 'baked' }, 'another one');
  t.equal(new FailingGuards(programOf([], [write]).graph, calm).has('a', debugUnset), true);
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
