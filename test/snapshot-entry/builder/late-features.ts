import t from 'tap';
import { withLateFeatures } from '../../../snapshot-entry/builder/late-features.cjs';
import { SealMaker } from '../../../snapshot-entry/builder/seal-maker.cjs';
import { MEMBER_LIST, sharedKey, sharedObject } from '../../../snapshot-entry/shared/shared-names.cjs';

const none = () => null;
const iterators = Object.getPrototypeOf(Object.getPrototypeOf([].values()));

t.test('what is not there yet looks as if it were, for as long as it is wanted', async (t) => {
  const names = ['notYet', 'JSON.notYet', '%Iterator%.@@notYet', '%Iterator%.notYet', 'Nowhere.at.all', 'JSON.parse'];
  const undo = withLateFeatures(names);
  t.same(['notYet' in globalThis, 'notYet' in JSON, 'notYet' in [].values()], [true, true, true]);
  t.notOk(Object.keys(JSON).includes('notYet'), 'as V8 adds them, it is not enumerable');
  undo();
  t.same(['notYet' in globalThis, 'notYet' in JSON, 'notYet' in [].values()], [false, false, false]);
  t.type(JSON.parse, 'function', 'what was there stays');
});

t.test('it is compared with what it is when the run begins', async (t) => {
  const undo = withLateFeatures(['JSON.notYet']);
  const maker = new SealMaker();
  const { seal } = maker;
  maker.addRead(JSON, 'notYet');
  maker.addRead(JSON, MEMBER_LIST);
  undo();
  t.teardown(() => Reflect.deleteProperty(JSON, 'notYet'));
  Object.defineProperty(JSON, 'notYet', { value: 1, configurable: true });
  seal.retake();
  t.ok(seal.holds());
  Object.defineProperty(JSON, 'notYet', { value: 2, configurable: true });
  t.same([seal.holdsAt(0), seal.holdsAt(1)], [false, true], 'replaced');
  Reflect.deleteProperty(JSON, 'notYet');
  t.same([seal.holdsAt(0), seal.holdsAt(1)], [false, false], 'deleted');
});

t.test('names of what all modules share', async (t) => {
  const builtin = (name: string): unknown => (name === 'x' ? { inner: { deep: none } } : undefined);
  t.equal(sharedObject('globalThis', none), globalThis);
  t.equal(sharedObject('globalThis.Array.prototype', none), Array.prototype);
  t.equal(sharedObject('globalThis.process.versions', none), process.versions);
  t.equal(sharedObject('globalThis.%Iterator%', none), iterators);
  t.equal(sharedObject('node:x.inner.deep', builtin), none);
  t.equal(sharedObject('globalThis.none.at.all', none), null);
  t.equal(sharedObject('node:y.z', builtin), null);
  t.same([sharedKey('@@iterator'), sharedKey('@@none'), sharedKey('map')], [Symbol.iterator, '@@none', 'map']);
});

t.test('members that are absent, accessors and what is added are sealed without running them', async (t) => {
  let runs = 0;
  const parent = { inherited: 1 };
  const holder: Record<string, unknown> = Object.create(parent);
  Object.defineProperty(holder, 'asked', { configurable: true, get: () => ++runs });
  const maker = new SealMaker();
  const { seal } = maker;
  for (const member of ['absent', 'asked', 'inherited', MEMBER_LIST]) maker.addRead(holder, member);
  seal.retake();
  t.ok(seal.holds());
  holder.absent = undefined;
  t.same(
    [0, 1, 2, 3].map((at) => seal.holdsAt(at)),
    [false, true, true, false],
    'there, if only as undefined',
  );
  const undo = seal.putBack(0);
  t.notOk('absent' in holder, 'put back');
  undo?.();
  t.ok('absent' in holder);
  Object.defineProperty(holder, 'asked', { get: () => ++runs });
  t.notOk(seal.holdsAt(1), 'another accessor');
  seal.putBack(1);
  t.ok(seal.holdsAt(1), 'put back');
  parent.inherited = 2;
  t.notOk(seal.holdsAt(2));
  t.equal(runs, 0);
});
