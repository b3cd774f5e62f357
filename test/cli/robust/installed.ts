// The package as users get it: packed, installed into a project of theirs, and used on a command-line tool there.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { write } from '../harness/files.js';
import { nodes, pathFolder, type TestNode } from '../harness/nodes.js';
import { repository, scratch } from '../harness/places.js';
import { baseEnvironment, type Environment, run } from '../harness/run.js';

t.setTimeout(600_000);

const pnpm = join(repository, 'perf/corpus/faults/node_modules/pnpm/bin/pnpm.cjs');
/** Of the machine, where it has one: package managers are given a home of the test's own. */
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

function environment(ground: string, node: TestNode): Environment {
  const certificates: Environment = existsSync(CERTIFICATES) ? { npm_config_cafile: CERTIFICATES } : {};
  return { ...baseEnvironment(ground, pathFolder(ground, node)), ...certificates, CI: 'true' };
}

async function must(t: Test, command: string, args: readonly string[], cwd: string, env: Environment): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, { cwd, env, timeoutMs: 240_000 });
  if (!t.equal(code, 0, `${[command, ...args].join(' ').slice(0, 80)} succeeds`)) throw new Error(stdout + stderr);
  return stdout;
}

/** The packed package, and the names of the files in it. */
async function pack(t: Test, folder: string, env: Environment): Promise<{ tarball: string; files: readonly string[] }> {
  // What `npm run build` has compiled is there: the scripts of the package have nothing to add.
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [packed] = JSON.parse(await must(t, 'npm', args, repository, env)) as [
    { filename: string; files: { path: string }[] },
  ];
  return { tarball: join(folder, packed.filename), files: packed.files.map(({ path }) => path) };
}

const tool = {
  'tool/package.json': '{ "name": "tool", "version": "1.0.0", "bin": { "tool": "cli.js" } }',
  'tool/cli.js': "#!/usr/bin/env node\nconsole.log(require('./lib/answer').answer, ...process.argv.slice(2));\n",
  'tool/lib/answer.js': 'exports.answer = 42;\n',
};

const [node] = nodes(t, ['v24']);
if (node !== undefined) {
  const ground = scratch(t, 'installed');
  const env = environment(ground, node);
  const { tarball, files } = await pack(t, ground, env);

  t.test('the packed package holds what its users need, and nothing else', async (t) => {
    const rooms = new Set(files.map((file) => file.split('/').slice(0, 2).join('/')));
    t.same(
      [...rooms].sort(),
      [
        ...['ARCHITECTURE.md', 'CHANGELOG.md', 'LICENSE', 'README.md', 'dist/snapshot-entry', 'dist/src'],
        ...readdirSync(join(repository, 'docs')).map((page) => `docs/${page}`),
        'package.json',
      ].sort(),
    );
    t.ok(files.includes('dist/src/index.d.ts'), 'the types of the API');
    t.notOk(files.some((file) => /\.tsbuildinfo$|\.map$/.test(file)));
  });

  const managers: Readonly<Record<string, readonly [command: string, args: readonly string[]]>> = {
    npm: ['npm', ['install', '--save-dev', '--no-audit', '--no-fund', '--loglevel=error']],
    pnpm: ['node', [pnpm, 'add', '--save-dev']],
  };
  for (const [manager, [command, args]] of Object.entries(managers)) {
    await t.test(`installed by ${manager}, it accelerates a tool of the project`, async (t) => {
      const project = join(ground, `${manager}-project`);
      write(project, { ...tool, 'package.json': '{ "name": "project", "private": true }' });
      await must(t, command, [...args, tarball, './tool'], project, env);
      const snap = join(project, 'node_modules/.bin/snap');
      const built = await must(t, snap, ['build', 'tool', '--keep-slower', '--train', 'x'], project, env);
      t.match(built, '1 baked');
      const plain = await must(t, join(project, 'node_modules/.bin/tool'), ['a b'], project, env);
      const { stdout, stderr } = await run(join(project, '.snap/tool/tool'), ['a b'], {
        cwd: project,
        env: { ...env, SNAP_DEBUG: '1' },
      });
      t.equal(stdout, plain);
      t.match(stderr, /^snap: accelerated \(1 modules baked/);
      const used = await must(
        t,
        'node',
        ['-e', "import('v8-snap').then((api) => console.log(typeof api.build))"],
        project,
        env,
      );
      t.equal(used, 'function\n', 'the API is there');
    });
  }
}
