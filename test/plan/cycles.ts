// Cycles of which one member cannot be baked: the others are where they do without each other at load.
import t from 'tap';
import type { Effect } from '../../src/graph/analysis.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { env, inputOf, outcome, planned, type Shape, type Touch } from './harness/programs.js';

const PACKED = 'PLAN_NEEDS_UNBAKED';
const HAZARD = 'HAZARD_ENV_READ';

const bare = (target: string, by: number) => ({ target, by, isBare: true });

interface Case {
  /** Of a module that requires `b`, which requires it and has a hazard. */
  readonly a: Shape;
  readonly expected: string;
  readonly touches?: readonly Touch[];
}

const one = { loads: [bare('b', 0)], candidates: { 0: {}, 1: {} } };

const cases: Readonly<Record<string, Case>> = {
  'a statement that may wait': { a: one, expected: 'baked without 0' },
  'while it had exported something': {
    a: { ...one, loads: [{ target: 'b', by: 0, isBare: false }] },
    expected: PACKED,
  },
  'what cannot wait': { a: { ...one, loads: [{ target: 'b', isBare: true }] }, expected: PACKED },
  'a statement and what cannot wait': { a: { ...one, loads: [bare('b', 0), 'b'] }, expected: PACKED },
  'two statements': { a: { ...one, loads: [bare('b', 0), bare('b', 1)] }, expected: 'baked without 0,1' },
  'two, one of them when it had exported something': {
    a: { ...one, loads: [bare('b', 0), { target: 'b', by: 1 }] },
    expected: PACKED,
  },
  'a statement that calls': { a: { ...one, candidates: { 0: { calls: true } } }, expected: PACKED },
  'one that uses what another one required': {
    a: { ...one, candidates: { 0: { usesRequired: true } } },
    expected: PACKED,
  },
  'one that needs such a one': {
    a: { ...one, candidates: { 0: { needs: [1] }, 1: { usesRequired: true } } },
    expected: PACKED,
  },
  'a name that is used at load': { a: one, touches: [['a', -1, 'a', 0]], expected: PACKED },
  'a name that is used by what may wait': { a: one, touches: [['a', 1, 'a', 0]], expected: 'baked without 0,1' },
  'beside something that is not baked either': {
    a: { ...one, loads: [bare('b', 0), 'x'] },
    expected: PACKED,
  },
};

t.test('who requires, in a cycle, a module that cannot be baked', async (t) => {
  for (const [name, { a, expected, touches = [] }] of Object.entries(cases)) {
    const input = inputOf({ main: {}, a, b: { loads: ['a'] }, x: {} }, { effects: [env('b'), env('x')], touches });
    t.equal(outcome(input).a, expected, name);
    t.equal(outcome(input).b, HAZARD, `${name}: the culprit`);
    t.equal(outcome({ ...input, mayWait: false }).a, PACKED, `${name}: where nothing is deferred`);
  }
});

t.test('a cycle of which all can be baked is baked whole, and nothing waits', async (t) => {
  const input = inputOf({ main: {}, a: one, b: { loads: [bare('a', 0)], candidates: { 0: {} } } });
  t.same(outcome(input), { a: 'baked', b: 'baked' });
  t.same(headsOf(input), { a: [], b: ['a'] }, 'entered where it was entered at build');
});

function headsOf(input: ReturnType<typeof inputOf>): Record<string, readonly string[]> {
  const { modules } = makePlan(input);
  return Object.fromEntries(modules.flatMap(({ file, heads }) => (file === 'main' ? [] : [[file, heads]])));
}

/** `a` requires `b`, which requires `c`, which requires `a`. */
function ring(a: readonly (string | ReturnType<typeof bare>)[], b: readonly (string | ReturnType<typeof bare>)[]) {
  const candidates = { 0: {}, 1: {} };
  return inputOf(
    { main: {}, a: { loads: a, candidates }, b: { loads: b, candidates }, c: { loads: ['a'] } },
    { effects: [env('c')] },
  );
}

t.test('in a loose cycle each member stands for itself', async (t) => {
  const both = ring([bare('b', 0)], [bare('c', 1)]);
  t.same(
    outcome(both),
    { a: 'baked without 0', b: 'baked without 1', c: HAZARD },
    'baked members wait for each other too',
  );
  t.same(headsOf(both), { a: [], b: [], c: [] }, 'and may be entered anywhere');
  t.same(outcome(ring([bare('b', 0)], ['c'])), { a: 'baked without 0', b: PACKED, c: HAZARD });
  t.same(
    outcome(ring(['b'], [bare('c', 1)])),
    { a: PACKED, b: 'baked without 1', c: HAZARD },
    'not whom it loads at once',
  );
  t.same(outcome(ring(['b'], ['c'])), { a: PACKED, b: PACKED, c: HAZARD });
  const back = ring([bare('b', 0), bare('c', 1)], [bare('c', 0), 'a']);
  t.same(outcome(back), { a: 'baked without 0,1', b: PACKED, c: HAZARD }, 'all requires of other members count');
});

t.test('who needs a loose cycle needs what of it is not baked', async (t) => {
  const shapes = { main: {}, over: { loads: ['a'] }, beside: { loads: ['b'] }, a: one, b: { loads: ['a'] } };
  const input = inputOf(shapes, { effects: [env('b')] });
  t.same(outcome(input), { over: 'baked', beside: PACKED, a: 'baked without 0', b: HAZARD });
});

t.test('who uses a name of a member that is not baked needs that member: nothing of it is deferred', async (t) => {
  const b = { loads: [bare('a', 0)], candidates: { 0: {} } };
  const shapes = { main: {}, a: one, b, user: { loads: ['b'] } };
  const input = inputOf(shapes, { effects: [env('b')], touches: [['user', -1, 'b', 0]] });
  t.same(outcome(input), { a: 'baked without 0', b: HAZARD, user: PACKED });
});

t.test('a member that is not baked says what outside of the cycle it needs', async (t) => {
  const candidates = { 0: {}, 1: {} };
  const shapes = {
    main: {},
    a: { loads: ['b', { target: 'x', by: 0 }], candidates },
    b: { loads: ['c', { target: 'x', by: 1 }], candidates },
    c: { loads: ['a', 'b'] },
    x: {},
  };
  const input = inputOf(shapes, { effects: [env('x'), env('c')] });
  t.same(outcome(input), { a: PACKED, b: PACKED, c: HAZARD, x: HAZARD });
  t.same([planned(input, 'a').via, planned(input, 'b').via], [['x'], ['x']], 'though that could wait');
});

t.test('a statement that requires what is not baked, beside another member', async (t) => {
  const a = { loads: [bare('b', 0), { target: 'x', by: 0 }], candidates: { 0: {} } };
  const input = inputOf({ main: {}, a, b: { loads: ['a'] }, x: {} }, { effects: [env('x')] });
  t.same(outcome(input), { a: 'baked without 0', b: PACKED, x: HAZARD }, 'makes the cycle a loose one');
});

t.test('a member whose load changes loads, or does not end', async (t) => {
  const shapes = { main: {}, a: one, b: { loads: ['a'] } };
  const hooks: Effect = { module: 'b', kind: 'module-hook', subject: 'Module._load', at: 'b:1' };
  t.equal(outcome(inputOf(shapes, { effects: [hooks] })).a, PACKED, 'is loaded by nothing that waits');
  const unended = inputOf(shapes, { effects: [env('b')], unended: ['a', 'b'] });
  t.not(makePlan(unended).modules.find(({ file }) => file === 'a')?.verdict, 'baked', 'is not baked');
});

t.test('within a loose cycle no use of what was required waits', async (t) => {
  const candidates = { 0: {}, 1: { usesRequired: true } };
  const uses = inputOf(
    { main: {}, a: { ...one, candidates }, b: { loads: ['a'] } },
    { effects: [env('b'), env('a', 1)] },
  );
  t.equal(outcome(uses).a, HAZARD);
  const none = inputOf({ main: {}, a: one, b: { loads: ['a'] } }, { effects: [env('b'), env('a', 1)] });
  t.equal(outcome(none).a, 'baked without 0,1', 'other effects do');
});
