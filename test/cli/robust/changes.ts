// Sources, packages or the node that changed after the build: the program behaves as it now is, not as it was.

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Target } from '../harness/build.js';
import { compare, debugLine } from '../harness/compare.js';
import { names, refill } from '../harness/files.js';
import { nodes, pathFolder } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';
import { buildProgram, programFiles, writeProgram } from '../harness/program.js';

t.setTimeout(600_000);

const late = { args: ['late'] };
const plainly = { ...late, path: 'plain' } as const;

function replace(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} holds no ${from}`);
  writeFileSync(file, text.replaceAll(from, to));
}

/** Runs `change`, compares, and puts the program back with the times it was built with. */
async function changed(t: Test, target: Target, folder: string, label: string, change: () => void): Promise<void> {
  const keep = `${folder}.keep`;
  execFileSync('cp', ['-a', folder, keep]);
  change();
  await compare(t, target, plainly, label);
  rmSync(folder, { recursive: true });
  execFileSync('mv', [keep, folder]);
}

// Node 20 has no execve: it goes plain within the process. The others do as Node 24 does.
for (const node of nodes(t, ['v20', 'v24'])) {
  await t.test(`changed sources, another node on PATH, Node ${node.name}`, async (t) => {
    const folder = join(scratch(t, 'changes'), 'program');
    writeProgram(folder, 'first');
    const target = await buildProgram(t, node, folder);
    await compare(t, target, late, 'unchanged');
    const text = ['lib/pure.js', 'lib/late.js', 'lib/reader.js', 'lib/data.json'];
    for (const file of text) {
      const path = join(folder, file);
      await changed(t, target, folder, `${file}: another length`, () => replace(path, 'first', 'the second'));
      await changed(t, target, folder, `${file}: the same length`, () => replace(path, 'first', 'other'));
    }
    await changed(t, target, folder, 'the entry', () => replace(join(folder, 'cli.js'), 'pure.text', '"entry"'));
    await changed(t, target, folder, 'a deleted module', () => rmSync(join(folder, 'lib/late.js')));
    await changed(t, target, folder, 'a deleted program', () => rmSync(join(folder, 'lib'), { recursive: true }));
    await changed(t, target, folder, 'a module older than the build', () => {
      replace(join(folder, 'lib/pure.js'), 'first', 'older');
      utimesSync(join(folder, 'lib/pure.js'), 1_000_000_000, 1_000_000_000);
    });
    const dependency = join(folder, 'node_modules/dependency');
    await changed(t, target, folder, 'a package of another version', () => {
      replace(join(dependency, 'package.json'), '1.0.0', '1.0.1');
      replace(join(dependency, 'index.js'), 'first', 'upgraded');
    });
    await changed(t, target, folder, 'a package with another main', () => {
      writeFileSync(join(dependency, 'other.js'), "exports.text = 'other main';");
      replace(join(dependency, 'package.json'), 'index.js', 'other.js');
    });
    await changed(t, target, folder, 'a package that is gone', () => rmSync(dependency, { recursive: true }));
    await changed(t, target, folder, 'a program that turned to ES modules', () => {
      replace(join(folder, 'package.json'), '"name"', '"type": "module", "name"');
    });
    await compare(t, target, late, 'as it was built');

    const path = (first: string) => ({ PATH: `${first}:${target.env.PATH ?? ''}` });
    for (const other of nodes(t)
      .filter(({ name }) => name !== node.name)
      .slice(0, 2)) {
      await compare(t, target, { ...plainly, env: path(pathFolder(target.ground, other)) }, `PATH has ${other.name}`);
    }
    const shims = join(target.ground, 'shims');
    mkdirSync(shims);
    writeFileSync(join(shims, 'node'), `#!/bin/sh\nexec ${node.binary} "$@"\n`, { mode: 0o755 });
    await compare(t, target, { ...plainly, env: path(shims) }, 'PATH has a shim');
    const copies = join(target.ground, 'copies');
    mkdirSync(copies);
    execFileSync('cp', [node.binary, join(copies, 'node')]);
    await compare(t, target, { ...plainly, env: path(copies) }, 'PATH has a copy of the binary');
    rmSync(copies, { recursive: true });
  });
}

for (const node of nodes(t, ['v20', 'v24'])) {
  await t.test(`the pinned node is gone, Node ${node.name}`, async (t) => {
    const folder = join(scratch(t, 'gone-node'), 'program');
    writeProgram(folder, 'first');
    const binary = join(scratch(t, 'node'), 'node');
    execFileSync('cp', ['-a', node.binary, binary]);
    const target = await buildProgram(t, node, folder, { extra: ['--node', binary] });
    t.match(await debugLine(target, late), /^snap: accelerated/, 'pinned, and there');
    rmSync(binary);
    await compare(t, target, plainly, 'pinned, and gone: PATH’s node');
  });
}

const [node] = nodes(t, ['v24']);
if (node !== undefined) {
  await t.test('an artifact that nobody can write, a program that is refilled', async (t) => {
    const folder = join(scratch(t, 'refill'), 'program');
    writeProgram(folder, 'first');
    const target = await buildProgram(t, node, folder);
    const before = names(target.out);
    for (const name of before) chmodSync(join(target.out, name), statSync(join(target.out, name)).mode & 0o555);
    chmodSync(target.out, 0o555);
    await compare(t, target, late, 'read-only');
    chmodSync(target.out, 0o755);
    refill(folder, programFiles('again'));
    await compare(t, target, { ...late, path: 'plain' }, 'all sources anew');
    t.same(names(target.out), before, 'a run writes nothing into the artifact');
  });
}
