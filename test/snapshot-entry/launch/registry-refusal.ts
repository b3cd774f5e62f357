// When is a baked module not what plain Node would now load? Then nothing of its closure may enter the cache.
import t, { type Test } from 'tap';
import { SealMaker } from '../../../snapshot-entry/builder/seal-maker.cjs';
import { NodeModules } from '../../../snapshot-entry/launch/node-module.cjs';
import { activate, type BakedProgram, bakedProgram, cacheKeys, cacheKeysSince } from '../harness/baked.js';

function refuses(t: Test, program: BakedProgram, name: string): void {
  const { registry, entry } = program;
  const before = cacheKeys();
  const active = registry.activated;
  const children = entry.children.length;
  t.equal(activate(program, name), false);
  t.same(cacheKeysSince(before), []);
  t.equal(registry.activated, active);
  t.equal(entry.children.length, children);
}

t.test('a member of the closure was loaded plainly', async (t) => {
  const program = bakedProgram({ a: ['b'], b: ['c'], c: [], alone: [] });
  const { file } = program.of('c');
  NodeModules._cache[file] = new NodeModules(file);
  refuses(t, program, 'a');
  t.equal(activate(program, 'alone'), true);
});

t.test('it is active already', async (t) => {
  const program = bakedProgram({ a: [] });
  activate(program, 'a');
  refuses(t, program, 'a');
});

t.test('it was deleted from the cache: plain Node would evaluate it anew', async (t) => {
  const program = bakedProgram({ a: [] });
  activate(program, 'a');
  delete NodeModules._cache[program.of('a').file];
  refuses(t, program, 'a');
});

t.test('an active module that it needs was deleted from the cache', async (t) => {
  const program = bakedProgram({ a: ['b'], b: [] });
  activate(program, 'b');
  delete NodeModules._cache[program.of('b').file];
  refuses(t, program, 'a');
});

t.test('an active module that it needs was replaced in the cache', async (t) => {
  const program = bakedProgram({ a: ['b'], b: [] });
  const { file } = program.of('b');
  activate(program, 'b');
  NodeModules._cache[file] = new NodeModules(file);
  refuses(t, program, 'a');
});

t.test('an active module that it needs has other exports', async (t) => {
  const program = bakedProgram({ a: ['b'], b: [] });
  activate(program, 'b');
  program.of('b').module.exports = { name: 'patched' };
  refuses(t, program, 'a');
});

t.test('an active module that it needs has an export replaced', async (t) => {
  const program = bakedProgram({ a: ['b'], b: [] });
  activate(program, 'b');
  Object.assign(program.of('b').module.exports as object, { name: 'patched' });
  refuses(t, program, 'a');
});

t.test('what a member read at load has another value now', async (t) => {
  const shared: Record<string, unknown> = { read: 1, unread: 1 };
  const program = bakedProgram({ a: ['b'], b: [], c: [] }, { shared, reads: { a: [], b: ['read'], c: ['unread'] } });
  shared.read = 2;
  refuses(t, program, 'a');
  t.equal(activate(program, 'c'), true, 'each module answers for its own reads');
  shared.read = 1;
  t.equal(activate(program, 'a'), true, 'the value is back');
});

t.test('what every module depends on has changed', async (t) => {
  const prototype: Record<string, unknown> = { slice: 1 };
  const realm = new SealMaker();
  realm.add(prototype, 'slice');
  const program = bakedProgram({ a: [] }, { realm });
  prototype.slice = 2;
  refuses(t, program, 'a');
  prototype.slice = 1;
  t.equal(activate(program, 'a'), true);
});

t.test('a cycle is entered through another member than at build', async (t) => {
  const edges = { user: ['a'], a: ['b'], b: ['a'] };
  const program = bakedProgram(edges, { heads: { a: 'a', b: 'a' } });
  refuses(t, program, 'b');
  const before = cacheKeys();
  t.equal(activate(program, 'user'), true);
  t.same(cacheKeysSince(before), ['user', 'a', 'b']);
});

t.test('a cycle is entered elsewhere from within the closure', async (t) => {
  const program = bakedProgram({ user: ['b', 'a'], b: ['a'], a: ['b'] }, { heads: { a: 'a', b: 'a' } });
  refuses(t, program, 'user');
});

/** `a` requires `b`, which is active, by a function of `helper`, which has been loaded before; and then `c`. */
function withLateLoad() {
  const program = bakedProgram({ helper: [], b: [], a: ['c'], c: [] });
  const { of } = program;
  for (const name of ['helper', 'b']) activate(program, name);
  of('a').loads.unshift({ baked: of('b'), by: of('helper').module, partial: null });
  return { program, children: of('helper').module.children, loadOfB: of('b').module };
}

t.test('a refused activation leaves the children of all modules as they were', async (t) => {
  const { program, children } = withLateLoad();
  const { file } = program.of('c');
  NodeModules._cache[file] = new NodeModules(file);
  refuses(t, program, 'a');
  t.same(children, []);
  t.equal(program.of('a').active, false);
});

t.test('one that is not refused gives a module one more parent, as a plain load does', async (t) => {
  const { program, children, loadOfB } = withLateLoad();
  t.equal(activate(program, 'a'), true);
  t.equal(children.length, 1);
  t.equal(children[0], loadOfB);
  t.equal(program.of('b').module.parent, program.entry, 'its first one stays');
});
