import t from 'tap';
import { NodeModules } from '../../../snapshot-entry/launch/node-module.cjs';
import { activate, bakedProgram, cacheKeys, cacheKeysSince, fileOf } from '../harness/baked.js';

t.test('a closure enters the cache in the order of a plain load', async (t) => {
  const program = bakedProgram({ a: ['b', 'c'], b: ['d', 'c'], d: [], c: ['e'], e: [], other: [] });
  const { registry, of } = program;
  const before = cacheKeys();
  t.equal(activate(program, 'a'), true);
  t.same(cacheKeysSince(before), ['a', 'b', 'd', 'c', 'e']);
  t.equal(registry.activated, 5);
  t.equal(of('other').active, false);
});

t.test('nothing is in the cache before the first require', async (t) => {
  const before = cacheKeys();
  const { registry } = bakedProgram({ a: ['b'], b: [] });
  t.same(cacheKeysSince(before), []);
  t.equal(registry.size, 2);
});

t.test('a module is the child of who requires it, and its parent is who required it first', async (t) => {
  const program = bakedProgram({ a: ['b', 'c'], b: ['c'], c: [] });
  const { entry, of } = program;
  activate(program, 'a');
  t.same(entry.children, [of('a').module]);
  t.equal(of('a').module.parent, entry);
  t.equal(of('b').module.parent, of('a').module);
  t.equal(of('c').module.parent, of('b').module);
  t.same(of('a').module.children.map(fileOf), ['b', 'c']);
});

t.test('a part that is required earlier has another parent than at build', async (t) => {
  const program = bakedProgram({ a: ['b'], b: [] });
  const { entry, of } = program;
  const before = cacheKeys();
  t.equal(activate(program, 'b'), true);
  t.equal(activate(program, 'a'), true);
  t.equal(of('b').module.parent, entry);
  t.same(cacheKeysSince(before), ['b', 'a']);
  t.same(entry.children.map(fileOf), ['b', 'a']);
});

t.test('what belongs to the run is set when a module enters', async (t) => {
  const program = bakedProgram({ a: [] });
  const { registry, entry, of } = program;
  const executing = Symbol('executing');
  registry.begin(executing);
  const { mainModule } = process;
  Reflect.set(process, 'mainModule', entry);
  t.teardown(() => Reflect.set(process, 'mainModule', mainModule));
  activate(program, 'a');
  t.equal(of('a').require?.main, entry);
  t.equal(of('a').module[executing], false);
});

t.test('a chain of 10^5 modules needs no deep stack', async (t) => {
  const edges: Record<string, string[]> = {};
  for (let i = 0; i < 100_000; i++) edges[`m${i}`] = i + 1 < 100_000 ? [`m${i + 1}`] : [];
  const program = bakedProgram(edges);
  const { of } = program;
  t.equal(activate(program, 'm0'), true);
  t.equal(NodeModules._cache[of('m99999').file], of('m99999').module);
});
