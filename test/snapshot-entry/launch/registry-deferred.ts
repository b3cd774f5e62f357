// Activation with deferred statements: in the order of a plain load, and undone where they change what was baked.
import t from 'tap';
import { SealMaker } from '../../../snapshot-entry/builder/seal-maker.cjs';
import { type NodeModule, NodeModules } from '../../../snapshot-entry/launch/node-module.cjs';
import { activate, type BakedProgram, bakedProgram, cacheKeys, cacheKeysSince, fileOf } from '../harness/baked.js';

/** Puts a statement that loads files into a module before its `position`th load. */
function defer({ of }: BakedProgram, name: string, position: number, run: () => void): void {
  const partial = { exports: of(name).module.exports, own: { keys: [], values: [], others: null } };
  of(name).steps.splice(position, 0, { index: position, run, self: undefined, partial, requires: 0 });
}

function lead({ of }: BakedProgram, ...names: readonly string[]): void {
  for (const name of names) of(name).hasDeferred = true;
}

function packed(name: string, parent: NodeModule): NodeModule {
  const module = new NodeModules(`/packed/${name}`, parent);
  NodeModules._cache[module.id] = module;
  return module;
}

t.test('statements run between the loads, with the modules around them half way', async (t) => {
  const program = bakedProgram({ a: ['b', 'c'], b: ['d'], d: [], c: [] });
  const { entry, of } = program;
  const log: string[] = [];
  const note = (what: string) => () => {
    log.push(`${what}: ${['a', 'b', 'c', 'd'].map((name) => `${name} ${of(name).module.loaded}`).join()}`);
  };
  for (const name of ['a', 'b', 'c', 'd']) of(name).module.loaded = true;
  defer(program, 'b', 1, note('after d'));
  defer(program, 'a', 1, () => packed('p', of('a').module));
  defer(program, 'a', 3, note('after c'));
  lead(program, 'a', 'b');
  const before = cacheKeys();
  t.equal(activate(program, 'a'), true);
  t.same(log, ['after d: a false,b false,c true,d true', 'after c: a false,b true,c true,d true']);
  t.same(cacheKeysSince(before), ['a', 'b', 'd', 'p', 'c']);
  t.same(of('a').module.children.map(fileOf), ['b', 'p', 'c']);
  t.same(entry.children.map(fileOf), ['a']);
  t.ok(of('a').module.loaded);
});

t.test('a statement that throws leaves what a failed load leaves', async (t) => {
  const program = bakedProgram({ a: ['b', 'c'], b: [], c: [] });
  const { registry, entry, of } = program;
  defer(program, 'a', 1, () => {
    throw new Error('no');
  });
  lead(program, 'a');
  const before = cacheKeys();
  t.throws(() => activate(program, 'a'), { message: 'no' });
  t.same(cacheKeysSince(before), ['b'], 'what was loaded before stays');
  t.same(entry.children, []);
  t.equal(registry.get(of('a').file), undefined, 'and the next require loads the source');
  t.equal(activate(program, 'c'), true, 'others are as they were');
});

t.test('a statement that changes what the rest was baked with ends the activation', async (t) => {
  // What is in the cache then. Where c sees the change in what it requires, it is evaluated from its source first.
  const left = { realm: 'ab', reads: 'ab', exports: 'abc', loader: 'ab', cache: 'ac' } as const;
  for (const change of Object.keys(left) as (keyof typeof left)[]) {
    const realm = new SealMaker();
    const holder = { key: 1 };
    realm.add(holder, 'key');
    const shared = { member: 1 };
    const program = bakedProgram({ a: ['b', 'c'], b: [], c: ['b'] }, { realm, shared, reads: { c: ['member'] } });
    const { registry, entry, of } = program;
    const changes = {
      realm: () => Object.assign(holder, { key: 2 }),
      reads: () => Object.assign(shared, { member: 2 }),
      exports: () => Object.assign(of('b').module.exports as object, { name: 'patched' }),
      loader: () => Object.assign(registry, { isLoaderPristine: () => false }),
      cache: () => Reflect.deleteProperty(NodeModules._cache, of('b').file),
    };
    defer(program, 'a', 1, changes[change]);
    lead(program, 'a');
    const before = cacheKeys();
    const { module, file } = of('a');
    module.load = (filename) => {
      t.equal(filename, file);
      t.same(module.exports, {});
      module.exports = 'from its source';
    };
    let reloads = 0;
    of('c').module.load = () => reloads++;
    t.equal(activate(program, 'a'), true, change);
    t.equal(reloads, left[change].includes('c') ? 1 : 0, `${change}: who sees it`);
    t.equal(module.exports, 'from its source', change);
    t.same(cacheKeysSince(before), [...left[change]], `${change}: what is done stays in its place`);
    t.same(entry.children.map(fileOf), ['a'], change);
    t.equal(registry.get(file), undefined, change);
  }
});

t.test('a module that a statement requires is not entered twice', async (t) => {
  const program = bakedProgram({ a: ['b'], b: [] });
  const { registry, of } = program;
  const other = new NodeModules('/packed/other');
  defer(program, 'a', 0, () => t.ok(activate(program, 'b', other)));
  lead(program, 'a');
  t.equal(activate(program, 'a'), true);
  t.equal(of('b').module.parent, other);
  t.same(of('a').module.children.map(fileOf), ['b']);
  t.equal(registry.activated, 2);
});

t.test('who requires a module that had to be evaluated from its source is, too', async (t) => {
  const realm = new SealMaker();
  const holder = { key: 1 };
  realm.add(holder, 'key');
  const program = bakedProgram({ top: ['a', 'b'], a: [], b: [] }, { realm });
  const { of } = program;
  defer(program, 'a', 0, () => Object.assign(holder, { key: 2 }));
  lead(program, 'top', 'a');
  const loaded: string[] = [];
  for (const name of ['top', 'a']) of(name).module.load = () => loaded.push(name);
  t.equal(activate(program, 'top'), true);
  t.same(loaded, ['a', 'top']);
  t.equal(of('b').active, false);
});
