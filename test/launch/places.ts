import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { makeArtifact, record, shells, way } from './harness/artifact.js';

const oddFolders = [
  'with space',
  "it's",
  'dollar $HOME `id`',
  'double " quote',
  'back\\slash',
  'new\nline\n',
  '-dash',
  'star *',
  '[a]',
  'ü',
  'a=b',
  '~',
];

for (const shell of shells) {
  t.test(`${shell}: odd characters in every path`, async (t) => {
    for (const folder of oddFolders) {
      const artifact = await makeArtifact(t, { shell, folder, entry: `/where/${folder}/entry.js` });
      t.equal(record(artifact, artifact.launcher).booted, artifact.blob, folder);
      const plain = record(artifact, artifact.launcher, { env: { SNAP_DISABLE: '1' } });
      t.same([plain.argv, plain.booted], [[artifact.entry], undefined], `${folder}: plain`);
      const link = join(t.testdirName, `link to ${folder}`);
      symlinkSync(artifact.launcher, link);
      t.equal(record(artifact, link).booted, artifact.blob, `${folder}: linked`);
      const pinned = await makeArtifact(t, { shell, folder, pinned: true });
      const elsewhere = { bin: '/nowhere' };
      t.equal(record(elsewhere, pinned.launcher).booted, pinned.blob, `${folder}: pinned`);
    }
  });

  t.test(`${shell}: moved, and copied with and without times`, async (t) => {
    const artifact = await makeArtifact(t, { shell });
    const at = (name: string): string => join(artifact.root, name);
    execFileSync('cp', ['-a', artifact.out, at('archive')]);
    t.equal(record(artifact, at('archive/app')).booted, at('archive/app.blob'), 'cp -a');
    execFileSync('cp', ['-r', artifact.out, at('copy')]);
    t.equal(record(artifact, at('copy/app')).booted, at('copy/app.blob'), 'cp -r');
    execFileSync('truncate', ['-s', '5', at('copy/app.blob')]);
    t.equal(way(record(artifact, at('copy/app'))), 'plain', 'a copy of the wrong size');
    renameSync(artifact.out, at('moved'));
    t.equal(record(artifact, at('moved/app')).booted, at('moved/app.blob'), 'moved');
  });

  t.test(`${shell}: through symbolic links: absolute, relative, chained, of the folder`, async (t) => {
    const artifact = await makeArtifact(t, { shell });
    const at = (name: string): string => join(artifact.root, name);
    mkdirSync(at('links/deep'), { recursive: true });
    symlinkSync(artifact.launcher, at('links/absolute'));
    symlinkSync('../out/app', at('links/relative'));
    symlinkSync('../relative', at('links/deep/chain'));
    symlinkSync('absolute', at('links/sibling'));
    symlinkSync('../out', at('links/folder'));
    for (const link of ['absolute', 'relative', 'deep/chain', 'sibling', 'folder/app']) {
      t.equal(way(record(artifact, at(`links/${link}`))), 'accelerated', link);
    }
    const relative = record(artifact, './sibling', { cwd: at('links') });
    t.equal(way(relative), 'accelerated', 'a relative path to a link');
  });

  t.test(`${shell}: by relative path, by PATH, and handed to the shell by name`, async (t) => {
    const artifact = await makeArtifact(t, { shell });
    t.equal(way(record(artifact, './out/app', { cwd: artifact.root })), 'accelerated');
    t.equal(way(record(artifact, 'out/app', { cwd: artifact.root })), 'accelerated');
    t.equal(way(record(artifact, './app', { cwd: artifact.out })), 'accelerated');
    const PATH = `${artifact.out}:${artifact.bin}:/usr/bin:/bin`;
    t.equal(way(record(artifact, '/bin/sh', { args: ['-c', 'app'], env: { PATH } })), 'accelerated', 'on PATH');
    t.equal(way(record(artifact, `/bin/${shell}`, { args: ['app'], cwd: artifact.out })), 'accelerated', 'by name');
  });

  t.test(`${shell}: the fast path starts no process`, async (t) => {
    const strace = spawnSync('strace', ['-V']);
    if (strace.error !== undefined) return void t.comment('SKIPPED: strace is not installed (Debian: strace)');
    const artifact = await makeArtifact(t, { shell });
    const trace = join(artifact.root, 'trace');
    const env = { PATH: `${artifact.bin}:/usr/bin:/bin` };
    // Up to the exec of node: the recorder behind it is a node with threads of its own.
    spawnSync('strace', ['-f', '-o', trace, '-e', 'trace=execve,fork,vfork,clone,clone3', artifact.launcher], { env });
    const log = execFileSync('cat', [trace], { encoding: 'utf8' });
    const before = log.slice(0, log.indexOf(`"${artifact.node}"`));
    t.match(before, /execve/);
    t.notMatch(before, /fork\(|clone3?\(/);
  });
}
