// A difference is believed only where more plain runs do not explain it. `launcher` and plain are scripts of our own.
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { verifyLine } from '../../src/verify/verify.js';

/** Plain prints `text` of the count of its runs; the launcher prints `ours`. */
function program(folder: string, text: string, ours: string) {
  const count = join(folder, 'count');
  const entry = join(folder, 'cli.cjs');
  const launcher = join(folder, 'cli');
  writeFileSync(count, '0');
  writeFileSync(
    entry,
    `const fs = require('fs'); const n = Number(fs.readFileSync(${JSON.stringify(count)}, 'utf8')) + 1; fs.writeFileSync(${JSON.stringify(count)}, String(n)); console.log(${text})`,
  );
  writeFileSync(launcher, `#!/bin/sh\necho '${ours}'\n`);
  chmodSync(launcher, 0o755);
  const env = { PATH: process.env.PATH ?? '' };
  const run = { cwd: folder, env, timeoutMs: 20_000, node: process.execPath, nodeFlags: [], entry, argv1: entry };
  return verifyLine({ ...run, launcher }, []);
}

t.test('two plain runs that agree by chance are no proof of a difference', async (t) => {
  const { differences } = await program(t.testdir(), "'took ' + (n < 3 ? 5 : n) + ' ms'", 'took 7 ms');
  t.same(differences, []);
});

t.test('what every plain run prints is', async (t) => {
  const { differences } = await program(t.testdir(), "'took 5 ms'", 'took 7 ms');
  t.match(differences, [{ what: 'stdout', plain: 'took 5 ms\n', accelerated: 'took 7 ms\n' }]);
});

t.test('what one more plain run explains is not told because something else differs', async (t) => {
  const varying = "'took 5 ms'); console.error(n < 6 ? n : 1";
  const { differences } = await program(t.testdir(), varying, "x'; echo 7 >&2; echo 'y");
  t.same(
    differences.map(({ what }) => what),
    ['stdout'],
  );
});
