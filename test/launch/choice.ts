import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { plainWhenSet } from '../../src/target/environment.js';
import { type Artifact, fakeNode, makeArtifact, record, shells, way } from './harness/artifact.js';

/** What makes a run plain, and what SNAP_DEBUG=1 says of it. */
const damages: Record<string, { readonly harm: (artifact: Artifact) => void; readonly says: RegExp }> = {
  'the blob is missing': { harm: ({ blob }) => rmSync(blob), says: /missing or empty/ },
  'the blob is empty': { harm: ({ blob }) => truncateSync(blob, 0), says: /missing or empty/ },
  'the blob is truncated': { harm: ({ blob }) => truncateSync(blob, 3), says: /not as built/ },
  'the blob has grown': { harm: ({ blob }) => writeFileSync(blob, 'a longer blob'), says: /not as built/ },
  'the pack is missing': { harm: ({ out }) => rmSync(join(out, 'app.pack')), says: /missing or empty/ },
  'the pack is empty': { harm: ({ out }) => truncateSync(join(out, 'app.pack'), 0), says: /missing or empty/ },
  'stamps are gone and the pack is truncated': {
    harm: ({ out }) => {
      rmSync(join(out, 'node.stamp'));
      truncateSync(join(out, 'app.pack'), 3);
    },
    says: /not as built/,
  },
  'node was replaced in place by one of the same size': {
    harm: ({ node }) => {
      fakeNode(node);
      utimesSync(node, 2_000_000_000, 2_000_000_000);
    },
    says: /not as built/,
  },
  'node was replaced by one with an older, preserved time': {
    harm: ({ node }) => {
      fakeNode(`${node}.new`);
      utimesSync(`${node}.new`, 1_000_000_000, 1_000_000_000);
      renameSync(`${node}.new`, node);
    },
    says: /not as built/,
  },
  'node was replaced by one of another size': { harm: ({ node }) => fakeNode(node, '// other'), says: /not as built/ },
};

for (const shell of shells) {
  t.test(`${shell}: an artifact as built is booted, silently`, async (t) => {
    const artifact = await makeArtifact(t, { shell });
    const run = record(artifact, artifact.launcher, { args: ['--version', 'a b', '', '--', '$x'] });
    t.same(run.argv, [artifact.entry, '--version', 'a b', '', '--', '$x'], 'the command line of a plain run');
    t.equal(run.booted, artifact.blob);
    t.equal(run.stderr, '');
    t.equal(record(artifact, artifact.launcher, { env: { SNAP_DEBUG: '1' } }).stderr, '', 'the run-time part says it');
  });

  for (const [what, { harm, says }] of Object.entries(damages)) {
    t.test(`${shell}: plain, silently, when ${what}`, async (t) => {
      const artifact = await makeArtifact(t, { shell });
      harm(artifact);
      const run = record(artifact, artifact.launcher, { args: ['--version', 'a b'] });
      t.same([run.argv, run.stderr], [[artifact.entry, '--version', 'a b'], '']);
      const loud = record(artifact, artifact.launcher, { env: { SNAP_DEBUG: '1' } });
      t.match(loud.stderr, /^snap: plain: [^\n]+\n$/, 'one line');
      t.match(loud.stderr, says);
    });
  }

  t.test(`${shell}: plain under settings that change what was evaluated`, async (t) => {
    const artifact = await makeArtifact(t, { shell });
    for (const name of [...plainWhenSet.map((row) => row.name), 'SNAP_DISABLE']) {
      const env = { [name]: '1', SNAP_DEBUG: '1' };
      const run = record(artifact, artifact.launcher, { env });
      t.same([way(run), run.stderr.startsWith(`snap: plain: ${name}`)], ['plain', true], name);
      t.equal(way(record(artifact, artifact.launcher, { env: { [name]: '' } })), 'accelerated', `${name} empty`);
    }
    for (const env of [{ SNAP_DISABLE: '0' }, { NODE_EXTRA_CA_CERTS: '/x' }, { NODE_NO_WARNINGS: '1' }]) {
      t.equal(way(record(artifact, artifact.launcher, { env })), 'accelerated', JSON.stringify(env));
    }
  });

  t.test(`${shell}: plain where node itself reads an argument, wherever it stands`, async (t) => {
    const artifact = await makeArtifact(t, { shell });
    const plain = [
      ['run', '--env-file=absent.env'],
      ['--env-file', 'x'],
      ['a b', '', '--env-file-if-exists=x'],
      ['--', '--env-file=x'],
      ['--experimental-config-file=x', 'run'],
      ['--', '--experimental-default-config-file'],
    ];
    for (const args of plain) {
      const run = record(artifact, artifact.launcher, { args, env: { SNAP_DEBUG: '1' } });
      t.same([run.argv, run.booted], [[artifact.entry, ...args], undefined], args.join(' '));
      t.match(run.stderr, /^snap: plain: an argument is for node itself\n$/);
    }
    for (const args of [['-env-file=x'], ['env-file'], ['x--env-file=x'], ['--env', 'file'], ['--config-file=x']]) {
      t.equal(way(record(artifact, artifact.launcher, { args })), 'accelerated', args.join(' '));
    }
  });

  t.test(`${shell}: NODE_OPTIONS within the allow-list boots, anything else is plain`, async (t) => {
    const artifact = await makeArtifact(t, { shell });
    const boots = [
      '',
      ' ',
      '--no-warnings',
      '  --no-warnings   --max-old-space-size=300 ',
      '--unhandled-rejections=warn',
    ];
    const plain = [
      '--require ./x',
      '-r x',
      '--no-warnings --conditions=a',
      '--max-old-space-size=',
      '--max-old-space-size=3x',
      '--max-old-space-size 300',
      '--max_old_space_size=300',
      '"--no-warnings"',
      '--no-warnings\t',
      '--no-warnings\n',
      '--no-warnin\\gs',
      '--no-warnings=1',
      '*',
      '--unhandled-rejections=other',
    ];
    for (const NODE_OPTIONS of boots) {
      const run = record(artifact, artifact.launcher, { env: { NODE_OPTIONS } });
      t.equal(way(run), 'accelerated', NODE_OPTIONS);
      t.ok(run.environ.includes(`NODE_OPTIONS=${NODE_OPTIONS}`), 'and the program has them as they were');
    }
    for (const NODE_OPTIONS of plain) {
      t.equal(way(record(artifact, artifact.launcher, { env: { NODE_OPTIONS } })), 'plain', NODE_OPTIONS);
    }
  });

  t.test(`${shell}: the shebang's node flags are kept on both paths`, async (t) => {
    const artifact = await makeArtifact(t, { shell, nodeFlags: ['--no-warnings', "--title=it's $x"] });
    const flags = ['--no-warnings', "--title=it's $x"];
    for (const env of [{}, { SNAP_DISABLE: '1' }]) {
      t.same(record(artifact, artifact.launcher, { env }).argv, [...flags, artifact.entry]);
    }
  });

  t.test(`${shell}: a launcher of mode plain always runs plainly and says why`, async (t) => {
    const spec = { shell, mode: 'plain', plainReason: "it's an ES module", nodeFlags: ['--x'] } as const;
    const artifact = await makeArtifact(t, spec);
    const run = record(artifact, artifact.launcher, { args: ['-h'], env: { SNAP_DEBUG: '1' } });
    t.same([run.argv, run.stderr], [['--x', artifact.entry, '-h'], "snap: plain: it's an ES module\n"]);
  });

  t.test(`${shell}: an unpinned launcher follows PATH`, async (t) => {
    const artifact = await makeArtifact(t, { shell });
    const other = join(artifact.root, 'other');
    execFileSync('mkdir', [other]);
    fakeNode(join(other, 'node'), '// other');
    const path = (...folders: string[]): NodeJS.ProcessEnv => ({ PATH: [...folders, '/usr/bin', '/bin'].join(':') });
    t.equal(
      way(record(artifact, artifact.launcher, { env: path(other, artifact.bin) })),
      'plain',
      'another node first',
    );
    t.equal(way(record(artifact, artifact.launcher, { env: path('/nowhere', artifact.bin) })), 'accelerated');
    const shim = `#!/bin/sh\nexec '${artifact.node}' "$@"\n`;
    writeFileSync(join(other, 'node'), shim, { mode: 0o755 });
    t.equal(way(record(artifact, artifact.launcher, { env: path(other) })), 'plain', 'a version manager');
    rmSync(join(other, 'node'));
    execFileSync('ln', ['-s', artifact.node, join(other, 'node')]);
    t.equal(way(record(artifact, artifact.launcher, { env: path(other) })), 'accelerated', 'a link to the same node');
    const relative = record(artifact, artifact.launcher, { env: { PATH: ':/usr/bin' }, cwd: other });
    t.equal(way(relative), 'accelerated', 'an empty entry is the current folder');
    const literal = { PATH: `~:${artifact.bin}:/usr/bin:/bin`, HOME: artifact.root };
    fakeNode(join(artifact.root, 'node'), '// in HOME');
    t.equal(way(record(artifact, artifact.launcher, { env: literal })), 'accelerated', 'a tilde is a name like others');
  });

  t.test(`${shell}: a pinned launcher keeps to its node, and to PATH's when that is gone`, async (t) => {
    const artifact = await makeArtifact(t, { shell, pinned: true });
    const other = join(artifact.root, 'other');
    execFileSync('mkdir', [other]);
    fakeNode(join(other, 'node'), '// other');
    const env = { PATH: `${other}:/usr/bin:/bin` };
    t.equal(record(artifact, artifact.launcher, { env }).booted, artifact.blob);
    t.equal(way(record(artifact, artifact.launcher, { env: { ...env, SNAP_DISABLE: '1' } })), 'plain');
    rmSync(artifact.node);
    const gone = record(artifact, artifact.launcher, { env, args: ['-v'] });
    t.same([gone.argv, gone.stderr], [[artifact.entry, '-v'], '']);
  });
}
