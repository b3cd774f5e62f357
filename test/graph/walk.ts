import t from 'tap';
import type { Graph, TracedModule } from '../../src/graph/types.js';
import { closureOf, dependentsOf, importChain, importersOf, indexGraph } from '../../src/graph/walk.js';

function graphOf(edges: Readonly<Record<string, readonly string[]>>): Graph {
  const modules = Object.entries(edges).map(
    ([file, targets], order): TracedModule => ({
      file,
      format: 'commonjs',
      bytes: 0,
      order,
      selfMs: 0,
      totalMs: 0,
      lines: [0],
      parent: null,
      loads: targets.map((target) => ({ request: target, target })),
      writesBefore: [],
    }),
  );
  return { entry: 'cli', entryFormat: 'commonjs', runs: [], modules, resolutions: [], writes: [] };
}

const index = indexGraph(graphOf({ cli: ['a', 'node:fs', 'b'], a: ['c'], b: ['c'], c: ['a', 'd'], d: [], alone: [] }));

t.test('closures hold a circle once and no built-ins', async (t) => {
  t.same(closureOf(index, 'cli'), ['cli', 'a', 'b', 'c', 'd']);
  t.same(closureOf(index, 'c'), ['c', 'a', 'd']);
  t.same(closureOf(index, 'd'), ['d']);
  t.same(closureOf(index, 'unknown'), []);
});

t.test('importers and dependents', async (t) => {
  t.same(importersOf(index, 'c'), ['a', 'b']);
  t.same(importersOf(index, 'cli'), []);
  t.same(dependentsOf(index, ['d', 'alone']), ['d', 'alone', 'c', 'a', 'b', 'cli']);
});

t.test('a chain leads from the top', async (t) => {
  t.same(importChain(index, 'd'), ['cli', 'a', 'c', 'd']);
  t.same(importChain(index, 'alone'), ['alone']);
  t.same(importChain(indexGraph(graphOf({ x: ['y'], y: ['x'] })), 'x'), ['x']);
});

t.test('a chain of 10^5 modules needs no deep stack', async (t) => {
  const edges: Record<string, string[]> = {};
  for (let i = 0; i < 100_000; i++) edges[`m${i}`] = i + 1 < 100_000 ? [`m${i + 1}`] : [];
  const deep = indexGraph(graphOf(edges));
  t.equal(closureOf(deep, 'm0').length, 100_000);
  t.equal(dependentsOf(deep, ['m99999']).length, 100_000);
  t.equal(importChain(deep, 'm99999').length, 100_000);
});
