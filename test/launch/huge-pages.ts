// What the launcher asks of glibc for the snapshot's sake: only where it boots the snapshot, and where nobody else does.
import t from 'tap';
import { HUGE_PAGES } from '../../snapshot-entry/shared/launch-requests.cjs';
import { makeArtifact, record, shells } from './harness/artifact.js';

const asked = `${HUGE_PAGES.name}=${HUGE_PAGES.value}`;

for (const shell of shells) {
  t.test(`huge pages, ${shell}`, async (t) => {
    for (const pinned of [false, true]) {
      const { launcher, ...artifact } = await makeArtifact(t, { shell, pinned, hugePages: true });
      const settingsOf = (env: NodeJS.ProcessEnv) =>
        record(artifact, launcher, { env }).environ.filter((entry) => entry.startsWith(HUGE_PAGES.name));
      t.same(settingsOf({}), [asked], 'they are asked for');
      for (const own of ['glibc.malloc.hugetlb=0', '']) {
        t.same(settingsOf({ [HUGE_PAGES.name]: own }), [`${HUGE_PAGES.name}=${own}`], `not where it is "${own}"`);
      }
      t.same(settingsOf({ SNAP_DISABLE: '1' }), [], 'not of a plain run');
    }
    const { launcher, ...artifact } = await makeArtifact(t, { shell });
    t.notOk(record(artifact, launcher).environ.includes(asked), 'not by a launcher that was told nothing of them');
  });
}
