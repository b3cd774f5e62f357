// What code that is not baked changed before a module loaded, and the module read: who reads it late enough is baked.
import t from 'tap';
import type { EffectKind, SharedRead } from '../../src/graph/analysis.js';
import type { PlanInput } from '../../src/plan/make-plan.js';
import { OrderJudge } from '../../src/plan/order.js';
import { env, inputOf, outcome, planned, type Seen, type Shape } from './harness/programs.js';

const shapes: Readonly<Record<string, Shape>> = {
  main: {},
  above: { writesBefore: [[0, 1]], loads: ['a'] },
  a: { writesBefore: [[0, 1]], candidates: { 0: {}, 1: {}, 2: { needs: [1] } } },
  early: {},
};
const writes = [{ by: 'main', what: 'fs.readFile', line: 2 }];

function read(statement?: number, member = 'readFile', module = 'a'): SharedRead {
  return { module, owner: 'node:fs', member, statement };
}

function programOf(reads: readonly SharedRead[], seen: Seen = {}): PlanInput {
  return inputOf(shapes, { writes, reads, ...seen });
}

function verdict(reads: readonly SharedRead[], seen: Seen = {}): string {
  return outcome(programOf(reads, seen)).a ?? '';
}

t.test('a read that cannot wait packs, one that may is deferred', async (t) => {
  const hazard = 'HAZARD_ORDER';
  t.equal(verdict([read()]), hazard, 'where no statement is known');
  t.equal(verdict([read(0)]), 'baked without 0', 'by a statement that may wait');
  t.equal(verdict([read(0), read(1)]), 'baked without 0,1', 'by two of them');
  t.equal(verdict([read(2)]), 'baked without 1,2', 'with what it needs');
  t.equal(verdict([read(0), read()]), hazard, 'by one and by what cannot wait');
  t.equal(verdict([read(0), read(undefined, 'stat')]), 'baked without 0', 'what else is read was not changed');
  t.equal(verdict([read(7)]), hazard, 'by what is no candidate');
  t.equal(verdict([read(0, 'stat')]), 'baked', 'of another member');
  t.equal(outcome({ ...programOf([read(0)]), mayWait: false }).a, hazard, 'where nothing is deferred');
});

t.test('a change that everybody may use is waited for by nothing', async (t) => {
  const everybody = [{ by: 'main', what: 'Array.prototype.flat', line: 2 }];
  const flat = { module: 'a', owner: 'globalThis.Array.prototype', member: 'flat', statement: 0 };
  t.equal(verdict([flat], { writes: everybody }), 'HAZARD_ORDER');
});

t.test('changes of baked modules, and later ones, are no reason', async (t) => {
  t.equal(verdict([read(0)], { writes: [{ by: 'early', what: 'fs.readFile', line: 2 }] }), 'baked');
  t.same(outcome(programOf([read(0, 'readFile', 'early')])).early, 'baked', 'loaded before');
});

t.test('what uses the names of the statement waits with it', async (t) => {
  t.equal(verdict([read(0)], { touches: [['a', 1, 'a', 0]] }), 'baked without 0,1');
  t.equal(verdict([read(0)], { touches: [['a', -1, 'a', 0]] }), 'HAZARD_ORDER', 'for the cause, where it cannot');
  const other = outcome(programOf([read(0)], { touches: [['above', -1, 'a', 0]] }));
  t.same(other, { above: 'PLAN_USES_DEFERRED', a: 'baked without 0', early: 'baked' }, 'or in another module');
});

t.test('who needs a module that is packed for it is packed', async (t) => {
  t.same(outcome(programOf([read()])), { above: 'PLAN_NEEDS_UNBAKED', a: 'HAZARD_ORDER', early: 'baked' });
});

t.test('what a deferred statement reads is not among the reads that are compared', async (t) => {
  const readsOf = (reads: readonly SharedRead[], seen: Seen = {}) => planned(programOf(reads, seen), 'a').reads;
  const [kept, another] = [read(undefined, 'stat'), read(1, 'open')];
  t.same(readsOf([read(0), kept, another]), [kept, another], 'deferred for the read');
  const seen = { effects: [env('a', 0)], writes: [] };
  t.same(readsOf([read(0, 'open'), kept, another], seen), [kept, another], 'deferred for something else');
  t.same(readsOf([read(0, 'open'), kept]), [read(0, 'open'), kept], 'not deferred');
  t.same(readsOf([read(0), read()]), [], 'and a packed module has none');
});

t.test('a statement that waits for another reason reads no more than it should', async (t) => {
  t.equal(verdict([read(0)], { effects: [env('a', 0)] }), 'baked without 0');
});

/** `a` is loaded by two lines; the first two writes are the first line's, the others the second one's. */
function verdictIn(spans: readonly (readonly [number, number])[], what: readonly string[], file = 'a.js'): string {
  const written = what.map((name) => ({ by: 'main', what: name, line: 0 }));
  const input = inputOf({ main: {}, [file]: { writesBefore: spans } }, { writes: written });
  return outcome(input)[file] ?? '';
}

t.test('each line is a process of its own', async (t) => {
  const [flat, nothing] = ['Array.prototype.flat', 'fs.x'];
  const writes = [flat, nothing, nothing, nothing];
  t.equal(verdictIn([[2, 4]], writes), 'baked', 'what another line wrote is not before it');
  t.equal(verdictIn([[0, 1]], writes), 'HAZARD_ORDER', 'what its own wrote is');
  const both = [
    [0, 1],
    [2, 4],
  ] as const;
  t.equal(verdictIn(both, writes), 'HAZARD_ORDER', 'in one of two lines');
});

t.test('a hooked loader is asked for at a launch', async (t) => {
  const [js, nothing] = ['Module._extensions..js', 'fs.x'];
  const both = [
    [0, 2],
    [2, 4],
  ] as const;
  t.equal(verdictIn(both, [js, nothing, nothing, nothing]), 'baked', 'where some line has none, it has the module');
  t.equal(verdictIn(both, [js, nothing, nothing, js]), 'HAZARD_ORDER', 'where all have one, nothing is to be gained');
  t.equal(verdictIn(both, ['Module.globalPaths', nothing, nothing, nothing]), 'HAZARD_ORDER', 'what nobody asks for');
});

t.test('a handler for other names concerns nobody', async (t) => {
  const spans = [[0, 1]] as const;
  for (const name of ['Module._extensions..hbs', 'require.extensions..hbs'])
    t.equal(verdictIn(spans, [name]), 'baked', name);
  t.equal(verdictIn(spans, ['Module._extensions..cjs'], 'a.cjs'), 'HAZARD_ORDER', 'but files of that name');
  t.equal(verdictIn(spans, ['Module._extensions..min.js'], 'a.min.js'), 'HAZARD_ORDER', 'of however many parts');
});

/** The finding of a module that read these, where `unbaked` are not baked. */
function problemOf(
  input: Pick<PlanInput, 'graph' | 'analysis'>,
  unbaked: readonly string[],
  reaches: readonly string[] = [],
): string | undefined {
  const others = { isBaked: (by: string) => !unbaked.includes(by), reaches: (by: string) => reaches.includes(by) };
  return new OrderJudge(input.graph, input.analysis).problem('a', input.analysis.reads, others)?.finding.message;
}

t.test('a write and a read of one thing, however each is spelled', async (t) => {
  const pairs: readonly (readonly [what: string, owner: string, member: string])[] = [
    ['fs.readFile', 'node:fs', 'readFile'],
    ['globalThis.fetch', 'globalThis', 'fetch'],
    ['process.env.DEBUG', 'globalThis.process', 'env'],
  ];
  for (const [what, owner, member] of pairs) {
    const input = inputOf(shapes, { writes: [{ by: 'main', what, line: 2 }], reads: [{ module: 'a', owner, member }] });
    t.equal(problemOf(input, ['main']), `before it loads, main changes ${what.replace(/^globalThis\.|\.DEBUG$/g, '')}`);
  }
});

t.test('whose write it is', async (t) => {
  const input = programOf([read()]);
  t.ok(problemOf(input, ['main']));
  t.equal(problemOf(input, []), undefined, 'that of a baked module is made while baking, too');
  const own = programOf([read()], { writes: [{ by: 'a', what: 'fs.readFile', line: 2 }] });
  t.equal(problemOf(own, ['main', 'a']), undefined, 'its own');
  const later = programOf([read()], { writes: [{ by: 'x', what: 'y', line: 1 }, ...writes] });
  t.equal(problemOf(later, ['main']), undefined, 'one that comes later');
  t.ok(
    problemOf(later, ['main'], ['main']),
    'unless its own load leads to it: a deferred statement would run it before',
  );
});

t.test('what the analysis alone saw may come before everything', async (t) => {
  const seen = (subject: string, kind: EffectKind = 'builtin-write') =>
    inputOf(shapes, { effects: [{ module: 'early', kind, subject, at: 'early:3' }], reads: [read()] });
  t.equal(problemOf(seen('node:fs.readFile'), ['early']), 'before it loads, early changes fs.readFile');
  t.equal(problemOf(seen('node:fs.readFile'), []), undefined);
  t.equal(problemOf(seen('node:fs.readFile', 'env-read'), ['early']), undefined, 'what is no write');
  t.equal(problemOf(seen('Array.prototype.flat'), ['early']), undefined, 'nobody is known to read it');
  const calls = inputOf(shapes, {
    effects: [{ module: 'early', kind: 'stack-setting', subject: 'Error.prepareStackTrace', at: 'early:3' }],
    reads: [{ module: 'a', owner: 'Error', member: 'prepareStackTrace' }],
  });
  t.equal(problemOf(calls, ['early']), undefined, 'what was put back');
  const placed = inputOf(shapes, {
    effects: [{ module: 'early', kind: 'builtin-write', subject: 'node:fs.readFile', at: 'early:3' }],
    writes: [
      { by: 'x', what: 'y', line: 1 },
      { by: 'early', what: 'fs.readFile', line: 2 },
    ],
    reads: [read()],
  });
  t.equal(problemOf(placed, ['early']), undefined, 'what the trace saw, too, comes when the trace says');
});
