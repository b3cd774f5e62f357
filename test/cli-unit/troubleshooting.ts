// docs/TROUBLESHOOTING.md keeps up with what the launcher says and with the exit codes.
import { readFileSync } from 'node:fs';
import t from 'tap';
import { EXIT } from '../../src/cli/exit-codes.js';
import { plainWhenSet } from '../../src/target/environment.js';
import { MAJORS, rowOf } from '../../src/target/facts-table.cjs';

const page = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const text = page('docs/TROUBLESHOOTING.md');

t.test('every reason of the launcher for a plain run is explained', async (t) => {
  const launcher = page('src/launch/choose-path.ts') + page('src/launch/hand-over.ts');
  const reasons = [...launcher.matchAll(/snap_(?:why|refused)='([^'$]+)'/g)].map(([, reason]) => reason as string);
  t.ok(reasons.length >= 6);
  for (const reason of reasons) t.ok(text.includes(reason), reason);
  for (const { name } of plainWhenSet) t.ok(text.includes(name), name);
});

t.test('every reason of the build for a plain launcher is explained', async (t) => {
  const reasons = [...page('src/pipeline/build.ts').matchAll(/(?:nothingMade\(|return )['`]([a-z][^'`$(]+)/g)].map(
    ([, reason]) => reason as string,
  );
  t.ok(reasons.length >= 2);
  for (const reason of reasons) t.ok(text.includes(reason), reason);
});

t.test('so is what the booted snapshot says', async (t) => {
  const said = [
    ...page('snapshot-entry/shared/facts.cts').matchAll(/^(?:export )?const [A-Z]+ = ' (is [^']+|leads [^']+)';/gm),
  ];
  t.ok(said.length >= 3);
  for (const [, words = ''] of said) t.ok(text.includes(`\`FILE ${words}\``), words);
});

t.test('every option that is honoured is named', async (t) => {
  for (const { flag } of MAJORS.flatMap((major) => rowOf(major).nodeOptionsAllow))
    t.ok(text.includes(`\`${flag}\``), flag);
});

t.test('every exit code stands in the table, and no other', async (t) => {
  const table = [...text.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  t.same(
    table,
    Object.values(EXIT).sort((a, b) => a - b),
  );
});
