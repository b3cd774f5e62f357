// What package managers themselves do to an installed program: pnpm keeps the folder of an old version and moves links; npm
// puts a link in a package's place, and a package in a link's.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { build, type Target } from '../harness/build.js';
import { compare } from '../harness/compare.js';
import { write } from '../harness/files.js';
import { nodes, pathFolder } from '../harness/nodes.js';
import { repository, scratch } from '../harness/places.js';
import { Registry } from '../harness/registry.js';
import { baseEnvironment, run } from '../harness/run.js';

t.setTimeout(600_000);

const corpus = (name: string): string => join(repository, 'perf/corpus', name);
const pnpm = corpus('faults/node_modules/pnpm/bin/pnpm.cjs');
const npm = corpus('npm/node_modules/npm/bin/npm-cli.js');

/** Runs a package manager in `cwd`, with the settings of no user. */
async function manage(
  t: Test,
  target: Pick<Target, 'env' | 'ground'>,
  cwd: string,
  command: string,
  args: readonly string[],
) {
  const result = await run('node', [command, ...args], { cwd, env: target.env, timeoutMs: 120_000 });
  if (!t.equal(result.code, 0, `${args.join(' ')} succeeds`)) throw new Error(result.stdout + result.stderr);
}

/** A program that prints what its dependency says, and that one's dependency. */
function program(name: string, dependencies: Readonly<Record<string, string>>) {
  return {
    'package.json': JSON.stringify({ name: 'program', version: '1.0.0', dependencies }),
    'cli.js': "console.log(require('./lib/main'));\n",
    'lib/main.js': `module.exports = 'main, ' + require('${name}');\n`,
  };
}

const [node] = nodes(t, ['v24']);
if (node !== undefined) {
  await t.test('pnpm updates what a dependency depends on', async (t) => {
    const registry = await Registry.open(t);
    const ground = scratch(t, 'pnpm');
    const folder = join(ground, 'program');
    const inner = (version: string) =>
      registry.publish({ name: 'inner', version }, { 'index.js': `module.exports = 'inner ${version}';\n` });
    inner('1.0.0');
    registry.publish(
      { name: 'outer', version: '1.0.0', dependencies: { inner: '^1.0.0' } },
      { 'index.js': "module.exports = 'outer, ' + require('inner');\n" },
    );
    write(folder, {
      ...program('outer', { outer: '^1.0.0' }),
      '.npmrc': `registry=${registry.url}\nstore-dir=${join(ground, 'store')}\n`,
    });
    const place = { ground, env: { ...baseEnvironment(ground, pathFolder(ground, node)), CI: 'true' } };
    const install = (...args: string[]) => manage(t, place, folder, pnpm, args);
    await install('install');
    const target = await build(t, node, { entry: join(folder, 'cli.js'), train: [''] });
    const before = await compare(t, target, { args: [] }, 'as it was built');
    t.match(before.stdout, 'inner 1.0.0');
    await install('install');
    await compare(t, target, { args: [] }, 'an install that changes nothing');
    inner('1.0.1');
    await install('update', 'inner', '--depth', '10');
    const after = await compare(t, target, { args: [], path: 'plain' }, 'after the update');
    t.match(after.stdout, 'inner 1.0.1');
  });

  for (const linker of ['isolated', 'hoisted']) {
    await t.test(`a command that pnpm has installed, by its name (${linker})`, async (t) => {
      const registry = await Registry.open(t);
      const ground = scratch(t, 'pnpm-command');
      const folder = join(ground, 'program');
      registry.publish({ name: 'inner', version: '1.0.0' }, { 'index.js': "module.exports = 'inner';\n" });
      const bin = { 'tool-run': 'bin/run.js' };
      registry.publish(
        { name: '@scope/tool', version: '1.0.0', dependencies: { inner: '1.0.0' }, bin },
        { 'bin/run.js': "#!/usr/bin/env node\nconsole.log(process.argv[1], __filename, require('inner'));\n" },
      );
      write(folder, {
        'package.json': '{ "name": "program", "dependencies": { "@scope/tool": "1.0.0" } }',
        '.npmrc': `registry=${registry.url}\nstore-dir=${join(ground, 'store')}\nnode-linker=${linker}\n`,
      });
      const env = { ...baseEnvironment(ground, pathFolder(ground, node)), CI: 'true' };
      await manage(t, { ground, env }, folder, pnpm, ['install']);
      const target = await build(t, node, { entry: 'tool-run', cwd: folder, train: [''] });
      const plain = await run(join(folder, 'node_modules/.bin/tool-run'), [], { cwd: folder, env });
      t.match(plain, { code: 0, stdout: 'node_modules/@scope/tool/bin/run.js' }, 'pnpm starts it');
      const ours = await run(target.launcher, [], { cwd: folder, env: { ...env, SNAP_DEBUG: '1' } });
      t.equal(ours.stdout, plain.stdout, 'argv[1] and the file are those of pnpm');
      t.match(ours.stderr, /^snap: accelerated \(1 modules baked/);
    });
  }

  await t.test('npm puts a link in a package’s place, and the package in the link’s', async (t) => {
    const registry = await Registry.open(t);
    const ground = scratch(t, 'npm');
    const folder = join(ground, 'program');
    registry.publish({ name: 'tool', version: '1.0.0' }, { 'index.js': "module.exports = 'as published';\n" });
    write(join(ground, 'dev/tool'), {
      'package.json': '{ "name": "tool", "version": "1.0.0" }',
      'index.js': "module.exports = 'as developed';\n",
    });
    write(folder, {
      ...program('tool', { tool: '^1.0.0' }),
      '.npmrc': `registry=${registry.url}\ncache=${join(ground, 'cache')}\naudit=false\n`,
    });
    const prefix = join(ground, 'prefix');
    mkdirSync(join(prefix, 'lib'), { recursive: true });
    const env = { ...baseEnvironment(ground, pathFolder(ground, node)), npm_config_prefix: prefix };
    const place = { ground, env };
    const install = (...args: string[]) => manage(t, place, folder, npm, [...args, '--no-update-notifier']);
    await install('install');
    const published = await build(t, node, { entry: join(folder, 'cli.js'), train: [''] });
    await install('link', '../dev/tool');
    const linked = await compare(t, published, { args: [], path: 'plain' }, 'built with the package, linked');
    t.match(linked.stdout, 'as developed');
    const developed = await build(t, node, { entry: join(folder, 'cli.js'), train: [''] });
    await compare(t, developed, { args: [] }, 'built with the link');
    await install('unlink', '--no-save', 'tool');
    await install('install');
    const undone = await compare(t, developed, { args: [], path: 'plain' }, 'built with the link, undone');
    t.match(undone.stdout, 'as published');
  });
}
