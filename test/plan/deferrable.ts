// Which statements can wait, and what they may load then.
import t from 'tap';
import type { EffectKind } from '../../src/graph/analysis.js';
import { Deferrable } from '../../src/plan/deferrable.js';
import { Deferral } from '../../src/plan/deferral.js';
import { Extents } from '../../src/plan/extents.js';
import { LoadGraph } from '../../src/plan/load-graph.js';
import { changes, inputOf, type Seen, type Shape } from './harness/programs.js';

function deferrableOf(
  shapes: Readonly<Record<string, Shape>>,
  seen: Seen = {},
  pinning: readonly string[] = [],
): Deferrable {
  const { graph, analysis, facts } = inputOf(shapes, seen);
  const effects = new Map(
    Object.keys(shapes).map((file) => [file, analysis.effects.filter((one) => one.module === file)]),
  );
  return new Deferrable({
    graph,
    facts,
    effects,
    foreignWrites: analysis.effects.filter(({ kind }) => kind === 'foreign-write'),
    loads: new LoadGraph(graph, analysis, () => false),
    seenLoads: analysis.loads,
    extents: new Extents(graph, analysis),
    deferral: new Deferral({ touches: analysis.touches, facts, isOn: true }),
    pinning: new Set(pinning),
  });
}

function had(module: string, kind: EffectKind, statement?: number) {
  return { module, kind, subject: 'x', at: `${module}:1`, statement };
}

t.test('candidates can wait, and nothing else', async (t) => {
  const deferrable = deferrableOf({ a: { candidates: { 0: {}, 2: {} } } });
  t.same(
    [0, 1, 2, -1].map((statement) => deferrable.canDefer('a', statement)),
    [true, false, true, false],
  );
  t.equal(deferrable.canDefer('unknown', 0), false);
});

t.test('a statement whose effect others can see stays where it is', async (t) => {
  const kinds: Readonly<Partial<Record<EffectKind, boolean>>> = {
    'env-read': true,
    clock: true,
    'unsnapshotable-builtin': true,
    'global-write': false,
    'builtin-write': false,
    'process-write': false,
    'process-listener': false,
    'env-write': false,
    'foreign-write': false,
    'module-hook': false,
    'async-work': false,
    throws: false,
  };
  for (const [kind, expected] of Object.entries(kinds)) {
    const effects = [had('a', kind as EffectKind, 0)];
    const deferrable = deferrableOf({ a: { candidates: { 0: {}, 1: {} } } }, { effects });
    t.equal(deferrable.canDefer('a', 0), expected, kind);
    t.equal(deferrable.canDefer('a', 1), true, `${kind}: of another statement`);
  }
});

t.test('a statement that may have to be run again', async (t) => {
  const loads = [{ target: 'b', by: 0 }];
  const candidates = {
    0: {},
    1: { calls: true },
    2: { calls: true, needs: [0] },
    3: { calls: true, needs: [4] },
    4: {},
  };
  const deferrable = deferrableOf({ a: { loads, candidates }, b: {} });
  t.equal(deferrable.canDefer('a', 0), true, 'loads a file: to require it once more does nothing');
  t.equal(deferrable.canDefer('a', 1), true, 'calls');
  t.equal(deferrable.canDefer('a', 2), false, 'calls what another one has loaded');
  t.equal(deferrable.canDefer('a', 3), true, 'calls what another one has made of nothing');
  const both = deferrableOf({ a: { loads: [{ target: 'b', by: 1 }], candidates }, b: {} });
  t.equal(both.canDefer('a', 1), false, 'loads a file, and calls');
  const builtin = deferrableOf({ a: { loads: [{ target: 'node:os', by: 1 }], candidates } });
  t.equal(builtin.canDefer('a', 1), true, 'loads a built-in, and calls');
});

t.test('a module whose load may fail and be caught', async (t) => {
  const shapes = {
    tries: { loads: ['a'], facts: { caughtRequests: ['./a'] } },
    a: { loads: ['b'], candidates: { 0: {} } },
    b: { candidates: { 0: {} } },
    c: { candidates: { 0: {} } },
  };
  const resolutions = [{ from: 'tries', request: './a', target: 'a' }];
  const caught = deferrableOf(shapes, { resolutions });
  t.same(
    ['a', 'b', 'c'].map((file) => caught.canDefer(file, 0)),
    [false, false, true],
    'with all that its load leads to',
  );
  const outside = { ...shapes, tries: { facts: { caughtRequests: ['./a'] } } };
  t.equal(deferrableOf(outside, { resolutions }).canDefer('a', 0), true, 'unless it is required later');
  const other = { ...shapes, tries: { loads: ['a'], facts: { caughtRequests: ['./c'] } } };
  t.equal(deferrableOf(other, { resolutions }).canDefer('a', 0), true, 'or by another request');
});

t.test('what a statement that waits may load', async (t) => {
  const kinds: Readonly<Partial<Record<EffectKind, boolean>>> = {
    'env-read': true,
    'global-write': true,
    output: true,
    'module-hook': false,
    throws: false,
    exit: false,
    import: false,
  };
  for (const [kind, expected] of Object.entries(kinds)) {
    const effects = [had('leaf', kind as EffectKind)];
    const deferrable = deferrableOf({ a: {}, b: { loads: ['leaf'] }, leaf: {} }, { effects });
    t.same([deferrable.mayLoad('leaf'), deferrable.mayLoad('b')], [expected, expected], `${kind}, there or below`);
    t.equal(deferrable.mayLoad('a'), true);
  }
});

t.test('within a cycle', async (t) => {
  const shapes = {
    a: {
      loads: [
        { target: 'b', by: 0, isBare: true },
        { target: 'b', by: 1 },
        { target: 'c', by: 2 },
      ],
      candidates: { 0: {}, 1: {}, 2: {}, 3: { usesRequired: true }, 4: {} },
    },
    b: { loads: ['a'] },
    c: {},
  };
  const can = (deferrable: Deferrable) => [0, 1, 2, 3, 4].map((statement) => deferrable.canDefer('a', statement));
  const deferrable = deferrableOf(shapes);
  t.same(can(deferrable), [false, false, true, false, true], 'no load that leads back, no use of what was required');
  t.equal(deferrable.isLoose('a'), false);
  deferrable.loosen(['a', 'b']);
  t.same([deferrable.isLoose('a'), deferrable.isLoose('c')], [true, false]);
  t.same(can(deferrable), [true, false, true, false, true], 'in a loose one, a load while the module was bare');
});

t.test('a statement that uses what another one sets later', async (t) => {
  const shapes = {
    a: { loads: [{ target: 'b', by: 0 }], candidates: { 0: {}, 1: {} } },
    b: {},
    user: { candidates: { 0: {}, 1: { calls: true } } },
  };
  const deferrable = deferrableOf(shapes);
  const touch = (statement: number, declaredBy: number) => ({ module: 'user', statement, owner: 'a', declaredBy });
  t.equal(deferrable.mayFollow(touch(0, 0)), true);
  t.equal(deferrable.mayFollow(touch(1, 0)), false, 'does not follow what loads a file, where it calls');
  t.equal(deferrable.mayFollow(touch(1, 1)), true);
  t.equal(deferrable.mayFollow(touch(-1, 1)), false, 'nor at all, where it cannot wait itself');
});

t.test('who changes what was loaded within its own load', async (t) => {
  const shapes = {
    writer: { loads: ['owner'] },
    owner: { within: 'writer' },
    other: { within: 'main' },
  };
  const effects = [changes('writer', 'owner'), changes('writer', 'other'), changes('owner', 'other')];
  t.same([...deferrableOf(shapes, { effects }).writers], ['writer']);
  t.same(
    [...deferrableOf(shapes, { effects: effects.slice(1) }).writers],
    [],
    'what was loaded elsewhere is another matter',
  );
});
