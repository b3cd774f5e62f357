// What a module shows while statements of it are run later than it was evaluated, and what it is afterwards.
import t from 'tap';
import type { NodeModule } from '../../../snapshot-entry/launch/node-module.cjs';
import { hide, partialExports, reveal } from '../../../snapshot-entry/launch/partial-exports.cjs';

type Exports = Record<PropertyKey, unknown>;

/** A module that exports `early`, is looked at, and goes on to what `later` does. */
function moduleOf(early: (exports: Exports) => void, later: (exports: Exports) => void) {
  const exports: Exports = {};
  const module = { exports } as unknown as NodeModule;
  early(exports);
  const partial = partialExports(module, undefined);
  later(exports);
  return { module, exports, partial };
}

const symbol = Symbol('key');

t.test('it shows what it had exported, and then all of it again', async (t) => {
  const { module, exports, partial } = moduleOf(
    (own) => {
      Object.defineProperty(own, '__esModule', { value: true });
      own.late = undefined;
      own.kept = 1;
    },
    (own) => {
      own.late = 'set';
      own[symbol] = 1;
      Object.defineProperty(own, 'live', { get: () => 1, enumerable: true, configurable: true });
    },
  );
  const disguise = hide(module, partial);
  t.same(Reflect.ownKeys(exports), ['__esModule', 'late', 'kept']);
  t.same([exports.late, exports.kept], [undefined, 1]);
  reveal(disguise);
  t.equal(module.exports, exports);
  t.same(Reflect.ownKeys(exports), ['__esModule', 'late', 'kept', 'live', symbol]);
  t.same([exports.late, exports.live, exports[symbol]], ['set', 1, 1]);
});

t.test('what others do to it meanwhile stays, but for what it sets itself later', async (t) => {
  const { module, exports, partial } = moduleOf(
    (own) => {
      own.late = undefined;
      own.kept = 1;
      own.dropped = 1;
    },
    (own) => (own.late = 'set'),
  );
  const disguise = hide(module, partial);
  exports.added = 'by others';
  exports.kept = 'changed by others';
  exports.late = 'overwritten';
  delete exports.dropped;
  reveal(disguise);
  t.same({ ...exports }, { late: 'set', kept: 'changed by others', added: 'by others' });
});

t.test('other exports, of its own or in its place', async (t) => {
  const first: Exports = { a: 1 };
  const module = { exports: first } as unknown as NodeModule;
  const partial = partialExports(module, undefined);
  const second = { b: 1 };
  module.exports = second;
  const disguise = hide(module, partial);
  t.equal(module.exports, first);
  reveal(disguise);
  t.equal(module.exports, second, 'its own');
  module.exports = first;
  const other = hide(module, partial);
  const theirs = {};
  module.exports = theirs;
  reveal(other);
  t.equal(module.exports, theirs, "others'");
});

t.test('one copy serves for as long as nothing is exported', async (t) => {
  const exports: Exports = { a: undefined };
  const module = { exports } as unknown as NodeModule;
  const first = partialExports(module, undefined);
  t.equal(partialExports(module, first), first);
  exports.a = 1;
  const second = partialExports(module, first);
  t.not(second, first);
  t.equal(partialExports(module, second), second);
  Object.defineProperty(exports, 'a', { enumerable: false });
  t.not(partialExports(module, second), second, 'another kind of property');
  const accessor = { get: () => 1, configurable: true };
  Object.defineProperty(exports, 'a', accessor);
  const third = partialExports(module, undefined);
  t.equal(partialExports(module, third), third);
  Object.defineProperty(exports, 'a', { get: () => 2, configurable: true });
  t.not(partialExports(module, third), third, 'another getter');
  module.exports = { a: 1 };
  t.not(partialExports(module, second), second, 'another object');
});
