/**
 * The launcher before real nodes: a trivial blob and a plain entry that tell the same about their process.
 * Only what the launcher decides is compared; argv and execArgv are the run-time part's to mend.
 */
import { type SpawnSyncOptionsWithStringEncoding, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { SNAPSHOT } from '../../snapshot-entry/shared/launch-requests.cjs';
import { identifyNode, type LauncherShell, writeLauncher, writeStamps } from '../../src/launch/index.js';
import { factsFor } from '../../src/target/facts.js';
import { cleanEnvironment, type NodeBinary, nodeBinaries } from '../target/harness/binaries.js';
import { shells } from './harness/artifact.js';

const tell = `
  const { readFileSync } = require('node:fs');
  const status = readFileSync('/proc/self/status', 'utf8').match(/Sig(Ign|Blk):.*/g);
  const act = process.argv.at(-1);
  console.log(JSON.stringify({
    way: globalThis.booted ? 'accelerated' : 'plain', argv0: process.argv0, title: process.title,
    execPath: process.execPath, env: Object.entries(process.env), cwd: process.cwd(), status, act,
    umask: process.umask(), columns: process.stdout.columns, tty: process.stdin.isTTY,
  }));
  if (act === 'fail') process.exitCode = 7;
  if (act === 'die') process.kill(process.pid, 'SIGTERM');
  if (act === 'read') process.stdout.write(readFileSync(0));`;

interface Told {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stderr: string;
  readonly way: string;
  readonly said: unknown;
  readonly rest: string;
}

function listen(command: string, args: string[], options: SpawnSyncOptionsWithStringEncoding): Told {
  const { status, signal, stderr, stdout } = spawnSync(command, args, options);
  const [first = '', ...rest] = stdout.split('\n');
  const { way, ...said } = JSON.parse(first || '{"way":"none"}') as { way: string };
  return { status, signal, stderr, way, said, rest: rest.join('\n') };
}

const blobs = t.testdir();

/** One blob a node; building takes a second. */
function trivialBlob(node: NodeBinary): string {
  const [builder, blob] = [join(blobs, 'builder.cjs'), join(blobs, `${node.major}.blob`)];
  if (existsSync(blob)) return blob;
  const main = `globalThis.booted = true; delete process.env.${SNAPSHOT.name}; ${tell}`;
  writeFileSync(builder, `require('node:v8').startupSnapshot.setDeserializeMainFunction(() => { ${main} });`);
  const args = ['--snapshot-blob', blob, '--build-snapshot', builder];
  const { status, stderr } = spawnSync(node.path, args, { env: cleanEnvironment(), encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return blob;
}

async function build(t: Test, node: NodeBinary, shell: LauncherShell, pinned: boolean) {
  const dir = t.testdir({ out: {}, elsewhere: {}, 'entry.cjs': tell });
  const [out, blob, entry] = [join(dir, 'out'), join(dir, 'out/app.blob'), join(dir, 'entry.cjs')];
  copyFileSync(trivialBlob(node), blob);
  writeFileSync(join(out, 'app.pack'), 'pack');
  const launcher = await writeLauncher(out, {
    name: 'app',
    mode: 'accelerated',
    entry,
    node: identifyNode(node.path, node.version, pinned),
    nodeFlags: ['--no-deprecation'],
    blobBytes: statSync(blob).size,
    packBytes: 4,
    nodeOptionsAllow: factsFor(node.version)?.nodeOptionsAllow ?? [],
    shell,
  });
  await writeStamps(out, { node: node.path, blob });
  return { dir, launcher, entry };
}

for (const node of nodeBinaries()) {
  for (const shell of shells) {
    t.test(`node ${node.major}, ${shell}: as plain node, on both ways, by PATH`, async (t) => {
      const { dir, launcher, entry } = await build(t, node, shell, false);
      const PATH = `${dirname(node.path)}:/usr/bin:/bin`;
      // sh makes up a PWD of its own: an environment that it can hand on.
      const env = { PATH, PWD: dir, Z: '1', A: '2', ...(shell === 'bash' ? { 'a.b': '3', OLDPWD: '/nowhere' } : {}) };
      for (const act of shell === 'bash' ? ['fail', 'die', 'read'] : ['fail']) {
        const options = { cwd: dir, env, input: 'given\n', encoding: 'utf8' } as const;
        // By name, as "#!/usr/bin/env node" starts it.
        const plain = listen('/usr/bin/env', ['node', '--no-deprecation', entry, act], options);
        const sorted = (told: Told): Told =>
          shell === 'bash' ? told : { ...told, said: JSON.parse(JSON.stringify(told.said), sortEntries) };
        const fast = listen(launcher, [act], options);
        t.same(sorted(fast), { ...sorted(plain), way: 'accelerated' }, act);
        const slow = listen(launcher, [act], { ...options, env: { ...env, SNAP_DISABLE: '1' } });
        const plainly = listen('/usr/bin/env', ['node', '--no-deprecation', entry, act], {
          ...options,
          env: { ...env, SNAP_DISABLE: '1' },
        });
        t.same(sorted(slow), sorted(plainly), `${act}, plainly`);
      }
    });

    t.test(`node ${node.major}, ${shell}: pinned, on both ways`, async (t) => {
      const { dir, launcher, entry } = await build(t, node, shell, true);
      const elsewhere = join(dir, 'elsewhere');
      mkdirSync(join(elsewhere, 'bin'));
      symlinkSync('/bin/true', join(elsewhere, 'bin/node'));
      const env = { PATH: `${join(elsewhere, 'bin')}:/usr/bin:/bin`, Z: '1', PWD: dir, A: '2' };
      const options = { cwd: dir, env, encoding: 'utf8' } as const;
      const argv0 = shell === 'bash' ? 'node' : node.path; // sh cannot name what it execs
      const oracle = spawnSync(node.path, ['--no-deprecation', entry, 'x'], { ...options, argv0 });
      const { way: _way, ...expected } = JSON.parse(oracle.stdout) as { way: string; env: unknown };
      const fast = listen(launcher, ['x'], options);
      t.equal(fast.way, 'accelerated');
      if (shell === 'bash') t.same(fast.said, expected);
      t.match(fast.said, { argv0, execPath: node.path });
      const disabled = listen(launcher, ['x'], { ...options, env: { ...env, SNAP_DISABLE: '1' } });
      t.match([disabled.way, disabled.said], ['plain', { argv0, execPath: node.path }]);
    });
  }

  t.test(`node ${node.major}: signals that were ignored, and closed streams, stay so`, async (t) => {
    const { dir, launcher, entry } = await build(t, node, 'bash', false);
    const options = { cwd: dir, env: { PATH: `${dirname(node.path)}:/usr/bin:/bin` }, encoding: 'utf8' } as const;
    const ignoring = `trap '' INT QUIT HUP; "$@" x <&-`;
    const plain = listen('/bin/sh', ['-c', ignoring, 'sh', 'node', '--no-deprecation', entry], options);
    const fast = listen('/bin/sh', ['-c', ignoring, 'sh', launcher], options);
    t.same(fast, { ...plain, way: 'accelerated' });
  });

  t.test(`node ${node.major}: variables left to node do not stop the boot`, async (t) => {
    const { dir, launcher, entry } = await build(t, node, 'bash', false);
    const base = { PATH: `${dirname(node.path)}:/usr/bin:/bin` };
    const harmless = { NODE_NO_WARNINGS: '1', NODE_COMPILE_CACHE: join(dir, 'cache'), NODE_DISABLE_COLORS: '1' };
    for (const [name, value] of Object.entries(harmless)) {
      const options = { cwd: dir, env: { ...base, [name]: value }, encoding: 'utf8' } as const;
      const plain = listen('/usr/bin/env', ['node', entry, 'x'], options);
      t.same(listen(launcher, ['x'], options), { ...plain, way: 'accelerated' }, name);
    }
  });
}

/** Puts the environment's entries in order: sh keeps their values, not their places. */
function sortEntries(key: string, value: unknown): unknown {
  return key === 'env' && Array.isArray(value) ? value.map(String).sort() : value;
}
