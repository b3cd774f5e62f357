// What leads to what while baking, and that answers follow as modules stop being baked and statements are deferred.
import t from 'tap';
import { EvaluatedWith, onePerPair } from '../../src/plan/evaluated-with.js';
import { LoadGraph } from '../../src/plan/load-graph.js';
import { inputOf } from './harness/programs.js';

/** `a` loads `b` by statement 1; `b` loads `c`, and `d` loads `b`, by statements that cannot wait. */
function asking() {
  const shapes = { a: { loads: [{ target: 'b', by: 1 }] }, b: { loads: ['c'] }, c: {}, d: { loads: ['b'] } };
  const { graph, analysis } = inputOf(shapes);
  const loads = new LoadGraph(graph, analysis, () => false);
  const unbaked = new Set<string>();
  const deferred = new Set<string>();
  const evaluatedWith = new EvaluatedWith({
    loads,
    isBaked: (file) => !unbaked.has(file),
    isDeferred: (file, statement) => deferred.has(`${file} ${statement}`),
  });
  return { unbaked, deferred, has: (file: string, other: string) => evaluatedWith.has(file, other) };
}

t.test('through baked modules, and not the other way', async (t) => {
  const { has } = asking();
  t.same([has('a', 'c'), has('b', 'c'), has('d', 'c'), has('c', 'a'), has('a', 'd')], [true, true, true, false, false]);
});

t.test('a module on the way is no longer baked', async (t) => {
  const { has, unbaked } = asking();
  t.equal(has('a', 'c'), true);
  unbaked.add('b');
  t.equal(has('a', 'c'), false);
});

t.test('a statement on the way is deferred', async (t) => {
  const { has, deferred } = asking();
  t.equal(has('a', 'c'), true);
  deferred.add('a 1');
  t.equal(has('a', 'c'), false);
  t.equal(has('d', 'c'), true, 'another way is still there');
});

t.test('writes: the first of each writer and owner', async (t) => {
  const write = (module: string, owner: string, subject: string) => ({ module, owner, subject });
  const writes = [write('a', 'b', 'x'), write('a', 'b', 'y'), write('a', 'c', 'z'), write('d', 'b', 'x')];
  t.same(onePerPair(writes), [writes[0], writes[2], writes[3]]);
});
