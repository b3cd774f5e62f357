// Verdicts: what follows from hazards, loads, cycles, formats and the order of loads.
import t from 'tap';
import type { Analysis, Effect, SharedRead } from '../../src/graph/analysis.js';
import type { Graph, ModuleFormat, SharedWrite, TracedModule } from '../../src/graph/types.js';
import { makePlan, type PlanInput } from '../../src/plan/make-plan.js';

interface Shape {
  readonly loads?: readonly string[];
  readonly format?: ModuleFormat;
  readonly writesBefore?: TracedModule['writesBefore'];
}

/** A program by file; `main` is the entry. Everything but the entry was evaluated, dependencies first. */
function inputOf(
  shapes: Record<string, Shape>,
  effects: readonly Effect[] = [],
  more: Partial<PlanInput> = {},
): PlanInput {
  const files = Object.keys(shapes);
  const graph: Graph = {
    entry: 'main',
    entryFormat: 'commonjs',
    runs: [],
    modules: files.map((file, order) => ({
      file,
      format: shapes[file]?.format ?? 'commonjs',
      bytes: 1,
      order,
      selfMs: 0,
      totalMs: 0,
      lines: [0],
      parent: null,
      loads: (shapes[file]?.loads ?? []).map((target) => ({ request: target, target })),
      writesBefore: shapes[file]?.writesBefore ?? [],
    })),
    resolutions: [],
    writes: [],
  };
  const evaluated = files.filter((file) => file !== 'main').reverse();
  const analysis: Analysis = { effects, inputs: [], reads: [], loads: [], touches: [], uses: [], evaluated };
  return { graph, analysis, facts: new Map(), ...more };
}

const env = (module: string): Effect => ({ module, kind: 'env-read', subject: 'X', at: `${module}:1` });

function verdicts(input: PlanInput): Record<string, string> {
  return Object.fromEntries(makePlan(input).modules.map(({ file, verdict }) => [file, verdict]));
}

t.test('the entry is never baked, its modules are', (t) => {
  t.same(verdicts(inputOf({ main: { loads: ['a'] }, a: {} })), { main: 'packed', a: 'baked' });
  t.end();
});

t.test('what needs a packed module is packed, with the chain to it', (t) => {
  const plan = makePlan(inputOf({ main: {}, a: { loads: ['b'] }, b: { loads: ['c', 'd'] }, c: {}, d: {} }, [env('d')]));
  const a = plan.modules.find(({ file }) => file === 'a');
  t.match(a, { verdict: 'packed', code: 'PLAN_NEEDS_UNBAKED', via: ['b', 'd'] });
  t.same(plan.order, ['c']);
  t.end();
});

t.test('a cycle is baked whole or not at all', (t) => {
  const cycle = { main: {}, a: { loads: ['b'] }, b: { loads: ['c'] }, c: { loads: ['a'] } };
  t.same(verdicts(inputOf(cycle)), { main: 'packed', a: 'baked', b: 'baked', c: 'baked' });
  t.same(verdicts(inputOf(cycle, [env('c')])), { main: 'packed', a: 'packed', b: 'packed', c: 'packed' });
  t.same(makePlan(inputOf(cycle)).modules.find(({ file }) => file === 'c')?.heads, ['a']);
  t.end();
});

t.test('a module that loads the entry is packed', (t) => {
  t.same(verdicts(inputOf({ main: { loads: ['a'] }, a: { loads: ['main'] } })), { main: 'packed', a: 'packed' });
  t.end();
});

t.test('addons and ES modules are external, and their dependents packed', (t) => {
  const shapes = {
    main: {},
    a: { loads: ['x.node'] },
    'x.node': { format: 'addon' },
    b: { loads: ['y.mjs'] },
    'y.mjs': { format: 'module' },
  } as const;
  t.same(verdicts(inputOf(shapes)), {
    main: 'packed',
    a: 'packed',
    'x.node': 'external',
    b: 'packed',
    'y.mjs': 'external',
  });
  t.end();
});

t.test('a load that only the analysis saw counts', (t) => {
  const input = inputOf({ main: {}, a: {}, b: {} }, [env('b')]);
  const analysis = {
    ...input.analysis,
    loads: [
      { module: 'a', target: 'b', statement: -1, isBare: false },
      { module: 'a', target: 'node:fs', statement: -1, isBare: false },
    ],
  };
  t.same(verdicts({ ...input, analysis }), { main: 'packed', a: 'packed', b: 'packed' });
  t.end();
});

t.test('what is changed by a module that is not baked is not read by one that loads later', (t) => {
  const write: Effect = { module: 'w', kind: 'foreign-write', subject: '#n', at: 'w:1', owner: 'o' };
  const shapes = { main: {}, o: {}, early: { loads: ['o'] }, w: { loads: ['o'] }, late: { loads: ['o'] }, other: {} };
  const input = inputOf(shapes, [write]);
  const expected = { main: 'packed', o: 'baked', early: 'baked', w: 'packed', late: 'packed', other: 'baked' };
  t.same(verdicts(input), expected);
  t.equal(makePlan(input).modules.find(({ file }) => file === 'late')?.code, 'HAZARD_ORDER');
  t.end();
});

t.test('a load of a file that was not traced packs', (t) => {
  t.same(verdicts(inputOf({ main: {}, a: { loads: ['elsewhere'] } })), { main: 'packed', a: 'packed' });
  t.end();
});

t.test('the order of loads', (t) => {
  const write = (what: string, by = 'main'): SharedWrite => ({ by, what, line: 2 });
  const read: SharedRead = { module: 'a', owner: 'node:fs', member: 'readFile' };
  const code = (writes: SharedWrite[], writesBefore: number, reads: SharedRead[] = [read]): string | undefined => {
    const input = inputOf({ main: {}, a: { writesBefore: [[0, writesBefore]] }, w: {} });
    const changed = { ...input, graph: { ...input.graph, writes }, analysis: { ...input.analysis, reads } };
    return makePlan(changed).modules.find(({ file }) => file === 'a')?.code;
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
  for (let i = 0; i < 50_000; i++) shapes[`m${i}`] = { loads: i < 49_999 ? [`m${i + 1}`] : [] };
  const plan = makePlan(inputOf(shapes, [env('m49999')]));
  t.ok(plan.modules.every(({ verdict }) => verdict === 'packed'));
  t.end();
});
