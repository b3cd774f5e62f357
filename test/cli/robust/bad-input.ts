// Bad input: one clear message that names the file and the next step, a code of its own, nothing half-written.

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type BuildOptions, build, buildArguments, snap } from '../harness/build.js';
import { compare, runAccelerated, runPlain, visible } from '../harness/compare.js';
import { names, write } from '../harness/files.js';
import { nodes, type TestNode } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';
import { programTraining, writeProgram } from '../harness/program.js';
import type { RunResult } from '../harness/run.js';

t.setTimeout(600_000);

const nobody = 65534;

function checkMessage(t: Test, result: RunResult, code: number, mentions: string): void {
  t.equal(result.code, code, `exit code ${code}`);
  t.match(result.stderr, mentions, `the message names ${mentions}`);
  t.notMatch(result.stderr, /^\s+at .*:\d+:\d+\)?$/m, 'no stack of ours');
  t.ok(result.stderr.trim().split('\n').length <= 15, 'a short message');
}

/** A build that has to fail with `code`, leaving nothing. */
async function refused(t: Test, node: TestNode, ground: string, code: number, mentions: string, options: BuildOptions) {
  const out = options.out ?? join(ground, 'parent', 'out');
  const before = names(join(ground, 'parent'));
  const result = await snap(node, buildArguments(node, out, 'cli', options), ground, { cwd: ground });
  checkMessage(t, result, code, mentions);
  t.same(names(join(ground, 'parent')), before, 'nothing is written');
}

for (const node of nodes(t, ['v20', 'v24'])) {
  await t.test(`bad entries, Node ${node.name}`, async (t) => {
    const ground = scratch(t, 'bad');
    write(ground, {
      'good.js': "console.log(require('./lib'));\n",
      'lib.js': 'module.exports = 1;\n',
      'syntax.js': "'use strict';\nconst x = ;\n",
      'folder/index.js': '',
      'data.bin': '\x7fELF\x02\x01\x01\0\0',
      'node_modules/.bin/shelled': '#!/bin/sh\nexec node "$0".js "$@"\n',
      'needs-broken.js': "require('./syntax');\n",
    });
    const cases: readonly (readonly [string, number, string])[] = [
      ['missing.js', 4, 'missing.js'],
      ['no-such-bin', 4, 'no-such-bin'],
      ['folder', 4, 'folder'],
      ['syntax.js', 4, 'syntax.js'],
      ['shelled', 4, 'shelled'],
      ['node_modules/.bin/shelled', 4, 'shelled'],
      ['data.bin', 4, 'data.bin'],
    ];
    for (const [entry, code, mentions] of cases) {
      await t.test(entry, async (t) => refused(t, node, ground, code, mentions, { entry }));
    }
    const nodeFlag = (binary: string) => ({ entry: 'good.js', extra: ['--node', binary] });
    for (const binary of ['/no/such/node', '/bin/true', join(ground, 'good.js'), ground]) {
      await t.test(`--node ${binary.slice(-12)}`, async (t) => refused(t, node, ground, 5, binary, nodeFlag(binary)));
    }
    const usage: readonly (readonly string[])[] = [
      [],
      ['build'],
      ['no-such-command'],
      ['build', 'good.js', '--no-such-option'],
      ['build', 'good.js', '--relaxed-columns', '--no-defer'],
      // Its name before.
      ['build', 'good.js', '--relaxed-columns', '--no-lazy'],
      ['verify'],
    ];
    for (const args of usage) {
      const result = await snap(node, args, ground);
      t.equal(result.code, 2, `snap ${args.join(' ')}: usage`);
      t.notMatch(result.stderr, /^\s+at /m, 'no stack');
    }
    const both = await snap(node, ['build', 'good.js', '--no-defer', '--relaxed-columns'], ground);
    t.match(
      both.stderr,
      /--relaxed-columns .* --no-defer .*\n {2}leave out one of the two\n/,
      'options that exclude each other',
    );
    const verified = await snap(node, ['verify', ground], ground);
    checkMessage(t, verified, 6, ground);
  });

  await t.test(`entries that build an artifact which runs plain, Node ${node.name}`, async (t) => {
    const ground = scratch(t, 'plain');
    write(ground, {
      'module.mjs':
        "import { sep } from 'node:path';\nconsole.log('a module', sep, process.argv.length, import.meta.url);\n",
      'typed/package.json': '{ "type": "module" }',
      'typed/cli.js': "import fs from 'node:fs';\nconsole.log('typed', typeof fs.statSync, process.argv.slice(2));\n",
    });
    for (const entry of ['module.mjs', 'typed/cli.js']) {
      const out = join(ground, 'outs', entry.replace('/', '-'));
      const options = { entry: join(ground, entry), train: ['x'] };
      const result = await snap(node, buildArguments(node, out, 'cli', options), ground);
      t.equal(result.code, 0, `${entry}: built`);
      t.match(`${result.stdout}${result.stderr}`, /ES module/i, 'and says why it runs plain');
      const target = await build(t, node, { ...options, out: join(ground, 'again', entry.replace('/', '-')) });
      await compare(t, target, { args: ['a b', '--c'], path: 'plain' }, entry);
    }
  });

  await t.test(`an entry that exits at once, Node ${node.name}`, async (t) => {
    const ground = scratch(t, 'exits');
    write(ground, {
      'cli.js': "process.exit(3);\nrequire('./lib');\n",
      'lib.js': 'module.exports = 1;\n',
      'empty.js': '',
    });
    for (const name of ['cli.js', 'empty.js']) {
      const out = join(ground, `out-${name}`);
      const entry = join(ground, name);
      const result = await snap(node, buildArguments(node, out, 'cli', { entry, train: ['x'] }), ground);
      t.ok(result.code === 0 || result.code === 3, `${name}: the build ends with ${result.code}`);
      const env = { PATH: `${join(ground, `path-${node.name}`)}:/usr/bin:/bin`, HOME: ground };
      const target = { node, entry, out, launcher: join(out, 'cli'), ground, env };
      const test = { args: ['x'] };
      t.same(
        visible(target, test, await runAccelerated(target, test)),
        visible(target, test, await runPlain(target, test)),
        `${name}: as plain`,
      );
    }
  });
}

for (const node of nodes(t, ['v24'])) {
  await t.test('training that hangs or fails', async (t) => {
    const ground = scratch(t, 'hangs');
    write(ground, {
      'hangs.js': 'setInterval(() => {}, 1000);\n',
      'throws.js': "throw new Error('of the program');\n",
    });
    const options = { entry: 'hangs.js', train: ['x'], extra: ['--train-timeout', '2'] };
    await t.test('hangs', async (t) => refused(t, node, ground, 7, 'hangs.js', options));
    const throwing = await build(t, node, { entry: join(ground, 'throws.js'), train: ['x'] });
    await compare(t, throwing, { args: ['x'] }, 'a program that fails is built, and fails as plain');
  });

  await t.test('--out that holds something else', async (t) => {
    const ground = scratch(t, 'occupied');
    write(ground, {
      'good.js': 'console.log(1);\n',
      'parent/out/precious.txt': 'kept',
      'parent/file': 'kept',
      'parent/json/manifest.json': '{}',
    });
    const at = (name: string) => ({ entry: 'good.js', out: join(ground, 'parent', name) });
    await t.test('a folder with a file of the user', async (t) => refused(t, node, ground, 6, 'parent/out', at('out')));
    await t.test('a file', async (t) => refused(t, node, ground, 6, 'parent/file', at('file')));
    await t.test('a folder with a manifest of another tool', async (t) =>
      refused(t, node, ground, 6, 'parent/json', at('json')),
    );
    t.equal(readFileSync(join(ground, 'parent/out/precious.txt'), 'utf8'), 'kept');
    mkdirSync(join(ground, 'empty'));
    await build(t, node, { entry: join(ground, 'good.js'), out: join(ground, 'empty'), train: ['x'] });
    t.pass('an empty folder is taken');
  });

  await t.test('no permission to write', async (t) => {
    const ground = scratch(t, 'permission');
    writeProgram(join(ground, 'program'), 'text');
    const closed = join(ground, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o555);
    chmodSync(ground, 0o777);
    const asRoot = process.getuid?.() === 0;
    const entry = join(ground, 'program', 'cli.js');
    const args = buildArguments(node, join(closed, 'out'), 'cli', { entry, train: programTraining });
    if (asRoot && !canRead(node, entry)) {
      t.comment('SKIPPED: root can write everywhere, and nobody cannot read this checkout');
      return;
    }
    const home = join(ground, 'home');
    mkdirSync(home);
    chmodSync(home, 0o777);
    const result = await snap(node, args, ground, { env: { HOME: home }, ...(asRoot ? { uid: nobody } : {}) });
    checkMessage(t, result, 6, 'closed');
    t.same(names(closed), [], 'nothing is written');
  });

  await t.test('a full disk', async (t) => {
    const ground = scratch(t, 'full');
    const entry = writeProgram(join(ground, 'program'), 'text');
    const disk = join(ground, 'disk');
    mkdirSync(disk);
    if (!mountSmall(disk)) {
      t.comment('SKIPPED: no small file system could be mounted, so no disk was filled');
      return;
    }
    t.teardown(() => execFileSync('umount', ['-l', disk]));
    const args = buildArguments(node, join(disk, 'out'), 'cli', { entry, train: programTraining });
    const result = await snap(node, args, ground);
    checkMessage(t, result, 6, 'disk');
    t.same(names(disk), [], 'nothing half-written is left');
  });

  await t.test('the default --out, --json, verify', async (t) => {
    const ground = scratch(t, 'defaults');
    const entry = writeProgram(join(ground, 'program'), 'text');
    const result = await snap(node, ['build', entry, '--train', 'hello', '--json'], ground, { cwd: ground });
    t.equal(result.code, 0, 'built');
    t.ok(existsSync(join(ground, '.snap', 'cli', 'cli')), 'a launcher in .snap/NAME');
    t.same(
      JSON.parse(result.stdout),
      JSON.parse(readFileSync(join(ground, '.snap/cli/manifest.json'), 'utf8')),
      '--json prints the manifest',
    );
    const verified = await snap(node, ['verify', join(ground, '.snap', 'cli'), '--', 'late'], ground);
    t.equal(verified.code, 0, 'verify finds no difference');
  });
}

/** Whether `nobody` can run the tool: a checkout below a private home cannot be read. */
function canRead(node: TestNode, file: string): boolean {
  try {
    const reader = 'require("fs").readFileSync(process.argv[1]); require("fs").readdirSync(process.argv[2])';
    execFileSync(node.binary, ['-e', reader, file, process.cwd()], { uid: nobody, gid: nobody, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function mountSmall(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
