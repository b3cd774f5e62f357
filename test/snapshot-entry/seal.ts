import t from 'tap';
import { Seal, sealExports, sealRealm } from '../../snapshot-entry/seal.cjs';

t.test('a seal holds until a value is replaced, and again when it is back', async (t) => {
  const holder: Record<string, unknown> = { kept: 1, other: 'x' };
  const seal = new Seal();
  t.equal(seal.add(holder, 'kept'), 0);
  t.equal(seal.add(holder, 'other'), 1);
  t.equal(seal.holds(), true);
  holder.other = 'y';
  t.equal(seal.holds(), false);
  t.same([seal.holdsAt(0), seal.holdsAt(1)], [true, false]);
  holder.other = 'x';
  t.equal(seal.holds(), true);
});

t.test('a member that was absent is sealed as absent', async (t) => {
  const holder: Record<string, unknown> = {};
  const seal = new Seal();
  seal.add(holder, 'feature');
  t.equal(seal.holds(), true);
  holder.feature = () => undefined;
  t.equal(seal.holds(), false);
});

t.test('a deleted member and one that became another type do not hold', async (t) => {
  const holder: Record<string, unknown> = { gone: 0 };
  const seal = new Seal();
  seal.add(holder, 'gone');
  delete holder.gone;
  t.equal(seal.holds(), false);
});

t.test('an accessor is never run, neither when sealed nor when compared', async (t) => {
  let runs = 0;
  const holder = {
    get lazy() {
      return ++runs;
    },
  };
  const seal = new Seal();
  seal.add(holder, 'lazy');
  t.equal(seal.holds(), true);
  t.equal(sealExports(holder)?.holds(), true);
  t.equal(runs, 0);
});

t.test('of exports, the own enumerable data properties are sealed', async (t) => {
  const exports: Record<string, unknown> = Object.create({ inherited: 1 });
  exports.own = 1;
  Object.defineProperty(exports, 'hidden', { value: 1, writable: true, enumerable: false });
  const seal = sealExports(exports);
  exports.hidden = 2;
  t.equal(seal?.holds(), true, 'what cannot be enumerated is left out');
  exports.own = 2;
  t.equal(seal?.holds(), false);
});

t.test('a function may carry exports; a primitive has none to seal', async (t) => {
  const exports = Object.assign(() => undefined, { helper: 1 });
  const seal = sealExports(exports);
  exports.helper = 2;
  t.equal(seal?.holds(), false);
  for (const nothing of [null, undefined, 1, 'text']) t.equal(sealExports(nothing), null);
});

t.test('plain objects and arrays within exports are sealed, too', async (t) => {
  const exports = { options: { deep: { level: 1 } }, list: ['a'] };
  const changes: readonly (readonly [() => unknown, () => unknown])[] = [
    [() => (exports.options.deep.level = 2), () => (exports.options.deep.level = 1)],
    [() => exports.list.push('b'), () => exports.list.pop()],
    [() => (exports.list[0] = 'x'), () => (exports.list[0] = 'a')],
  ];
  const seal = sealExports(exports);
  for (const [change, undo] of changes) {
    change();
    t.equal(seal?.holds(), false);
    undo();
    t.equal(seal?.holds(), true);
  }
});

t.test('what is added, methods of classes, Maps and Sets are sealed, too', async (t) => {
  class Base {
    hi() {
      return 'base';
    }
  }
  const { hi } = Base.prototype;
  const exports: Record<string, unknown> & { list: Map<string, number>; names: Set<string>; plain: object } = {
    ...{ Base, list: new Map([['a', 1]]), names: new Set(), plain: {}, helper: () => 1 },
  };
  const changes: readonly (readonly [string, () => unknown, () => unknown])[] = [
    ['a new export', () => (exports.more = 1), () => delete exports.more],
    ['a new member', () => Object.assign(exports.plain, { x: 1 }), () => Reflect.deleteProperty(exports.plain, 'x')],
    ['a method', () => (Base.prototype.hi = () => 'mixed'), () => (Base.prototype.hi = hi)],
    ['a new method', () => Object.assign(Base.prototype, { x: 1 }), () => Reflect.deleteProperty(Base.prototype, 'x')],
    ['a Map', () => exports.list.set('b', 2), () => exports.list.delete('b')],
    ['a Set', () => exports.names.add('b'), () => exports.names.delete('b')],
    ['a static', () => Object.assign(Base, { x: 1 }), () => Reflect.deleteProperty(Base, 'x')],
  ];
  const seal = sealExports(exports);
  t.equal(seal?.holds(), true);
  for (const [what, change, undo] of changes) {
    change();
    t.equal(seal?.holds(), false, what);
    undo();
    t.equal(seal?.holds(), true, `${what}, undone`);
  }
});

t.test('exports that hold themselves end', async (t) => {
  const exports: Record<string, unknown> = { a: 1 };
  exports.self = exports;
  t.equal(sealExports(exports)?.holds(), true);
});

t.test("the language's built-ins are sealed", async (t) => {
  const seal = sealRealm();
  t.equal(seal.holds(), true);
  const { slice } = Array.prototype;
  t.teardown(() => Reflect.set(Array.prototype, 'slice', slice));
  Reflect.set(Array.prototype, 'slice', () => []);
  const isHolding = seal.holds();
  Reflect.set(Array.prototype, 'slice', slice);
  t.equal(isHolding, false);
  t.equal(seal.holds(), true);
});
