// `snap verify --matrix`: each kind of difference is told, in the environment that shows it; what is no difference is not.

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { build, buildArguments, snap, type Target } from '../harness/build.js';
import { names, write } from '../harness/files.js';
import { KNOWN_DIFFERENCE } from '../harness/known-difference.js';
import { nodes, pathFolder } from '../harness/nodes.js';
import { repository, scratch } from '../harness/places.js';
import { quote } from '../harness/terminal.js';

t.setTimeout(600_000);

/** Of JavaScript: what the program does where it was started by another launcher than ours. */
const BETRAYALS: Readonly<Record<string, string>> = {
  'FORCE_COLOR=3': "if (env.FORCE_COLOR === '3') console.log('other');",
  'DEBUG=*': "if (env.DEBUG === '*') console.error('other');",
  'CI=true': "if (env.CI === 'true' && !env.GITHUB_ACTIONS) process.exitCode = 9;",
  'CI=true GITHUB_ACTIONS=true': "if (env.GITHUB_ACTIONS) process.kill(process.pid, 'SIGTERM');",
  'another folder': "if (process.cwd().endsWith('another folder')) fs.writeFileSync('extra', '');",
  'LANG=de_DE.UTF-8': "if (env.LANG === 'de_DE.UTF-8') fs.writeFileSync(env.HOME + '/settings', 'other');",
  'TZ=Pacific/Kiritimati': "if (env.TZ === 'Pacific/Kiritimati') fs.chmodSync(env.HOME + '/settings', 0o600);",
  'NODE_ENV=production': "if (env.NODE_ENV === 'production') fs.writeFileSync('log', 'other');",
  'terminal, stderr to a file': "if (process.stdout.isTTY && !process.stderr.isTTY) console.error('other');",
  'stdin closed': "if (env.CLOSED) console.log('other');",
};

/** Prints and writes what differs from run to run, and what does not. */
const PROGRAM = `
const fs = require('fs'), path = require('path'), { env } = process;
require('./lib');
console.log(path.basename(process.cwd()), process.stdout.isTTY === true, process.stdout.columns);
console.log('id ' + process.pid, 'took ' + process.hrtime()[1] + 'ms');
if (env.DEBUG) for (let n = 0; n < 50; n++) console.error(new Date().toISOString(), 'debug', n);
if (env.HOME !== undefined) fs.writeFileSync(env.HOME + '/settings', 'settings');
fs.writeFileSync('log', 'time ' + Date.now());
if (env.TMPDIR) fs.writeFileSync(env.TMPDIR + '/run-' + process.pid, 'temporary');
if (env.BETRAYED) {
`;

interface Row {
  readonly args: readonly string[];
  readonly environment: string;
  readonly status: string;
  readonly reason?: string;
  readonly isAccelerated: boolean;
  readonly differences: readonly { readonly what: string; readonly plain: string; readonly accelerated: string }[];
}

function makeProgram(t: Test): string {
  const folder = scratch(t, 'program');
  const betrayals = Object.values(BETRAYALS).join('\n');
  write(folder, { 'cli.js': `${PROGRAM}${betrayals}\n}\n`, 'lib.js': 'exports.x = 1;' });
  return join(folder, 'cli.js');
}

async function matrix(
  target: Target,
  args: readonly string[],
  env = {},
): Promise<{ code: number | null; rows: Row[] }> {
  const line = ['verify', target.out, '--matrix', '--json', '--', ...args];
  const cwd = scratch(t, 'matrix-cwd');
  const { code, stdout, stderr } = await snap(target.node, line, target.ground, { cwd, env });
  if (stdout === '') throw new Error(stderr);
  return { code, rows: JSON.parse(stdout) };
}

function differing(rows: readonly Row[]): Record<string, string[]> {
  const found = rows.filter(({ status }) => status === 'differs');
  return Object.fromEntries(
    found.map(({ environment, differences }) => [environment, differences.map(({ what }) => what)]),
  );
}

for (const node of nodes(t, ['v24'])) {
  await t.test('what does not differ, of a program with times, ids and changing names', async (t) => {
    const target = await build(t, node, { entry: makeProgram(t), train: ['a'] });
    const { code, rows } = await matrix(target, ["it's", '$(id)']);
    t.same(differing(rows), {});
    t.equal(code, 0);
    t.ok(rows.length >= 15);
    for (const row of rows) t.ok(row.isAccelerated || row.status === 'not run', row.environment);
    t.same(
      names(target.ground).filter((name) => /settings|run-|snap-verify/.test(name)),
      ['settings'],
      'the home of the user is written to as it is, and nothing is left behind',
    );
  });

  await t.test('each kind of difference', async (t) => {
    const entry = makeProgram(t);
    const target = await build(t, node, { entry, train: ['a'] });
    writeFileSync(
      target.launcher,
      [
        '#!/bin/sh',
        "echo 'snap: accelerated: not really' >&2",
        '[ -t 0 ] || cat >/dev/null 2>&1 || export CLOSED=1',
        `BETRAYED=1 exec ${quote(node.binary)} ${quote(entry)} "$@"`,
      ].join('\n'),
    );
    chmodSync(target.launcher, 0o755);
    const { code, rows } = await matrix(target, []);
    t.equal(code, 3);
    const found = differing(rows);
    const hasTerminal = rows.every(({ status }) => status !== 'not run');
    t.same(found, {
      'FORCE_COLOR=3': ['stdout'],
      'DEBUG=*': ['stderr'],
      'NODE_ENV=production': ['content of ./log'],
      'CI=true': ['exit code'],
      'CI=true GITHUB_ACTIONS=true': ['exit code', 'signal'],
      'another folder': ['files written'],
      'LANG=de_DE.UTF-8': ['content of $HOME/settings'],
      'TZ=Pacific/Kiritimati': ['files written'],
      ...(hasTerminal ? { 'terminal, stderr to a file': ['stderr'] } : {}),
      'stdin closed': ['stdout'],
    });
    const told = await snap(node, ['verify', target.out, '--matrix', '--', 'x'], target.ground);
    t.equal(told.code, 3);
    t.match(told.stdout, /^"x"\n {2}as it is: pipes, no input +same +accelerated\n/);
    t.match(told.stdout, /\n {2}CI=true +differs +accelerated\n +--- exit code plain\n/);
    t.match(told.stdout, /\n\d+ same, \d+ differ(, \d not run)?\n$/);
  });

  await t.test('what cannot be run is told: no script, a program that does not end', async (t) => {
    const target = await build(t, node, { entry: makeProgram(t), train: ['a'] });
    const { code, rows } = await matrix(target, [], { PATH: pathFolder(target.ground, node) });
    t.equal(code, 0);
    const skipped = rows.filter(({ status }) => status === 'not run');
    t.ok(skipped.length > 0 && skipped.every(({ environment }) => environment.startsWith('terminal')));
    for (const { reason } of skipped) t.equal(reason, 'no `script` command');
    const entry = join(scratch(t, 'endless'), 'cli.js');
    write(join(entry, '..'), {
      'cli.js': 'if (process.env.TZ !== "UTC") setInterval(() => {}, 1e6); require("./a")',
      'a.js': '',
    });
    const endless = await build(t, node, { entry, train: ['a'] });
    const told = await snap(node, ['verify', endless.out, '--matrix', '--timeout', '3'], endless.ground);
    t.equal(told.code, 0);
    t.match(told.stdout, /TZ=Pacific\/Kiritimati +not run +plain did not end within 3 s\n/);
    t.match(told.stdout, /\n\d+ same, 1 not run\n$/);
  });

  await t.test('a build runs the short form, and believes it', async (t) => {
    const ground = scratch(t, 'short');
    write(ground, { 'cli.js': `require('./a'); if (process.env.CI) console.log(${KNOWN_DIFFERENCE});`, 'a.js': '' });
    const args = buildArguments(node, join(ground, 'out'), 'cli', { entry: join(ground, 'cli.js'), train: ['x'] });
    const { code, stdout } = await snap(node, args, ground);
    t.equal(code, 3);
    t.match(stdout, /differs: "x" \(.*\bCI\b.*\)\n--- stdout plain/);
    t.match(stdout, /runs plain: its accelerated runs differ/);
  });

  await t.test('a sample is the same everywhere', async (t) => {
    const bin = join(repository, 'samples/commonjs/bin');
    const target = await build(t, node, { entry: join(bin, names(bin)[0] ?? ''), train: ['--help'] });
    const { code, rows } = await matrix(target, ['--help']);
    t.equal(code, 0, JSON.stringify(rows.filter(({ status }) => status === 'differs')));
    t.ok(rows.filter(({ isAccelerated }) => isAccelerated).length >= 15);
  });
}
