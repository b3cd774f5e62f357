// A program whose modules ask, at load, what a terminal is: two worlds, each booted where it fits, and the same as plain
// everywhere; and what becomes of the second one.

import { existsSync, readFileSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { build, buildArguments, snap, type Target } from '../harness/build.js';
import { type Case, compare, debugLine } from '../harness/compare.js';
import { names, write } from '../harness/files.js';
import { KNOWN_DIFFERENCE } from '../harness/known-difference.js';
import { nodes, pathFolder } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';
import { run } from '../harness/run.js';
import { hasTerminal, runOnTerminal } from '../harness/terminal.js';

t.setTimeout(600_000);

/** As supports-color, debug and what needs them do. */
const MODULES = {
  'colours.js': `
    const tty = require('tty'), { env } = process;
    function level(isTerminal) {
      if ('FORCE_COLOR' in env) return 9;
      if (!isTerminal) return 0;
      if (env.TERM === 'dumb') return 1;
      if ('CI' in env) return 2;
      return /-256(color)?$/.test(env.TERM) ? 4 : 3;
    }
    exports.stdout = level(tty.isatty(1));
    exports.stderr = level(tty.isatty(2));`,
  'paint.js': `const { stdout } = require('./colours'); exports.red = (text) => (stdout > 1 ? '\\x1b[31m' + text + '\\x1b[39m' : text);`,
  'streams.js': `exports.errors = process.stderr.isTTY === true ? 'terminal' : 'none';`,
  'later.js': `
    const { isatty } = require('tty');
    const atLoad = isatty(1);
    exports.now = () => [atLoad, isatty(0), isatty(1), isatty(2), isatty === require('tty').isatty || isatty.name];`,
  'input.js': `exports.input = () => process.stdin.isTTY;`,
  'size.js': `exports.columns = process.stdout.columns || 80;`,
};
const ENTRY = `
  const { red } = require('./paint'), colours = require('./colours');
  console.log(red('red'), JSON.stringify([
    colours, require('./streams'), require('./later').now(), require('./input').input(), require('./size'), process.argv.slice(2),
  ]));
  console.log(process.stderr.isTTY, Object.keys(require.cache).length);`;

const CASES: readonly Case[] = [
  {},
  { terminal: {} },
  { terminal: { columns: 40 } },
  { terminal: { redirect: '</dev/null' } },
  { terminal: { redirect: '| cat' } },
  { terminal: { errorsToFile: true } },
  { terminal: {}, env: { TERM: 'dumb' } },
  { terminal: {}, env: { TERM: 'vt100' } },
  { terminal: {}, env: { CI: '1' } },
  { terminal: {}, env: { FORCE_COLOR: '1' } },
  { env: { FORCE_COLOR: '1' } },
].map((test) => ({ args: ['x'], ...test }));

function program(t: Test, files: Readonly<Record<string, string>> = {}): string {
  const folder = join(scratch(t, 'worlds'), 'program');
  write(folder, { 'cli.js': ENTRY, 'package.json': '{}', ...MODULES, ...files });
  return join(folder, 'cli.js');
}

interface Worlds {
  readonly worlds: readonly {
    readonly name: string;
    readonly baked: number;
    readonly others: readonly { file: string }[];
  }[];
  readonly oneWorldReason: string | null;
}

function worldsOf({ out }: Pick<Target, 'out'>): Worlds {
  return JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Worlds;
}

async function worldBooted(target: Target, test: Case): Promise<string> {
  const line = await debugLine(target, test);
  if (!line.startsWith('snap: accelerated')) return line;
  return line.endsWith('for a terminal)') ? 'terminal' : 'pipe';
}

/** The files of the program that a run has opened: none that was used as it was baked. */
async function opened(target: Target, isTerminal: boolean): Promise<string[]> {
  const log = join(target.ground, 'opened');
  const line = ['-f', '-qq', '-e', 'trace=open,openat', '-o', log, target.launcher, 'x'];
  const options = { env: target.env, cwd: target.ground };
  await (isTerminal ? runOnTerminal('/usr/bin/strace', line, {}, options) : run('/usr/bin/strace', line, options));
  const found = [...readFileSync(log, 'latin1').matchAll(/\/program\/([\w.]+\.js)"/g)].map(
    ([, name]) => name as string,
  );
  return [...new Set(found)].sort();
}

async function removeSecondWorld(t: Test, target: Target): Promise<void> {
  const blob = join(target.out, 'app.terminal/app.blob');
  const test = { args: ['x'], terminal: {} };
  truncateSync(blob, 100);
  t.match(await worldBooted(target, test), /^snap: plain: .*not as built/, 'a damaged one');
  await compare(t, target, { ...test, path: 'plain' }, 'a damaged one');
  await compare(t, target, { args: ['x'] }, 'pipes are none of its concern');
  rmSync(join(target.out, 'app.terminal'), { recursive: true });
  t.equal(await worldBooted(target, test), 'pipe', 'where it is gone');
  await compare(t, target, test, 'where it is gone');
}

async function rebuild(t: Test, target: Target): Promise<void> {
  const again = () =>
    snap(
      target.node,
      buildArguments(target.node, target.out, 'cli', { entry: target.entry, train: ['x'] }),
      target.ground,
    );
  const stamp = join(target.out, 'app.terminal/blob.stamp');
  t.notMatch((await again()).stdout, 'is up to date', 'an artifact without its second world');
  t.ok(existsSync(stamp));
  t.match((await again()).stdout, 'is up to date');
  const asking = ['colours.js', 'streams.js', 'later.js', 'size.js'];
  write(
    join(target.entry, '..'),
    Object.fromEntries(asking.map((file) => [file, "exports.now = () => 'nobody asks'"])),
  );
  t.match((await again()).stdout, '6 baked');
  t.notOk(existsSync(join(target.out, 'app.terminal')), 'nothing is left of it');
  t.match(worldsOf(target).worlds, [{ name: 'shared' }]);
  await compare(t, target, { args: ['x'], terminal: {} }, 'where nobody asks');
}

for (const node of hasTerminal(t) ? nodes(t, ['v20', 'v24']) : []) {
  await t.test(`two worlds, Node ${node.name}`, async (t) => {
    const target = await build(t, node, { entry: program(t), train: ['x'] });
    const { worlds, oneWorldReason } = worldsOf(target);
    t.match(worlds, [
      { name: 'pipe', baked: 6 },
      { name: 'terminal', baked: 4, others: [{ file: /later\.js$/ }, { file: /size\.js$/ }] },
    ]);
    t.equal(oneWorldReason, null, `a second world, not: ${oneWorldReason}`);
    for (const test of CASES) await compare(t, target, test, JSON.stringify(test));
    const booted = [];
    for (const test of CASES.slice(0, 6)) booted.push(await worldBooted(target, test));
    t.same(booted, ['pipe', 'terminal', 'terminal', 'terminal', 'pipe', 'pipe']);
    if (existsSync('/usr/bin/strace')) {
      t.same(await opened(target, false), [], 'all is baked for pipes');
      t.same(await opened(target, true), [], 'what is not packed is baked for terminals');
    }
    await removeSecondWorld(t, target);
    await rebuild(t, target);
  });
}

for (const node of hasTerminal(t) ? nodes(t, ['v24']) : []) {
  const oneWorld = async (t: Test, options: Partial<Parameters<typeof build>[2]> & { entry: string }) => {
    const target = await build(t, node, { train: ['x'], ...options });
    t.match(worldsOf(target).worlds, [{ name: 'pipe' }]);
    t.same(
      names(target.out).filter((name) => name.startsWith('app.terminal')),
      [],
    );
    t.equal(await worldBooted(target, { args: ['x'], terminal: {} }), 'pipe');
    return worldsOf(target).oneWorldReason;
  };

  await t.test('a machine without pseudo-terminals', async (t) => {
    const folder = pathFolder(scratch(t, 'no-script'), node);
    for (const name of ['touch', 'cksum', 'sh', 'stty']) symlinkSync(`/bin/${name}`, join(folder, name));
    const reason = await oneWorld(t, { entry: program(t), env: { PATH: folder } });
    t.match(reason, 'nothing could be compared on a terminal: no `script` command');
  });

  await t.test('a program that differs on a terminal, whatever is baked', async (t) => {
    const entry = program(t, {
      'cli.js': `${ENTRY}; if (process.env.CI && process.stdout.isTTY) console.log(${KNOWN_DIFFERENCE});`,
    });
    const reason = await oneWorld(t, { entry });
    t.match(reason, 'its accelerated runs on a terminal differ from plain ones');
  });

  await t.test('a module that does something else on a terminal is left out there', async (t) => {
    const entry = program(t, {
      'streams.js': "if (process.stderr.isTTY) throw new Error('refused'); exports.errors = 'none';",
      'cli.js': `try { require('./streams') } catch ({ message }) { console.log(message) } console.log(require('./paint').red('x'));`,
    });
    const target = await build(t, node, { entry, train: ['x'] });
    const { worlds, oneWorldReason } = worldsOf(target);
    t.match(worlds, [{ name: 'pipe' }, { name: 'terminal', others: [{ file: /streams\.js$/ }] }], `${oneWorldReason}`);
    await compare(t, target, { args: ['x'], terminal: {} });
    await compare(t, target, { args: ['x'] });
  });

  await t.test('a module that a terminal alone has load another one', async (t) => {
    const entry = program(t, {
      'streams.js': "exports.errors = process.stderr.isTTY ? require('./untraced').x : 'none';",
      'untraced.js': "exports.x = 'terminals only';",
    });
    const target = await build(t, node, { entry, train: ['x'] });
    const { worlds, oneWorldReason } = worldsOf(target);
    t.match(worlds, [{ name: 'pipe' }, { name: 'terminal' }], `${oneWorldReason}`);
    await compare(t, target, { args: ['x'], terminal: {} });
    await compare(t, target, { args: ['x'], terminal: { errorsToFile: true } });
  });
}
