import t from 'tap';
import { sealExports } from '../../../snapshot-entry/builder/seal-exports.cjs';
import { SealMaker } from '../../../snapshot-entry/builder/seal-maker.cjs';
import { sealRealm } from '../../../snapshot-entry/builder/seal-realm.cjs';

/** The seal of some exports, with others' before and behind. */
function sealed(exports: unknown): { readonly size: number; holds(): boolean } {
  const maker = new SealMaker();
  const { seal } = maker;
  const others = [{ a: 1 }, { b: 1 }] as const;
  sealExports(maker, others[0]);
  const [from, to] = sealExports(maker, exports);
  sealExports(maker, others[1]);
  Object.assign(others[0], { a: 2 });
  Object.assign(others[1], { b: 2 });
  return { size: to - from, holds: () => seal.holdsBetween(from, to) };
}

t.test('a seal holds until a value is replaced, and again when it is back', async (t) => {
  const holder: Record<string, unknown> = { kept: 1, other: 'x' };
  const maker = new SealMaker();
  const { seal } = maker;
  t.equal(maker.add(holder, 'kept'), 0);
  t.equal(maker.add(holder, 'other'), 1);
  t.equal(seal.holds(), true);
  holder.other = 'y';
  t.equal(seal.holds(), false);
  t.same([seal.holdsAt(0), seal.holdsAt(1)], [true, false]);
  holder.other = 'x';
  t.equal(seal.holds(), true);
});

t.test('a member that was absent is sealed as absent', async (t) => {
  const holder: Record<string, unknown> = {};
  const maker = new SealMaker();
  const { seal } = maker;
  maker.add(holder, 'feature');
  t.equal(seal.holds(), true);
  holder.feature = () => undefined;
  t.equal(seal.holds(), false);
});

t.test('a deleted member and one that became another type do not hold', async (t) => {
  const holder: Record<string, unknown> = { gone: 0 };
  const maker = new SealMaker();
  const { seal } = maker;
  maker.add(holder, 'gone');
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
  const maker = new SealMaker();
  const { seal } = maker;
  maker.add(holder, 'lazy');
  t.equal(seal.holds(), true);
  t.equal(sealed(holder).holds(), true);
  t.equal(runs, 0);
});

t.test('what built-ins have when a run begins is no change; what they get later is one', async (t) => {
  const Builtin = Error as unknown as Record<string, unknown>;
  const own = { Own: class Own {} };
  t.teardown(() => {
    delete Builtin.late;
    delete Builtin.later;
  });
  const maker = new SealMaker();
  const { seal } = maker;
  const [, firstOfOwn] = sealExports(maker, Error);
  sealExports(maker, own);
  Builtin.late = 1;
  t.notOk(seal.holds(), 'one key more');
  seal.retake();
  t.ok(seal.holds(), 'not after all keys were counted anew');
  Builtin.later = 1;
  t.notOk(seal.holds(), 'as of then, one more is a change again');
  delete Builtin.later;
  Object.assign(own, { more: 1 });
  seal.retake();
  t.notOk(seal.holdsBetween(firstOfOwn, seal.length), 'what is not built in is never counted anew');
});

t.test('of a long typed array the beginning is sealed, as of any object', async (t) => {
  const bytes = Buffer.alloc(20_000_000);
  const { size, holds } = sealed(bytes);
  t.equal(size, 400);
  t.ok(holds());
  bytes[399] = 1;
  t.notOk(holds());
  t.ok(sealed(new Uint8Array(8)).size >= 8, 'all of a short one');
});

t.test('of exports, the own enumerable data properties are sealed', async (t) => {
  const exports: Record<string, unknown> = Object.create({ inherited: 1 });
  exports.own = 1;
  Object.defineProperty(exports, 'hidden', { value: 1, writable: true, enumerable: false });
  const seal = sealed(exports);
  exports.hidden = 2;
  t.equal(seal.holds(), true, 'what cannot be enumerated is left out');
  exports.own = 2;
  t.equal(seal.holds(), false);
});

t.test('a function may carry exports; a primitive has none to seal', async (t) => {
  const exports = Object.assign(() => undefined, { helper: 1 });
  const seal = sealed(exports);
  exports.helper = 2;
  t.equal(seal.holds(), false);
  for (const nothing of [null, undefined, 1, 'text']) t.equal(sealed(nothing).size, 0);
});

t.test('plain objects and arrays within exports are sealed, too', async (t) => {
  const exports = { options: { deep: { level: 1 } }, list: ['a'] };
  const changes: readonly (readonly [() => unknown, () => unknown])[] = [
    [() => (exports.options.deep.level = 2), () => (exports.options.deep.level = 1)],
    [() => exports.list.push('b'), () => exports.list.pop()],
    [() => (exports.list[0] = 'x'), () => (exports.list[0] = 'a')],
  ];
  const seal = sealed(exports);
  for (const [change, undo] of changes) {
    change();
    t.equal(seal.holds(), false);
    undo();
    t.equal(seal.holds(), true);
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
    Base,
    list: new Map([['a', 1]]),
    names: new Set(),
    plain: {},
    helper: () => 1,
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
  const seal = sealed(exports);
  t.equal(seal.holds(), true);
  for (const [what, change, undo] of changes) {
    change();
    t.equal(seal.holds(), false, what);
    undo();
    t.equal(seal.holds(), true, `${what}, undone`);
  }
});

t.test('exports that hold themselves end', async (t) => {
  const exports: Record<string, unknown> = { a: 1 };
  exports.self = exports;
  t.equal(sealed(exports).holds(), true);
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

t.test('what loops over keys would see of all objects or arrays', async (t) => {
  for (const prototype of [Object.prototype, Array.prototype]) {
    const seal = sealRealm();
    Object.defineProperty(prototype, 'added', { value: 1, enumerable: true, configurable: true });
    const isHolding = seal.holds();
    Reflect.deleteProperty(prototype, 'added');
    t.same([isHolding, seal.holds()], [false, true]);
  }
});

t.test(
  'a fixed seal says the same before and after it is code: of each kind of key, replaced, deleted and added',
  async (t) => {
    const symbol = Symbol('key');
    const made = () => {
      return { plain: 1, 'not a name"': 2, 7: 3, [symbol]: 4, nothing: undefined, nan: Number.NaN, f: () => 1 };
    };
    const changes: readonly ((holder: Record<PropertyKey, unknown>) => void)[] = [
      (holder) => (holder.plain = 2),
      (holder) => (holder['not a name"'] = 3),
      (holder) => (holder[7] = 4),
      (holder) => (holder[symbol] = 5),
      (holder) => (holder.nothing = 1),
      (holder) => (holder.nan = 0),
      (holder) => (holder.f = () => 1),
      (holder) => delete holder.plain,
    ];
    for (const [at, change] of changes.entries()) {
      for (const round of [0, 5, 8, 9, 40]) {
        const holder = made();
        const maker = new SealMaker();
        maker.addAll(holder);
        const fixed = maker.fixed();
        for (let i = 0; i < round; i++) if (!fixed.holds()) t.fail(`holds, round ${i}`);
        change(holder);
        t.equal(fixed.holds(), false, `change ${at} in round ${round}`);
      }
    }
  },
);

t.test('what can never change is not compared', async (t) => {
  const maker = new SealMaker();
  const { seal } = maker;
  maker.addAll(Object.defineProperty({}, 'fixed', { value: 1, writable: false, configurable: false }));
  t.equal(seal.length, 0);
  maker.addAll(Object.defineProperty({}, 'redefined', { value: 1, writable: false, configurable: true }));
  t.equal(seal.length, 1);
});

t.test('of a table, only how long it is is sealed; of a short list, and of functions, everything', async (t) => {
  const words = Array.from({ length: 40 }, (_one, at) => `word ${at}`);
  const records = Object.fromEntries(words.map((word) => [word, { word, codes: [1, 2] }]));
  const functions = words.map((): (() => number) => () => 1);
  const changes: readonly (readonly [object, (holder: never) => void, boolean])[] = [
    [words, (list: string[]) => (list[3] = 'x'), true],
    [words, (list: string[]) => list.push('x'), false],
    [records, (table: typeof records) => Object.assign(table, { more: 1 }), false],
    [functions, (list: (typeof functions)[number][]) => (list[3] = () => 2), false],
    [words.slice(0, 32), (list: string[]) => (list[3] = 'x'), false],
  ];
  for (const [at, [holder, change, holds]] of changes.entries()) {
    const exports = { inner: Array.isArray(holder) ? [...holder] : { ...holder } };
    const seal = sealed(exports);
    change(exports.inner as never);
    t.equal(seal.holds(), holds, `change ${at}`);
  }
  t.ok(sealed({ words, records }).size < 10);
});

t.test('members that are added to exported functions, where there were some or it is a class', async (t) => {
  const bare = () => 1;
  const withOne = Object.assign(() => 1, { one: 1 });
  class Base {
    method() {}
  }
  const seals = [bare, withOne, Base].map((value) => [value, sealed({ value })] as const);
  for (const [value] of seals) Object.assign(value, { added: 1 });
  t.same(
    seals.map(([, seal]) => seal.holds()),
    [true, false, false],
  );
  const root = () => 1;
  const own = sealed(root);
  Object.assign(root, { added: 1 });
  t.equal(own.holds(), false, 'of what a module exports itself, always');
});
