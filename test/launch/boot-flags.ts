// Node flags that only the boot of a snapshot gets.
import t from 'tap';
import { makeArtifact, record, shells } from './harness/artifact.js';

const FLAG = '--min-semi-space-size=32';

for (const shell of shells) {
  t.test(`boot flags, ${shell}`, async (t) => {
    for (const nodeFlags of [[], ['--max-semi-space-size=4']]) {
      const { launcher, ...artifact } = await makeArtifact(t, { shell, bootFlags: [FLAG], nodeFlags });
      const argumentsOf = (env: NodeJS.ProcessEnv) => record(artifact, launcher, { env, args: ['a b', '--c'] }).argv;
      const booted = argumentsOf({});
      t.same(booted, [FLAG, ...nodeFlags, artifact.entry, 'a b', '--c'], 'before all others');
      const sized = argumentsOf({ NODE_OPTIONS: '--no-warnings' });
      t.same(sized, booted.slice(1), 'not where NODE_OPTIONS has a say');
      t.notOk(argumentsOf({ SNAP_DISABLE: '1' }).includes(FLAG), 'not in a plain run');
    }
  });
}
