// Verdicts: what follows from hazards, loads, cycles, formats and the order of loads.
import t from 'tap';
import type { Effect, SharedRead } from '../../src/graph/analysis.js';
import type { SharedWrite } from '../../src/graph/types.js';
import { makePlan, type PlanInput } from '../../src/plan/make-plan.js';
import { env, inputOf, planned, type Seen, type Shape } from './harness/programs.js';

/** Nothing waits. */
function strict(shapes: Readonly<Record<string, Shape>>, seen: Seen = {}): PlanInput {
  return { ...inputOf(shapes, seen), mayWait: false };
}

function verdicts(input: PlanInput): Record<string, string> {
  return Object.fromEntries(makePlan(input).modules.map(({ file, verdict }) => [file, verdict]));
}

t.test('the entry is never baked, its modules are', (t) => {
  t.same(verdicts(strict({ main: { traced: ['a'] }, a: {} })), { main: 'packed', a: 'baked' });
  t.end();
});

t.test('what needs a packed module is packed, with the chain to it', (t) => {
  const plan = makePlan(
    strict({ main: {}, a: { traced: ['b'] }, b: { traced: ['c', 'd'] }, c: {}, d: {} }, { effects: [env('d')] }),
  );
  const a = plan.modules.find(({ file }) => file === 'a');
  t.match(a, { verdict: 'packed', code: 'PLAN_NEEDS_UNBAKED', via: ['b', 'd'] });
  t.same(plan.order, ['c']);
  t.end();
});

t.test('a cycle is baked whole or not at all', (t) => {
  const cycle = { main: {}, a: { traced: ['b'] }, b: { traced: ['c'] }, c: { traced: ['a'] } };
  t.same(verdicts(strict(cycle)), { main: 'packed', a: 'baked', b: 'baked', c: 'baked' });
  t.same(verdicts(strict(cycle, { effects: [env('c')] })), { main: 'packed', a: 'packed', b: 'packed', c: 'packed' });
  t.same(planned(strict(cycle), 'c').heads, ['a']);
  t.end();
});

t.test('a module that loads the entry is packed', (t) => {
  t.same(verdicts(strict({ main: { traced: ['a'] }, a: { traced: ['main'] } })), { main: 'packed', a: 'packed' });
  t.end();
});

t.test('addons and ES modules are external, and their dependents packed', (t) => {
  const shapes = {
    main: {},
    a: { traced: ['x.node'] },
    'x.node': { format: 'addon' },
    b: { traced: ['y.mjs'] },
    'y.mjs': { format: 'module' },
  } as const;
  t.same(verdicts(strict(shapes)), {
    main: 'packed',
    a: 'packed',
    'x.node': 'external',
    b: 'packed',
    'y.mjs': 'external',
  });
  t.end();
});

t.test('a load that only the analysis saw counts', (t) => {
  const input = strict({ main: {}, a: { loads: ['b', 'node:fs'] }, b: {} }, { effects: [env('b')] });
  t.same(verdicts(input), { main: 'packed', a: 'packed', b: 'packed' });
  t.end();
});

t.test('what is changed by a module that is not baked is not read by one that loads later', (t) => {
  const write: Effect = { module: 'w', kind: 'foreign-write', subject: '#n', at: 'w:1', owner: 'o' };
  const shapes = {
    main: {},
    o: {},
    early: { traced: ['o'] },
    w: { traced: ['o'] },
    late: { traced: ['o'] },
    other: {},
  };
  const input = strict(shapes, { effects: [write] });
  const expected = { main: 'packed', o: 'baked', early: 'baked', w: 'packed', late: 'packed', other: 'baked' };
  t.same(verdicts(input), expected);
  t.equal(planned(input, 'late').code, 'HAZARD_ORDER');
  t.end();
});

t.test('a load of a file that was not traced packs', (t) => {
  t.same(verdicts(strict({ main: {}, a: { traced: ['elsewhere'] } })), { main: 'packed', a: 'packed' });
  t.end();
});

t.test('the order of loads', (t) => {
  const write = (what: string, by = 'main'): SharedWrite => ({ by, what, line: 2 });
  const read: SharedRead = { module: 'a', owner: 'node:fs', member: 'readFile' };
  const code = (writes: SharedWrite[], writesBefore: number, reads: SharedRead[] = [read]): string | undefined => {
    const shapes = { main: {}, a: { writesBefore: [[0, writesBefore] as const] }, w: {} };
    return planned(strict(shapes, { writes, reads }), 'a').code;
  };
  t.equal(code([write('fs.readFile')], 1), 'HAZARD_ORDER', 'a member written before and read at load');
  t.equal(code([write('fs.readFile')], 0), 'PLAN_BAKED', 'written after');
  t.equal(code([write('fs.stat')], 1), 'PLAN_BAKED', 'another member');
  t.equal(code([write('fs.readFile', 'w')], 1), 'PLAN_BAKED', 'written by a baked module');
  t.equal(code([write('Array.prototype.flat')], 1, []), 'HAZARD_ORDER', 'everybody uses the prototypes');
  t.equal(code([write('Module._extensions..js')], 1, []), 'HAZARD_ORDER', 'and the loader');
  const global = { module: 'a', owner: 'globalThis', member: 'shared' };
  t.equal(code([write('globalThis.shared')], 1, [global]), 'HAZARD_ORDER', 'a global');
  t.end();
});

t.test('a long chain does not exhaust the stack', (t) => {
  const shapes: Record<string, Shape> = { main: {} };
  for (let i = 0; i < 50_000; i++) shapes[`m${i}`] = { traced: i < 49_999 ? [`m${i + 1}`] : [] };
  const plan = makePlan(strict(shapes, { effects: [env('m49999')] }));
  t.ok(plan.modules.every(({ verdict }) => verdict === 'packed'));
  t.end();
});
