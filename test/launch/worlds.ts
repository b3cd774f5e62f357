// Two worlds: which snapshot a launcher boots, by what its streams are, and that what vouches for each is its own.
import { readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { hasTerminal } from '../cli/harness/terminal.js';
import {
  type Artifact,
  makeArtifact,
  type Recorded,
  record,
  recordOnTerminal,
  shells,
  way,
} from './harness/artifact.js';

type Booted = Pick<Recorded, 'booted'>;

function bootedBy({ blob, terminalBlob }: Artifact, { booted }: Booted): 'pipe' | 'terminal' | 'plain' {
  if (booted === undefined) return 'plain';
  if (booted === terminalBlob) return 'terminal';
  return booted === blob ? 'pipe' : 'plain';
}

const damages: Readonly<Record<string, (blob: string) => void>> = {
  'its blob is missing': (blob) => rmSync(blob),
  'its blob is empty': (blob) => truncateSync(blob, 0),
  'its blob is cut': (blob) => truncateSync(blob, 3),
  'its blob is another one of its size': (blob) => writeFileSync(blob, readFileSync(blob).reverse()),
  'its blob is another one with an older time': (blob) => {
    writeFileSync(blob, readFileSync(blob).reverse());
    utimesSync(blob, 1_000_000_000, 1_000_000_000);
  },
  'its pack is missing': (blob) => rmSync(join(dirname(blob), 'app.pack')),
};

for (const shell of hasTerminal(t) ? shells : []) {
  t.test(`${shell}: on pipes and on a terminal`, async (t) => {
    const artifact = await makeArtifact(t, { shell, descriptors: [1, 2] });
    const onTerminal = async (redirect?: string) =>
      bootedBy(artifact, await recordOnTerminal(artifact, artifact.launcher, redirect));
    t.equal(bootedBy(artifact, record(artifact, artifact.launcher)), 'pipe');
    t.equal(await onTerminal(), 'terminal');
    t.equal(await onTerminal('</dev/null'), 'terminal', 'nobody has asked what stdin is');
    t.equal(await onTerminal('2>/dev/null'), 'pipe', 'one of those asked for is none');
    t.equal(await onTerminal('| cat'), 'pipe');
    rmSync(dirname(artifact.terminalBlob), { recursive: true });
    t.equal(await onTerminal(), 'pipe', 'its folder is gone');
  });

  t.test(`${shell}: where all three are asked for`, async (t) => {
    const artifact = await makeArtifact(t, { shell, descriptors: [0, 1, 2] });
    t.equal(bootedBy(artifact, await recordOnTerminal(artifact, artifact.launcher, '</dev/null')), 'pipe');
  });

  t.test(`${shell}: without a world for terminals`, async (t) => {
    const artifact = await makeArtifact(t, { shell });
    t.equal(bootedBy(artifact, await recordOnTerminal(artifact, artifact.launcher)), 'pipe');
  });

  for (const [what, harm] of Object.entries(damages)) {
    t.test(`${shell}: plain on a terminal, but not on pipes, when ${what}`, async (t) => {
      const artifact = await makeArtifact(t, { shell, descriptors: [1, 2] });
      harm(artifact.terminalBlob);
      t.equal(way(await recordOnTerminal(artifact, artifact.launcher)), 'plain');
      t.equal(bootedBy(artifact, record(artifact, artifact.launcher)), 'pipe');
    });
  }

  t.test(`${shell}: where the stamps are lost, its own size and checksum vouch for it`, async (t) => {
    const artifact = await makeArtifact(t, { shell, descriptors: [1, 2] });
    rmSync(join(dirname(artifact.terminalBlob), 'blob.stamp'));
    t.equal(bootedBy(artifact, await recordOnTerminal(artifact, artifact.launcher)), 'terminal');
    rmSync(join(artifact.out, 'node.stamp'));
    t.equal(bootedBy(artifact, await recordOnTerminal(artifact, artifact.launcher)), 'terminal');
    t.equal(bootedBy(artifact, record(artifact, artifact.launcher)), 'pipe');
  });
}
