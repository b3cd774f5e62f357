/**
 * bash on Linux: node gets the environment that the launcher got, byte for byte and in order. The oracle is the
 * recorder, started directly. env(1) starts both, since node's own spawn cannot make odd entries.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type Artifact, fakeNode, makeArtifact, parseRecord, type Recorded } from './harness/artifact.js';

const cases: Record<string, readonly string[]> = {
  'nothing but PATH': [],
  'ordinary, in an order of its own': ['Z=1', 'A=2', 'M=3', 'HOME=/h'],
  'a stale PWD, an OLDPWD that is no folder': ['PWD=/nowhere', 'OLDPWD=/nowhere/else', 'B='],
  'PWD relative': ['PWD=.'],
  'SHLVL of all kinds': ['SHLVL=7'],
  'SHLVL zero': ['SHLVL=0'],
  'SHLVL large': ['SHLVL=998'],
  'SHLVL no number': ['SHLVL=x', 'A=1'],
  'SHLVL empty': ['SHLVL='],
  'the last command': ['_=/usr/bin/env', 'A=1'],
  'names that are no identifiers': [
    'a.b=1',
    'npm_config_@x:y=2',
    '-foo=3',
    '--=4',
    'x y=5',
    'é=6',
    '1=7',
    '-=8',
    '$(id)=9',
  ],
  'an empty name': ['=x=y'],
  'odd values': ['E=', 'N=a\nb\n', 'Q=\'"\\$`', 'S= a  b ', 'EQ==a=b=', 'G=*', 'T=~', 'U=ü'],
  functions: ['BASH_FUNC_x%%=() { echo pwned; }', 'BASH_FUNC_exec%%=() { echo pwned; }', 'x=() { :; }'],
  'what bash reads': [
    'BASH_ENV=/nowhere',
    'ENV=/x',
    'POSIXLY_CORRECT=',
    'IFS=x',
    'FUNCNEST=3',
    'TMOUT=1',
    'EXECIGNORE=*',
  ],
  'what bash makes up': [
    'RANDOM=1',
    'SECONDS=2',
    'LINENO=3',
    'OPTIND=4',
    'PS4=5',
    'UID=6',
    'EUID=7',
    'PPID=8',
    'GROUPS=9',
  ],
  'shell options': ['SHELLOPTS=xtrace:noexec', 'BASHOPTS=failglob', 'BASH_VERSION=1', 'BASH_CMDS=x', 'DIRSTACK=y'],
  locale: ['LC_CTYPE=xx_YY', 'LANG=xx_YY', 'LC_NUMERIC=C'],
  "node's options": ['Z=1', 'NODE_OPTIONS=--no-warnings  --trace-warnings ', 'A=1'],
  "node's options, empty": ['NODE_OPTIONS=', 'A=1'],
  'names that the launcher uses': [
    'snap_env=1',
    'snap_one=2',
    'snap_why=3',
    'snap_left=4',
    'snap_exact=',
    'snap_last=6',
  ],
  'a great many': Array.from({ length: 300 }, (_, index) => `V${(index * 7919) % 300}=${'x'.repeat(index)}`),
  'every byte but NUL': [`BYTES=${String.fromCharCode(...Array.from({ length: 127 }, (_, index) => index + 1))}`],
};

function start(artifact: Artifact, command: string, words: readonly string[], path: string): Recorded {
  // Arguments are given to env as they are: entries are not de-duplicated by an object on the way.
  const args = ['-i', '--', ...words, `PATH=${path}`, command];
  const { stdout, stderr } = spawnSync('/usr/bin/env', args, { cwd: artifact.root });
  return { ...parseRecord(stdout), stderr: stderr.toString() };
}

for (const [what, words] of Object.entries(cases)) {
  t.test(`unpinned: ${what}`, async (t) => {
    const artifact = await makeArtifact(t, { shell: 'bash' });
    const path = `${artifact.bin}:/usr/bin:/bin`;
    const direct = start(artifact, artifact.node, words, path);
    const launched = start(artifact, artifact.launcher, words, path);
    t.same([launched.environ, launched.stderr], [direct.environ, '']);
    t.equal(launched.booted, artifact.blob);
    const plain = start(artifact, artifact.launcher, [...words, 'SNAP_DISABLE=1'], path);
    t.same(plain.environ, start(artifact, artifact.node, [...words, 'SNAP_DISABLE=1'], path).environ, 'plain');
  });

  t.test(`pinned, another node on PATH: ${what}`, async (t) => {
    const artifact = await makeArtifact(t, { shell: 'bash', pinned: true });
    const other = join(artifact.root, 'other');
    mkdirSync(other);
    fakeNode(join(other, 'node'), '# other');
    const path = `${other}:/usr/bin:/bin`;
    const direct = start(artifact, artifact.node, words, path).environ;
    const launched = start(artifact, artifact.launcher, words, path);
    const last = direct.filter((entry) => entry.startsWith('_='));
    // The one known difference: bash can hand on `_` only first.
    const expected = [...last, ...direct.filter((entry) => !entry.startsWith('_='))];
    t.same([launched.environ, launched.stderr], [expected, '']);
    t.equal(launched.booted, artifact.blob);
  });
}

t.test('an empty environment, and one without PATH', async (t) => {
  const artifact = await makeArtifact(t, { shell: 'bash', pinned: true });
  for (const words of [[], ['A=1']]) {
    const run = spawnSync('/usr/bin/env', ['-i', '--', ...words, artifact.launcher]);
    t.same(parseRecord(run.stdout), { argv: [artifact.entry], environ: words }, 'plain: no PATH to go by');
  }
});

t.test('duplicates: the first one counts, as getenv has it; an entry without "=" is nobody\'s', async (t) => {
  const gcc = spawnSync('cc', ['--version']);
  if (gcc.error !== undefined) return void t.comment('SKIPPED: no C compiler to make such an environment');
  const artifact = await makeArtifact(t, { shell: 'bash' });
  const source = join(artifact.root, 'odd.c');
  const path = `PATH=${artifact.bin}:/usr/bin:/bin`;
  const entries = ['A=first', 'junk', 'B=1', 'A=second', '-', '', 'C=3', 'a.b=1', 'a.b=2', path];
  const literals = entries.map((entry) => JSON.stringify(entry)).join(', ');
  writeFileSync(
    source,
    `#include <unistd.h>
int main(int c, char **v) { (void)c; char *e[] = { ${literals}, 0 }; return execve(v[1], v + 1, e); }\n`,
  );
  const odd = join(artifact.root, 'odd');
  execFileSync('cc', ['-o', odd, source]);
  const { stdout } = spawnSync(odd, [artifact.launcher]);
  t.same(parseRecord(stdout).environ, ['A=first', 'B=1', 'C=3', 'a.b=1', path]);
});
