// Node's warning about our own way to `import()` is taken out of the way, and no other.
import t from 'tap';
import { expectImportWarning } from '../../../snapshot-entry/launch/import-warning.cjs';

const OURS = 'vm.USE_MAIN_CONTEXT_DEFAULT_LOADER is an experimental feature and might change at any time';

t.test('one warning is dropped, once; all others are handed on as they are', async (t) => {
  const told: unknown[][] = [];
  const { emitWarning } = process;
  t.teardown(() => {
    process.emitWarning = emitWarning;
  });
  const stub = function emitWarning(this: unknown, ...args: unknown[]) {
    t.equal(this, process);
    told.push(args);
  };
  process.emitWarning = stub as typeof emitWarning;
  expectImportWarning();
  t.equal(process.emitWarning.name, stub.name);
  t.equal(process.emitWarning.length, stub.length);
  const error = new Error(OURS);
  process.emitWarning('another', 'ExperimentalWarning');
  process.emitWarning(error);
  process.emitWarning(OURS, 'ExperimentalWarning');
  t.same(told, [['another', 'ExperimentalWarning'], [error]]);
  t.equal(process.emitWarning, stub, 'and then nothing of ours is left');
  process.emitWarning(OURS, 'ExperimentalWarning');
  t.equal(told.length, 3);
});

t.test("a program's own replacement stays", async (t) => {
  const { emitWarning } = process;
  t.teardown(() => {
    process.emitWarning = emitWarning;
  });
  process.emitWarning = () => undefined;
  expectImportWarning();
  const filter = process.emitWarning;
  const theirs = ((...args: Parameters<typeof filter>) => filter(...args)) as typeof filter;
  process.emitWarning = theirs;
  process.emitWarning(OURS, 'ExperimentalWarning');
  t.equal(process.emitWarning, theirs);
});
