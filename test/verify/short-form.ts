// What every build runs besides its lines as they are. Plain and the launcher are scripts of our own.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { SHORT_FORM } from '../../src/verify/environments.js';
import { verifyShortForm } from '../../src/verify/matrix.js';
import { noTerminal } from '../../src/verify/terminal.js';
import type { Comparison } from '../../src/verify/verify.js';

const ran = (name: string, plainMs = 100): Comparison => ({
  args: [name],
  differences: [],
  isAccelerated: true,
  plainMs,
  isEndless: false,
});

/** Plain prints its argument; the launcher does so, after `script`. Both note that they ran. */
async function shortForm(t: Test, script: string, lines: readonly Comparison[], plain = '') {
  const dir = t.testdir({ cwd: {} });
  const [runs, entry, launcher] = [join(dir, 'runs'), join(dir, 'cli.cjs'), join(dir, 'cli')];
  writeFileSync(runs, '');
  const note = `require('fs').appendFileSync(${JSON.stringify(runs)}, process.argv[2] + ' ');`;
  writeFileSync(entry, `${note} console.log(process.argv[2]); ${plain}`);
  writeFileSync(launcher, `#!/bin/sh\nprintf '%s ' "$1" >>'${runs}'\n${script}\necho "$1"\n`);
  chmodSync(launcher, 0o755);
  const env = { PATH: process.env.PATH ?? '', HOME: dir };
  const run = {
    cwd: join(dir, 'cwd'),
    env,
    timeoutMs: 1_500,
    node: process.execPath,
    nodeFlags: [],
    entry,
    argv1: entry,
  };
  const results = await verifyShortForm({ ...run, launcher }, lines);
  return { results, runs: readFileSync(runs, 'utf8').trim().split(' ') };
}

const environmentsOf = (results: readonly { readonly differences: Comparison['differences'] }[]) =>
  results.map(({ differences }) => [...new Set(differences.map(({ environment }) => environment))]);

t.test('what is the same everywhere is run once plainly and once accelerated in each', async (t) => {
  const lines = [ran('a'), ran('b')];
  const { results, runs } = await shortForm(t, '', lines);
  t.same(results, lines);
  const has = (await noTerminal({ cwd: '/', env: process.env, timeoutMs: 9_999 })) === null;
  const environments = SHORT_FORM.filter(({ terminal }) => terminal === undefined || has);
  t.equal(runs.length, 2 * 2 * environments.length);
});

const differing = {
  'colours that are forced': ['[ "$FORCE_COLOR" != 3 ] || echo other', 0],
  'a file in the home': ['echo x >>"$HOME/x"', 0],
  'no colours, by its exit code': ['[ -z "$NO_COLOR" ] || exit 3', 1],
  'a terminal': ['[ ! -t 1 ] || echo other', 2],
} as const;
for (const [label, [script, environment]] of Object.entries(differing)) {
  t.test(`${label}: the line that differs, and where`, async (t) => {
    const { name, terminal } = SHORT_FORM[environment] ?? { name: 'no such environment', terminal: undefined };
    const missing = terminal && (await noTerminal({ cwd: '/', env: process.env, timeoutMs: 9_999 }));
    if (typeof missing === 'string') return t.comment(`SKIPPED: ${missing}`);
    const { results } = await shortForm(t, `if [ "$1" = b ]; then ${script}; fi`, [
      ran('slow', 5_000),
      ran('a'),
      ran('b'),
    ]);
    t.same(environmentsOf(results), [[], [], [name]]);
    t.same(
      results.map(({ args }) => args[0]),
      ['slow', 'a', 'b'],
    );
  });
}

t.test('a line that takes long is not run again', async (t) => {
  const lines = [ran('slow', 5_000)];
  const { results, runs } = await shortForm(t, 'echo other', lines);
  t.same(results, lines);
  t.same(runs, ['']);
});

t.test('a line that does not end where it is looked at shows nothing', async (t) => {
  const lines = [ran('a')];
  const { results, runs } = await shortForm(t, 'echo other', lines, 'setInterval(() => {}, 1e6);');
  t.same(results, lines);
  t.ok(runs.length <= SHORT_FORM.length, 'the launcher was not even started');
});
