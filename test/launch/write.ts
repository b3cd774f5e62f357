import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { LauncherSpec } from '../../src/launch/index.js';
import { identifyNode, LaunchError, renderLauncher, writeLauncher, writeStamps } from '../../src/launch/index.js';
import { makeArtifact, shells } from './harness/artifact.js';

const spec: LauncherSpec = {
  name: 'app',
  mode: 'accelerated',
  entry: "/it's\n$here",
  node: { path: '/opt/node "x"/bin/node', pinned: false, version: 'v24.1.0', bytes: 1, mtimeSeconds: 2 },
  nodeFlags: ['--no-warnings', "--title='"],
  blobBytes: 3,
  packBytes: 4,
  nodeOptionsAllow: [{ flag: '--no-warnings', value: 'none' }],
};

const terminal = { blobBytes: 1, packBytes: 1, blobChecksum: '1 1', descriptors: [0, 1, 2] };

t.test('every kind of launcher is shellcheck clean', async (t) => {
  if (spawnSync('shellcheck', ['--version']).error !== undefined) {
    return void t.comment('SKIPPED: shellcheck is not installed (Debian: shellcheck)');
  }
  for (const shell of shells) {
    for (const mode of ['accelerated', 'plain'] as const) {
      for (const pinned of [true, false]) {
        for (const more of [{}, { nodeOptionsAllow: [] }, { terminal, blobChecksum: '1 1' }]) {
          const input = renderLauncher({ ...spec, shell, mode, ...more, node: { ...spec.node, pinned } });
          const { stdout, status } = spawnSync('shellcheck', ['-'], { input, encoding: 'utf8' });
          t.same([status, stdout], [0, ''], `${shell} ${mode} ${pinned ? 'pinned' : 'unpinned'}`);
        }
      }
    }
  }
});

t.test('a launcher is executable and replaces the old one whole', async (t) => {
  const dir = t.testdir({ app: 'old' });
  const path = await writeLauncher(dir, spec);
  t.equal(path, join(dir, 'app'));
  t.equal(statSync(path).mode & 0o777, 0o755);
  t.same(readdirSync(dir), ['app'], 'no temporary file is left');
  t.equal(readFileSync(path, 'utf8').startsWith(existsSync('/bin/bash') ? '#!/bin/bash -p\n' : '#!/bin/sh\n'), true);
});

t.test('names that are none, and folders that cannot be written, are refused with a code', async (t) => {
  const dir = t.testdir({ taken: {} });
  for (const name of ['', '.', '..', 'a/b', 'app.blob', 'app.terminal', 'manifest.json', 'a\0b']) {
    await t.rejects(writeLauncher(dir, { ...spec, name }), { code: 'LAUNCHER_NAME' });
  }
  await t.rejects(writeLauncher(join(dir, 'nowhere'), spec), {
    code: 'LAUNCHER_NOT_WRITTEN',
    path: join(dir, 'nowhere/app'),
  });
  await t.rejects(writeLauncher(dir, { ...spec, name: 'taken' }), LaunchError);
  t.same(readdirSync(dir), ['taken'], 'nothing half-written');
});

t.test('stamps hold to the nanosecond, and follow a rebuild', async (t) => {
  const artifact = await makeArtifact(t);
  const exact = (file: string): bigint => statSync(file, { bigint: true }).mtimeNs;
  t.equal(exact(join(artifact.out, 'node.stamp')), exact(artifact.node));
  t.equal(exact(join(artifact.out, 'blob.stamp')), exact(artifact.blob));
  writeFileSync(artifact.blob, 'another');
  utimesSync(artifact.blob, 1, 1);
  await writeStamps(artifact.out, { node: artifact.node, blob: artifact.blob });
  t.equal(exact(join(artifact.out, 'blob.stamp')), 1_000_000_000n);
  t.same(
    readdirSync(artifact.out).filter((file) => file.startsWith('.')),
    [],
  );
});

t.test('stamps that cannot be made are an error with a code', async (t) => {
  const dir = t.testdir({ blob: 'x' });
  const blob = join(dir, 'blob');
  await t.rejects(writeStamps(join(dir, 'nowhere'), { node: process.execPath, blob }), { code: 'STAMP_NOT_MADE' });
  await t.rejects(writeStamps(dir, { node: join(dir, 'gone'), blob }), { code: 'STAMP_NOT_MADE' });
});

t.test('a file system that rounds times is told apart', async (t) => {
  const dir = t.testdir({ bin: {}, blob: 'x' });
  // A touch that keeps whole seconds only stands in for such a file system.
  writeFileSync(join(dir, 'bin/touch'), '#!/bin/sh\nexec /usr/bin/touch -d "1999-01-01" -- "$4"\n');
  chmodSync(join(dir, 'bin/touch'), 0o755);
  const before = process.env.PATH;
  process.env.PATH = `${join(dir, 'bin')}:${before}`;
  t.teardown(() => {
    process.env.PATH = before;
  });
  await t.rejects(writeStamps(dir, { node: process.execPath, blob: join(dir, 'blob') }), { code: 'STAMP_NOT_EXACT' });
  t.same(readdirSync(dir).sort(), ['bin', 'blob']);
});

t.test('a node is known by its real path, size and time', async (t) => {
  const dir = t.testdir({ real: 'x', link: t.fixture('symlink', 'real') });
  utimesSync(join(dir, 'real'), 5, 7.9);
  const node = identifyNode(join(dir, 'link'), 'v24.1.0', true);
  t.same(node, { path: join(dir, 'real'), pinned: true, version: 'v24.1.0', bytes: 1, mtimeSeconds: 7 });
});
