// Deferred statements: what is deferred because of what, what follows it, and what then cannot be baked.
import t from 'tap';
import type { Analysis, Effect } from '../../src/graph/analysis.js';
import type { Graph } from '../../src/graph/types.js';
import { makePlan, type PlanInput } from '../../src/plan/make-plan.js';
import { type StaticFacts, UNPARSED } from '../../src/source/static-facts.js';

interface Shape {
  /** Target, and the candidate statement that loads it (-1: none). */
  readonly loads?: readonly (readonly [target: string, statement: number])[];
  /** Candidates, each with those whose names it uses. */
  readonly candidates?: Readonly<Record<number, readonly number[]>>;
}

type Touch = readonly [module: string, statement: number, owner: string, declaredBy: number];

function factsOf({ candidates = {} }: Shape): StaticFacts {
  const list = Object.entries(candidates).map(([index, needs]) => ({
    index: Number(index),
    line: Number(index),
    needs,
    usesRequired: false,
    calls: false,
    requires: 0,
  }));
  return { ...UNPARSED, parsed: true, startsWorkers: false, candidates: list };
}

function inputOf(
  shapes: Readonly<Record<string, Shape>>,
  seen: { readonly effects?: readonly Effect[]; readonly touches?: readonly Touch[] } = {},
): PlanInput {
  const files = Object.keys(shapes);
  const modules = files.map((file, order) => ({
    ...{ file, order, format: 'commonjs' as const, bytes: 1, selfMs: 0, totalMs: 0 },
    ...{ lines: [0], parent: null, loads: [], writesBefore: [] },
  }));
  const graph: Graph = { entry: 'main', entryFormat: 'commonjs', runs: [], modules, resolutions: [], writes: [] };
  const loads = files.flatMap((module) =>
    (shapes[module]?.loads ?? []).map(([target, statement]) => ({ module, target, statement, isBare: false })),
  );
  const touches = (seen.touches ?? []).map(([module, statement, owner, declaredBy]) => {
    return { module, statement, owner, declaredBy };
  });
  const evaluated = files.filter((file) => file !== 'main').reverse();
  const analysis: Analysis = {
    effects: seen.effects ?? [],
    inputs: [],
    reads: [],
    loads,
    touches,
    uses: [],
    evaluated,
  };
  return { graph, analysis, mayWait: true, facts: new Map(files.map((file) => [file, factsOf(shapes[file] ?? {})])) };
}

/** `baked`, `baked without 0,2`, or the code of the verdict. */
function outcome(input: PlanInput): Record<string, string> {
  const described = makePlan(input).modules.map(({ file, verdict, code, deferred }) => {
    const left = deferred.length === 0 ? '' : ` without ${deferred.map(({ index }) => index).join()}`;
    return [file, verdict === 'baked' ? `baked${left}` : code];
  });
  return Object.fromEntries(described.filter(([file]) => file !== 'main'));
}

const env = (module: string, statement?: number): Effect => {
  const effect = { module, kind: 'env-read', subject: 'X', at: `${module}:1` } as const;
  return statement === undefined ? effect : { ...effect, statement };
};

t.test('a statement that loads what is not baked is deferred', async (t) => {
  const shapes = { main: {}, a: { loads: [['b', 0]], candidates: { 0: [], 1: [] } }, b: {} } as const;
  const input = inputOf(shapes, { effects: [env('b')] });
  t.same(outcome(input), { a: 'baked without 0', b: 'HAZARD_ENV_READ' });
  t.same(outcome({ ...input, mayWait: false }), { a: 'PLAN_NEEDS_UNBAKED', b: 'HAZARD_ENV_READ' });
});

t.test('a statement with an effect of its own is deferred', async (t) => {
  const shapes = { main: {}, a: { candidates: { 0: [], 1: [] } } } as const;
  t.same(outcome(inputOf(shapes, { effects: [env('a', 1)] })), { a: 'baked without 1' });
  t.same(outcome(inputOf(shapes, { effects: [env('a', 1), env('a')] })), { a: 'HAZARD_ENV_READ' });
});

t.test('a load by a statement and by something else is not deferred', async (t) => {
  const loads = [
    ['b', 0],
    ['b', -1],
  ] as const;
  t.same(outcome(inputOf({ main: {}, a: { loads, candidates: { 0: [] } }, b: {} }, { effects: [env('b')] })), {
    a: 'PLAN_NEEDS_UNBAKED',
    b: 'HAZARD_ENV_READ',
  });
});

t.test('what a deferred statement uses waits with it', async (t) => {
  const shapes = { main: {}, a: { candidates: { 0: [], 1: [0], 2: [1], 3: [] } } } as const;
  t.same(outcome(inputOf(shapes, { effects: [env('a', 2)] })), { a: 'baked without 0,1,2' });
});

t.test('statements that use its names wait, in its module and in others', async (t) => {
  const shapes = {
    main: {},
    a: { candidates: { 0: [], 1: [0] } },
    b: { candidates: { 4: [] }, loads: [['a', -1]] },
  } as const;
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
  const shapes = { main: {}, a: { candidates: { 0: [], 1: [0] } }, b: { loads: [['a', -1]] } } as const;
  const own = inputOf(shapes, { effects: [env('a', 0)], touches: [['a', -1, 'a', 0]] });
  t.same(outcome(own), { a: 'HAZARD_ENV_READ', b: 'PLAN_NEEDS_UNBAKED' });
  const foreign = inputOf(shapes, { effects: [env('a', 0)], touches: [['b', -1, 'a', 0]] });
  t.same(outcome(foreign), { a: 'baked without 0', b: 'PLAN_USES_DEFERRED' });
});

t.test('within a cycle nothing is deferred', async (t) => {
  const shapes = {
    main: {},
    a: { loads: [['b', 0]], candidates: { 0: [] } },
    b: { loads: [['a', -1]] },
  } as const;
  t.same(outcome(inputOf(shapes, { effects: [env('b')] })), { a: 'PLAN_NEEDS_UNBAKED', b: 'HAZARD_ENV_READ' });
});

t.test('built-ins that keep their world are deferred', async (t) => {
  const shapes = {
    main: {},
    a: { loads: [['node:assert', 0]], candidates: { 0: [] } },
    b: { loads: [['node:assert', -1]] },
  } as const;
  const input = { ...inputOf(shapes), unfitBuiltins: new Set(['node:assert']) };
  t.same(outcome(input), { a: 'baked without 0', b: 'PLAN_BUILTIN_KEPT_OUT' });
});

t.test('what a module loads itself may write before it goes on', async (t) => {
  const shapes = { main: {}, a: { loads: [['b', 0]], candidates: { 0: [] } }, b: {}, c: {} } as const;
  const input = inputOf(shapes, { effects: [env('b')] });
  const writes = [{ by: 'b', what: 'fs.readFile', line: 1 }];
  const reads = ['a', 'c'].map((module) => ({ module, owner: 'node:fs', member: 'readFile' }));
  const analysis = { ...input.analysis, reads };
  t.same(outcome({ ...input, analysis, graph: { ...input.graph, writes } }), {
    ...{ a: 'HAZARD_ORDER', b: 'HAZARD_ENV_READ' },
    c: 'baked',
  });
});
