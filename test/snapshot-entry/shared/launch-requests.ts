// What the one who starts an artifact's process wants of it is taken out of the environment, before the program can see it.
import { writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { HUGE_PAGES, snapshotOption, takeLaunchRequests } from '../../../snapshot-entry/shared/launch-requests.cjs';
import { trialEnvironment } from '../../../snapshot-entry/shared/trial-requests.cjs';
import { nodeBinaries } from '../../target/harness/binaries.js';
import { run } from '../harness/programs.js';

const BLOB = '/odd "place" \\of/app.blob';
const REQUEST = { blob: BLOB, script: '/work/trial.js', out: '/work/out' };

/** What is taken from an environment, and what is left of it. */
function taken(t: Test, env: NodeJS.ProcessEnv) {
  const before = process.env;
  t.teardown(() => {
    process.env = before;
  });
  process.env = { ...env };
  const requests = takeLaunchRequests();
  return { ...requests, left: { ...process.env } };
}

t.test('a launch: the blob, and what the user had set stays', async (t) => {
  const env = { HOME: '/home', [HUGE_PAGES.name]: HUGE_PAGES.value };
  const alone = taken(t, { ...env, NODE_OPTIONS: snapshotOption(BLOB) });
  t.same(alone, { blob: BLOB, trial: undefined, left: { HOME: '/home' } });
  const beside = taken(t, { NODE_OPTIONS: `--no-warnings ${snapshotOption(BLOB)}`, [HUGE_PAGES.name]: 'own' });
  t.same(beside, { blob: BLOB, trial: undefined, left: { NODE_OPTIONS: '--no-warnings', [HUGE_PAGES.name]: 'own' } });
});

t.test('a trial run: the request, of which nothing is left', async (t) => {
  t.same(taken(t, trialEnvironment({ HOME: '/home' }, REQUEST)), {
    blob: BLOB,
    trial: REQUEST,
    left: { HOME: '/home' },
  });
});

t.test('a launch is no trial run, whatever variables the user has; a blob booted by hand neither', async (t) => {
  const { NODE_OPTIONS: _options, ...variable } = trialEnvironment({}, REQUEST);
  const launched = taken(t, { ...variable, NODE_OPTIONS: snapshotOption(BLOB) });
  t.same(launched, { blob: BLOB, trial: undefined, left: variable }, 'nobody has looked');
  t.same(taken(t, {}), { blob: '', trial: undefined, left: {} });
});

for (const { path: node, version } of nodeBinaries()) {
  t.test(`Node reads both spellings of the option alike, ${version}`, async (t) => {
    const folder = t.testdir({ 'odd "place" \\of': {} });
    const blob = `${folder}/odd "place" \\of/app.blob`;
    const script = `${t.testdirName}/builder.js`;
    writeFileSync(
      script,
      "require('node:v8').startupSnapshot.setDeserializeMainFunction(() => process.stdout.write(process.argv.slice(1).join()));",
    );
    run(node, ['--snapshot-blob', blob, '--build-snapshot', script]);
    const environments = [{ NODE_OPTIONS: snapshotOption(blob) }, trialEnvironment({}, { ...REQUEST, blob })];
    for (const env of environments) t.equal(run(node, ['/entry.js', 'word'], '/', env).stdout, '/entry.js,word');
  });
}
