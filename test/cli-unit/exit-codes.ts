// Every error that the project throws on purpose has an exit code that says more than "a mistake in snap".
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { EXIT, exitCodeFor } from '../../src/cli/exit-codes.js';

const sources = fileURLToPath(new URL('../../../src/', import.meta.url));

/** The literal codes of each catalogue: the members of its `…ErrorCode` type. */
function catalogues(): Map<string, string[]> {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\berrors\.ts$/.test(file),
  );
  return new Map(
    files.map((file) => {
      const text = readFileSync(path.join(sources, file), 'utf8');
      const types = [...text.matchAll(/export type \w+ErrorCode =([^;]*);/g)].map(([, members]) => members);
      return [file, [...types.join(' ').matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code as string)];
    }),
  );
}

const found = catalogues();

t.test('every catalogue has codes, and no code is in two', async (t) => {
  t.ok(found.size >= 8);
  for (const [file, codes] of found) t.ok(codes.length > 0, file);
  const all = [...found.values()].flat();
  t.equal(new Set(all).size, all.length);
});

for (const [file, codes] of found) {
  t.test(file, async (t) => {
    for (const code of codes) t.not(exitCodeFor(code), EXIT.unexpected, code);
  });
}

t.test('areas are told apart', async (t) => {
  t.equal(exitCodeFor('ENTRY_SYNTAX'), EXIT.entry);
  t.equal(exitCodeFor('TRACE_ENTRY_MISSING'), EXIT.entry);
  t.equal(exitCodeFor('TRACE_BAD_ARGS'), EXIT.usage);
  t.equal(exitCodeFor('TRACE_TIMEOUT'), EXIT.training);
  t.equal(exitCodeFor('NODE_TOO_OLD'), EXIT.node);
  t.equal(exitCodeFor('OUT_FULL'), EXIT.output);
  t.equal(exitCodeFor('NOT_AN_ARTIFACT'), EXIT.output);
});

t.test('what no catalogue knows is a mistake in snap', async (t) => {
  for (const code of ['', 'ENOENT', 'ERR_ASSERTION', 'MY_ENTRY_']) t.equal(exitCodeFor(code), EXIT.unexpected, code);
});

t.test('exit codes mean one thing each, and scripts may rely on them', async (t) => {
  const expected = {
    ok: 0,
    unexpected: 1,
    usage: 2,
    differs: 3,
    entry: 4,
    node: 5,
    output: 6,
    training: 7,
    interrupted: 130,
  };
  t.same(EXIT, expected);
});
