// The own test suites of real packages pass against their rewritten selves: every statement that can be left out of a
// module is, in the packages and in what they need, and what the suites print stays the same byte for byte.
import { join } from 'node:path';
import t from 'tap';
import { corpus } from '../cli/harness/corpus.js';
import { scratch } from '../cli/harness/places.js';
import { type Deferred, modulesOf, runInPlace, runPlainSuite, runReplayed } from './harness/suite.js';

t.setTimeout(300_000);

/** How many statements of how many modules. */
function countOf(deferred: Deferred) {
  const sizes = [...deferred.values()].map(({ size }) => size).filter((size) => size > 0);
  return { modules: sizes.length, statements: sizes.reduce((sum, size) => sum + size, 0) };
}

const folder = corpus(t, 'suites');
if (folder !== undefined) {
  const entry = join(folder, 'run.cjs');
  const suite = {
    entry,
    args: [],
    isOwn: (file: string) => file === entry || /\/node_modules\/[^/]+\/test\//.test(file),
    ground: scratch(t, 'suites'),
  };
  const plain = runPlainSuite(suite);
  const modules = modulesOf(suite);

  t.test('plainly', (t) => {
    t.equal(plain.code, 0);
    t.match(plain.stdout, /\n# tests \d{4,}\n# pass {2}\d{4,}\n\n# ok\n/);
    t.end();
  });

  t.test('with every candidate left out and run where it stood', (t) => {
    const { shown, deferred, ran } = runInPlace(suite, modules);
    const count = countOf(deferred);
    t.comment(JSON.stringify({ ...count, ran }));
    t.same(shown, plain);
    t.equal(ran, count.statements, 'each was run');
    t.ok(count.modules > 300 && count.statements > 1000, 'many were left out');
    t.end();
  });

  t.test('with all that can wait left out, and run when the rest of a load has been', (t) => {
    const { shown, deferred, ran } = runReplayed(suite, modules);
    const count = countOf(deferred);
    t.comment(JSON.stringify({ ...count, ran }));
    t.same(shown, plain);
    t.equal(ran, count.statements, 'each was run');
    t.ok(count.modules > 100 && count.statements > 300, 'many were left out');
    t.end();
  });
}
