// What belongs to a launch and to its requests, in one program: nothing of ours reaches it, its threads and its children;
// what Node reads of a command line is left to Node; and so is what Node refuses of a request, or looks up elsewhere since
// the program has changed where a module's own requests begin.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import t from 'tap';
import { bootEnvironment } from '../../../src/target/environment.js';
import { build, type Target, verdictOf } from '../harness/build.js';
import { type Case, compare } from '../harness/compare.js';
import { copyFixture } from '../harness/files.js';
import { nodes } from '../harness/nodes.js';
import { fixtures, scratch } from '../harness/places.js';
import { type Environment, run } from '../harness/run.js';

t.setTimeout(600_000);

const askers = ['baked', 'packed', 'entry'];
const changes = [
  ...['middle', 'own', 'deleted', 'emptied', 'shifted', 'spliced', 'replaced', 'copied', 'none', 'accessor'],
  ...['folder', 'file', 'nameless', 'fileless', 'require', 'elsewhere'],
];

/** Node reads these itself, wherever they stand. */
const nodesArguments: readonly Case[] = [
  { args: ['arguments', '--env-file=absent.env'], path: 'plain' },
  { args: ['arguments', '--env-file', 'absent.env'], path: 'plain' },
  { args: ['arguments', '--env-file-if-exists=absent.env'], path: 'plain' },
  { args: ['arguments', '--env-file=sets-options.env'], path: 'plain' },
  { args: ['arguments', '--', '--env-file=absent.env'], path: 'plain' },
  { args: ['arguments', '--experimental-config-file=absent.json'], path: 'plain' },
  { args: ['arguments', '--', '--experimental-default-config-file'], path: 'plain' },
  { args: ['arguments', '-e', '1', '--env', 'x', '--snapshot-blob', 'x', '--', '--version'] },
];

function cases({ ground }: Target): Case[] {
  writeFileSync(join(ground, 'sets-options.env'), 'NODE_OPTIONS=--no-such-option\nFROM_FILE=1\n');
  const started: Case[] = [{ args: ['threads'] }, { args: ['children'] }, { args: ['started'] }];
  const options: Case[] = ['', '--no-warnings ', '--max-http-header-size=9999'].map((NODE_OPTIONS) => ({
    args: ['started'],
    env: { NODE_OPTIONS },
  }));
  const refused: Case[] = askers.flatMap((who) => [
    { args: ['refused', who] },
    ...['resolve', 'paths', 'require', 'options'].map((what) => ({ args: ['uncaught', who, what] })),
  ]);
  const changed: Case[] = askers.flatMap((who) =>
    changes
      .filter((how) => who === 'baked' || ['middle', 'emptied', 'folder'].includes(how))
      .flatMap((how) => [{ args: ['changed', who, how] }, { args: ['changed', who, how, 'late'] }]),
  );
  return [{ args: ['warm'] }, ...started, ...options, ...nodesArguments, ...refused, ...changed];
}

/** As launchers boot snapshots of large programs (src/pipeline/assemble.ts). */
async function withBootFlag(t: Test, { node, entry, out, env, ground }: Target): Promise<void> {
  const booting = { ...bootEnvironment(env, join(out, 'app.blob')), SNAP_DEBUG: '1' } as Environment;
  for (const command of ['threads', 'children']) {
    const plain = await run(node.binary, [entry, command], { env, cwd: ground });
    const booted = await run(node.binary, ['--min-semi-space-size=32', entry, command], { env: booting, cwd: ground });
    t.match(booted.stderr, /^snap: accelerated/);
    t.same(booted.stdout, plain.stdout, `${command}: as plain with a flag of ours`);
  }
}

for (const node of nodes(t)) {
  await t.test(`launch and requests, Node ${node.name}`, async (t) => {
    const folder = join(scratch(t, 'launch'), 'program "of" \\ones');
    copyFixture(join(fixtures, 'faults', 'launch'), folder);
    const target = await build(t, node, { entry: join(folder, 'cli.js'), train: ['warm'] });
    t.equal(verdictOf(target, 'lib/asks.js'), 'baked');
    t.equal(verdictOf(target, 'lib/asks-late.js'), 'packed');
    // A snapshot of Node 20 or 22 cannot hold worker_threads.
    t.equal(verdictOf(target, 'lib/threads.js'), node.major < 24 ? 'packed' : 'baked');
    for (const name of ['undefined', 'text-object', 'options', 'middle', 'folder']) {
      t.equal(verdictOf(target, `lib/at-load-${name}.js`), 'packed', `at load: ${name}`);
    }
    for (const one of cases(target)) await compare(t, target, one);
    if (node.major >= 24) await withBootFlag(t, target);
  });
}
