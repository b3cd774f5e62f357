// Artifacts and programs in unusual places: moved, copied, linked, run from anywhere.

import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { build } from '../harness/build.js';
import { compare, runAccelerated, runPlain, visible } from '../harness/compare.js';
import { write } from '../harness/files.js';
import { nodes, type TestNode } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';
import { buildProgram, programFiles, writeProgram } from '../harness/program.js';
import { run } from '../harness/run.js';

t.setTimeout(600_000);

const late = { args: ['late'] };
const nobody = 65534;
const strange = [`with 'quotes" and $HOME`, 'new\nline; `id` && *', '-dash ünï\\back'];

for (const node of nodes(t, ['v20', 'v24'])) {
  await t.test(`moved, copied, linked, Node ${node.name}`, async (t) => {
    const ground = scratch(t, 'places');
    const folder = join(ground, 'program');
    writeProgram(folder, 'text');
    const target = await buildProgram(t, node, folder);
    const at = (out: string) => ({ ...target, out, launcher: join(out, 'cli') });

    const links = join(ground, 'links');
    mkdirSync(join(links, 'deep'), { recursive: true });
    symlinkSync(target.launcher, join(links, 'direct'));
    symlinkSync('../direct', join(links, 'deep', 'chained'));
    symlinkSync(target.out, join(links, 'folder'));
    await compare(t, target, { ...late, launcher: join(links, 'direct') }, 'by a symlink');
    await compare(t, target, { ...late, launcher: join(links, 'deep', 'chained') }, 'by a chain of symlinks');
    await compare(t, target, { ...late, launcher: join(links, 'folder', 'cli') }, 'by a symlink to the folder');
    await compare(t, target, { ...late, launcher: './direct', cwd: links }, 'by a relative symlink');
    await compare(t, target, { ...late, launcher: './cli', cwd: target.out }, 'by a relative path');
    const path = { PATH: `${links}:${target.env.PATH ?? ''}` };
    await compare(t, target, { ...late, launcher: 'direct', env: path }, 'by PATH');
    await compare(
      t,
      target,
      { ...late, launcher: 'cli', env: { PATH: `${target.out}:${target.env.PATH ?? ''}` }, cwd: '/' },
      'by PATH, from /',
    );

    const moved = join(ground, 'moved', 'artifact');
    mkdirSync(dirname(moved));
    renameSync(target.out, moved);
    await compare(t, at(moved), late, 'moved');
    execFileSync('cp', ['-a', moved, join(ground, 'kept')]);
    await compare(t, at(join(ground, 'kept')), late, 'copied with its times');
    cpSync(moved, join(ground, 'copied'), { recursive: true });
    await compare(t, at(join(ground, 'copied')), { ...late, path: 'either' }, 'copied without its times');
    for (const name of strange) {
      renameSync(join(ground, 'kept'), join(ground, name));
      await compare(t, at(join(ground, name)), late, `moved to ${JSON.stringify(name)}`);
      renameSync(join(ground, name), join(ground, 'kept'));
    }
  });
}

for (const node of nodes(t, ['v20', 'v24'])) {
  await t.test(`a program in a folder of an odd name, Node ${node.name}`, async (t) => {
    const ground = scratch(t, 'odd');
    const folder = join(ground, strange.join(' '));
    writeProgram(folder, 'text');
    const target = await buildProgram(t, node, folder, { out: join(ground, strange[0] ?? '', 'out') });
    await compare(t, target, late, 'odd names');
    await compare(t, target, { args: ['throw'] }, 'odd names in a stack');
  });

  await t.test(`a bin by its name, Node ${node.name}`, async (t) => {
    const ground = scratch(t, 'bin');
    const program = join(ground, 'node_modules', 'program');
    write(program, programFiles('text'));
    const bin = join(ground, 'node_modules', '.bin', 'program');
    mkdirSync(dirname(bin), { recursive: true });
    symlinkSync('../program/cli.js', bin);
    mkdirSync(join(ground, 'below'));
    const named = await build(t, node, {
      entry: 'program',
      cwd: join(ground, 'below'),
      out: join(ground, 'out'),
      train: ['hello', 'late'],
    });
    await compare(
      t,
      { ...named, entry: join(program, 'cli.js'), plainEntry: bin },
      late,
      'built by name, plain by its link',
    );
    const linked = await build(t, node, { entry: bin, out: join(ground, 'out2'), train: ['hello', 'late'] });
    await compare(t, { ...linked, entry: join(program, 'cli.js'), plainEntry: bin }, late, 'built from the link');
  });

  await t.test(`flags of the shebang, Node ${node.name}`, async (t) => {
    const folder = scratch(t, 'shebang');
    write(folder, {
      'cli.js':
        "#!/usr/bin/env -S node --no-warnings --unhandled-rejections=strict\nconsole.log(process.execArgv, require('./a'));process.emitWarning('w');\n",
      'a.js': "module.exports = 'a';\n",
    });
    const target = await build(t, node, { entry: join(folder, 'cli.js'), train: ['x'] });
    const test = { args: ['x'] };
    const script = { ...target, launcher: join(folder, 'cli.js') };
    execFileSync('chmod', ['+x', script.launcher]);
    const plain = visible(target, test, await runAccelerated(script, test));
    t.same(visible(target, test, await runAccelerated(target, test)), plain, 'accelerated, as the script itself');
    t.same(
      visible(target, test, await runAccelerated(target, test, { SNAP_DISABLE: '1' })),
      plain,
      'plain, as the script itself',
    );
  });

  await t.test(`pinned by --node, Node ${node.name}`, async (t) => {
    const folder = join(scratch(t, 'pinned'), 'program');
    write(folder, {
      'cli.js':
        "console.log(process.argv, process.argv0, process.title, process.execPath, process.execArgv, require('./a'));\n",
      'a.js': "module.exports = 'a';\n",
    });
    const target = await build(t, node, { entry: join(folder, 'cli.js'), train: ['x'], pinned: true });
    await compare(t, target, { args: ['a', 'b'] }, 'with node on PATH');
    const nowhere = { PATH: '/usr/bin:/bin' };
    const test = { args: ['a', 'b'] };
    const plain = visible(target, test, await runPlain(target, test));
    const without = await runAccelerated(target, { ...test, env: nowhere });
    t.same(visible(target, test, without), plain, 'with another node, or none, on PATH');
  });

  await t.test(`NODE_PATH at build and at launch, Node ${node.name}`, async (t) => {
    const ground = scratch(t, 'node-path');
    write(ground, {
      'cli.js': "console.log(require('shared'), module.paths.length, require('module').globalPaths.length);\n",
      'path/shared/index.js': "module.exports = 'shared one';\n",
      'other/shared/index.js': "module.exports = 'shared two';\n",
    });
    const env = { NODE_PATH: join(ground, 'path') };
    const target = await build(t, node, { entry: join(ground, 'cli.js'), train: ['x'], env });
    await compare(t, target, { args: ['x'] }, 'the same NODE_PATH');
    await compare(t, target, { args: ['x'], env: { NODE_PATH: join(ground, 'other') }, path: 'plain' }, 'another');
    await compare(t, target, { args: ['x'], env: { NODE_PATH: '' }, path: 'plain' }, 'an empty one');
  });
}

/** Only root can become somebody else, who cannot reach a node below a private home. */
function canBeNobody(node: TestNode): boolean {
  try {
    execFileSync(node.binary, ['-e', '0'], { uid: nobody, gid: nobody, cwd: '/', stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

for (const node of nodes(t, ['v24'])) {
  await t.test('run by another user than built it', async (t) => {
    if (!canBeNobody(node)) {
      t.comment('SKIPPED: not root, or nobody cannot run this node');
      return;
    }
    const ground = scratch(t, 'users');
    const folder = join(ground, 'program');
    writeProgram(folder, 'text');
    const target = await buildProgram(t, node, folder);
    for (const open of [ground, target.ground]) chmodSync(open, 0o755);
    const options = { env: { ...target.env, HOME: '/' }, cwd: '/', uid: nobody };
    const plain = await run('node', [target.entry, 'late'], options);
    t.equal(plain.code, 0, 'plain runs');
    t.same(await run(target.launcher, ['late'], options), plain, 'as plain');
  });
}
