// Deferred statements: what is deferred because of what, what follows it, and what then cannot be baked.
import t from 'tap';
import { env, inputOf, outcome, planned, type ShapeLoad, type Touch } from './harness/programs.js';

const by = (statement: number, target: string): ShapeLoad => ({ target, by: statement });

t.test('a statement that loads what is not baked is deferred', async (t) => {
  const shapes = { main: {}, a: { loads: [by(0, 'b')], candidates: { 0: {}, 1: {} } }, b: {} };
  const input = inputOf(shapes, { effects: [env('b')] });
  t.same(outcome(input), { a: 'baked without 0', b: 'HAZARD_ENV_READ' });
  t.same(outcome({ ...input, mayWait: false }), { a: 'PLAN_NEEDS_UNBAKED', b: 'HAZARD_ENV_READ' });
});

t.test('a statement with an effect of its own is deferred', async (t) => {
  const shapes = { main: {}, a: { candidates: { 0: {}, 1: {} } } };
  t.same(outcome(inputOf(shapes, { effects: [env('a', 1)] })), { a: 'baked without 1' });
  t.same(outcome(inputOf(shapes, { effects: [env('a', 1), env('a')] })), { a: 'HAZARD_ENV_READ' });
});

t.test('a load by a statement and by something else is not deferred', async (t) => {
  const loads = [by(0, 'b'), 'b'];
  t.same(outcome(inputOf({ main: {}, a: { loads, candidates: { 0: {} } }, b: {} }, { effects: [env('b')] })), {
    a: 'PLAN_NEEDS_UNBAKED',
    b: 'HAZARD_ENV_READ',
  });
});

t.test('of several that are not baked, the one is named that cannot wait', async (t) => {
  const a = { loads: [by(0, 'b'), 'c', by(1, 'd')], candidates: { 0: {}, 1: {} } };
  const input = inputOf({ main: {}, a, b: {}, c: {}, d: {} }, { effects: [env('b'), env('c'), env('d')] });
  t.match(planned(input, 'a'), { code: 'PLAN_NEEDS_UNBAKED', via: ['c'], deferred: [] });
});

t.test('what a deferred statement uses waits with it', async (t) => {
  const shapes = { main: {}, a: { candidates: { 0: {}, 1: { needs: [0] }, 2: { needs: [1] }, 3: {} } } };
  t.same(outcome(inputOf(shapes, { effects: [env('a', 2)] })), { a: 'baked without 0,1,2' });
});

t.test('statements that use its names wait, in its module and in others', async (t) => {
  const shapes = {
    main: {},
    a: { candidates: { 0: {}, 1: { needs: [0] } } },
    b: { candidates: { 4: {} }, loads: ['a'] },
  };
  const touches: Touch[] = [
    ['a', 1, 'a', 0],
    ['b', 4, 'a', 1],
  ];
  t.same(outcome(inputOf(shapes, { effects: [env('a', 0)], touches })), {
    a: 'baked without 0,1',
    b: 'baked without 4',
  });
});

t.test('a use that cannot wait is not baked: for the first cause where that is its own', async (t) => {
  const shapes = { main: {}, a: { candidates: { 0: {}, 1: { needs: [0] } } }, b: { loads: ['a'] } };
  const own = inputOf(shapes, { effects: [env('a', 0)], touches: [['a', -1, 'a', 0]] });
  t.same(outcome(own), { a: 'HAZARD_ENV_READ', b: 'PLAN_NEEDS_UNBAKED' });
  const foreign = inputOf(shapes, { effects: [env('a', 0)], touches: [['b', -1, 'a', 0]] });
  t.same(outcome(foreign), { a: 'baked without 0', b: 'PLAN_USES_DEFERRED' });
});

t.test('within a cycle nothing is deferred', async (t) => {
  const shapes = {
    main: {},
    a: { loads: [by(0, 'b')], candidates: { 0: {} } },
    b: { loads: ['a'] },
  };
  t.same(outcome(inputOf(shapes, { effects: [env('b')] })), { a: 'PLAN_NEEDS_UNBAKED', b: 'HAZARD_ENV_READ' });
});

t.test('built-ins that keep their environment are deferred', async (t) => {
  const shapes = {
    main: {},
    a: { loads: [by(0, 'node:assert')], candidates: { 0: {} } },
    b: { loads: ['node:assert'] },
  };
  const input = { ...inputOf(shapes), unfitBuiltins: new Set(['node:assert']) };
  t.same(outcome(input), { a: 'baked without 0', b: 'PLAN_BUILTIN_KEPT_OUT' });
});

t.test('what a module loads itself may write before it goes on', async (t) => {
  const shapes = { main: {}, a: { loads: [by(0, 'b')], candidates: { 0: {} } }, b: {}, c: {} };
  const writes = [{ by: 'b', what: 'fs.readFile', line: 1 }];
  const reads = ['a', 'c'].map((module) => ({ module, owner: 'node:fs', member: 'readFile' }));
  t.same(outcome(inputOf(shapes, { effects: [env('b')], writes, reads })), {
    a: 'HAZARD_ORDER',
    b: 'HAZARD_ENV_READ',
    c: 'baked',
  });
});
