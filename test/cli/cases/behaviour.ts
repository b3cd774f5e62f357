// One program, built once per node, and every behaviour as a command line of it: test/cli/behaviour/node-*.ts run
// these. The program is test/cli/fixtures/behaviour; `TOPIC:NAME` is a function of its commands/TOPIC.js.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import t from 'tap';
import { build, placed, type Target, verdictOf } from '../harness/build.js';
import { type Case, compare, compareSilent, runAccelerated } from '../harness/compare.js';
import { copyFixture } from '../harness/files.js';
import { type NodeName, nodes, type TestNode } from '../harness/nodes.js';
import { fixtures, scratch } from '../harness/places.js';
import { run } from '../harness/run.js';
import { hasTerminal } from '../harness/terminal.js';
import { endingCases } from './endings.js';
import { environmentCases } from './environment.js';
import { deferredCases, moduleCases } from './modules.js';
import { patchCases } from './patches.js';
import { stackCases } from './stacks.js';
import { streamCases, workerCases } from './streams.js';

const deferringFiles = ['lib/defers.js', 'lib/defers-above.js'];

/** Cases by the name of their subtest. */
export type Cases = Readonly<Record<string, readonly Case[]>>;

export async function buildBehaviour(t: Test, node: TestNode, extra: readonly string[] = []): Promise<Target> {
  const folder = join(scratch(t, 'behaviour'), 'program');
  copyFixture(join(fixtures, 'behaviour'), folder);
  return build(t, node, {
    entry: join(folder, 'cli.js'),
    train: ['training:run', 'training:writers', ...extra],
  });
}

/** If these were placed otherwise, the cases would pass without having tried what they are named for. */
function checkPlacement(t: Test, target: Target): void {
  for (const file of [
    'lib/pure.js',
    'lib/captures-more.js',
    'lib/shared-user.js',
    'lib/uses-pure.js',
    'lib/guarded.js',
    'lib/lazy.js',
    'lib/load/navigator.js',
    'lib/uses-lazy.js',
    'lib/uses-builtins.js',
    'lib/uses-streams.js',
    'commands/stacks.js',
    'commands/modules.js',
    'commands/ends.js',
  ]) {
    t.equal(verdictOf(target, file), 'baked', `${file} is baked`);
  }
  // On a busy machine the comparison of worlds may err on the safe side here, once seen on Node 26; nothing else may.
  const taken = placed(target).find(({ file }) => file.endsWith('lib/taken.js'));
  const isLeftOutByProof = taken?.reason === 'its heap is another one in another environment';
  t.ok(
    taken?.verdict === 'baked' || isLeftOutByProof,
    `lib/taken.js is baked, or left out by the proof: ${taken?.reason}`,
  );
  for (const file of [
    'lib/env-reader.js',
    'lib/evaluates.js',
    'lib/evaluates-below.js',
    'lib/hazards.js',
    'lib/load/global.js',
    'lib/load/listener.js',
  ]) {
    t.equal(verdictOf(target, file), 'packed', `${file} is packed`);
  }
  t.equal(verdictOf(target, 'lib/untraced.js'), undefined, 'lib/untraced.js is in no training run');
}

/** The cases are about modules of the snapshot: had they been loaded from source, they would pass as well. */
async function checkActivation(t: Test, target: Target): Promise<void> {
  const strace = '/usr/bin/strace';
  if (!existsSync(strace)) {
    t.comment('SKIPPED: no /usr/bin/strace (Debian package strace), so nobody saw which files a run opens');
    return;
  }
  const log = join(target.ground, 'opened');
  const args = ['-f', '-qq', '-e', 'trace=open,openat', '-o', log, target.launcher, 'facts:hello'];
  await run(strace, args, { env: target.env, cwd: target.ground });
  const opened = readFileSync(log, 'latin1');
  rmSync(log);
  t.match(opened, 'app.blob', 'the snapshot is opened');
  for (const file of ['cli.js', 'commands/facts.js', 'lib/pure.js']) {
    t.notMatch(opened, `/program/${file}`, `${file} is not read`);
  }
}

async function checkRandoms(t: Test, target: Target): Promise<void> {
  const first = await runAccelerated(target, { args: ['load:randoms'] });
  const second = await runAccelerated(target, { args: ['load:randoms'] });
  const words = (text: string): string[] => text.trim().split(' ');
  t.equal(words(first.stdout).length, 4, 'four random values');
  const shared = words(first.stdout).filter((word) => words(second.stdout).includes(word));
  t.same(shared, [], 'no value is the same in two runs');
}

function only(all: Cases): Cases {
  const wanted = process.env.SNAP_TEST_ONLY;
  if (wanted === undefined) return all;
  const pairs = Object.entries(all).map(([name, cases]): [string, readonly Case[]] => {
    return [name, name.includes(wanted) ? cases : cases.filter((test) => test.args.join(' ').includes(wanted))];
  });
  return Object.fromEntries(pairs.filter(([, cases]) => cases.length > 0));
}

const silent: readonly Case[] = [
  { args: ['facts:hello'] },
  { args: ['facts:environmentOrder'] },
  { args: ['facts:handles'] },
  { args: ['facts:listeners'] },
  { args: ['stacks:uncaught'] },
  { args: ['ends:exit', '3'] },
  { args: ['streams:kinds'], stdin: 'closed' },
  { args: ['facts:hello'], env: { NODE_OPTIONS: '--conditions=development' } },
];

function isTerminal(test: Case): boolean {
  return test.terminal !== undefined;
}

/** The whole suite on one node. */
export async function behaviour(name: NodeName): Promise<void> {
  t.setTimeout(1_200_000);
  for (const node of nodes(t, [name])) {
    const target = await buildBehaviour(t, node);
    await t.test('placement', async (t) => checkPlacement(t, target));
    await t.test('activation', async (t) => checkActivation(t, target));
    await t.test('random values', async (t) => checkRandoms(t, target));
    await t.test('without SNAP_DEBUG', async (t) => {
      for (const test of silent) await compareSilent(t, target, test);
    });
    await t.test('Workers', async (t) => {
      const trained = await buildBehaviour(t, node, ['workers:module']);
      for (const test of workerCases) {
        await compare(t, trained, test);
        await compare(t, target, test);
      }
    });
    await t.test('deferred statements', async (t) => {
      for (const file of deferringFiles) t.equal(verdictOf(target, file), 'baked', `${file} is baked`);
      for (const test of deferredCases) await compare(t, target, test);
    });
    const terminal = hasTerminal(t);
    const all = { ...moduleCases, ...stackCases, ...patchCases, ...environmentCases, ...streamCases, ...endingCases };
    for (const [label, cases] of Object.entries(only(all))) {
      await t.test(label, async (t) => {
        for (const test of cases) if (terminal || !isTerminal(test)) await compare(t, target, test);
      });
    }
  }
}
