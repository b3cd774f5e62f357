// Damaged artifacts: whatever happened to a file, the program runs as plain Node would run it, and never crashes.

import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Target } from '../harness/build.js';
import { compare, debugLine, runAccelerated, type Seen, visible } from '../harness/compare.js';
import { nodes } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';
import { buildProgram, writeProgram } from '../harness/program.js';

t.setTimeout(600_000);

const late = { args: ['late'] };

/** A copy of the artifact that Node's stamps accept: `cp -a` keeps times to the nanosecond. */
function copyArtifact(target: Target, folder: string): Target {
  rmSync(folder, { recursive: true, force: true });
  execFileSync('cp', ['-a', target.out, folder]);
  return { ...target, out: folder, launcher: join(folder, 'cli') };
}

/** Changes `file` by `change`, then sets its times back, so that only its bytes or size can tell. */
function quietly(file: string, change: () => void): void {
  execFileSync('cp', ['--attributes-only', '--preserve=all', file, `${file}.times`]);
  change();
  execFileSync('touch', ['-r', `${file}.times`, file]);
  rmSync(`${file}.times`);
}

type Damage = (file: string, other: string) => void;

const damages: Readonly<Record<string, Damage>> = {
  deleted: (file) => rmSync(file),
  emptied: (file) => truncateSync(file, 0),
  'cut to half': (file) => truncateSync(file, Math.floor(statSync(file).size / 2)),
  'cut by a byte': (file) => truncateSync(file, Math.max(0, statSync(file).size - 1)),
  'cut by a byte, times kept': (file) => quietly(file, () => truncateSync(file, Math.max(0, statSync(file).size - 1))),
  'longer by a byte, times kept': (file) =>
    quietly(file, () => writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from('x')]))),
  'another artifact’s': (file, other) => copyFileSync(other, file),
  'another artifact’s, its times kept': (file, other) => execFileSync('cp', ['-a', other, file]),
  'text of its size': (file) => writeFileSync(file, 'x'.repeat(statSync(file).size)),
};

async function asPlain(t: Test, damaged: Target, plain: Seen, label: string): Promise<void> {
  t.same(visible(damaged, late, await runAccelerated(damaged, late)), visible(damaged, late, plain), label);
}

for (const node of nodes(t)) {
  await t.test(`damaged files, flipped bytes of the pack, Node ${node.name}`, async (t) => {
    const folder = scratch(t, 'damage');
    writeProgram(join(folder, 'one'), 'text');
    // Of the same length, so that sizes cannot tell one artifact from the other.
    writeProgram(join(folder, 'two'), 'twin');
    const target = await buildProgram(t, node, join(folder, 'one'));
    const other = await buildProgram(t, node, join(folder, 'two'));
    const copy = join(folder, 'copy');
    const plain = await compare(t, target, late, 'the artifact');
    t.match(await debugLine(copyArtifact(target, copy), late), /^snap: accelerated/, 'an exact copy is accelerated');

    for (const file of ['app.blob', 'app.pack', 'manifest.json']) {
      for (const [how, damage] of Object.entries(damages)) {
        // The launcher starts no process to count a snapshot's bytes: its time vouches for them (README, Limits).
        if (node.name === 'v26' && file === 'app.blob' && how === 'cut by a byte, times kept') continue;
        const damaged = copyArtifact(target, copy);
        damage(join(copy, file), join(other.out, file));
        await asPlain(t, damaged, plain, `${file} ${how}`);
      }
    }
    for (const file of ['node.stamp', 'blob.stamp']) {
      const damaged = copyArtifact(target, copy);
      rmSync(join(copy, file), { force: true });
      await asPlain(t, damaged, plain, `${file} deleted`);
    }

    const size = statSync(join(target.out, 'app.pack')).size;
    const places = Array.from({ length: 20 }, (_, i) => (i < 5 ? i * 4 : Math.floor((i * (size - 1)) / 19)));
    for (const place of places) {
      const damaged = copyArtifact(target, copy);
      const pack = join(damaged.out, 'app.pack');
      quietly(pack, () => {
        const bytes = readFileSync(pack);
        bytes[place] = (bytes[place] ?? 0) ^ 0xff;
        writeFileSync(pack, bytes);
      });
      await asPlain(t, damaged, plain, `byte ${place} of ${size} flipped`);
    }
  });
}
