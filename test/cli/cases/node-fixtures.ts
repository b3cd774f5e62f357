// What Node asks of its own snapshots (its tests' fixtures for them), asked of a launched program: one program, built
// once per node, and every subject as a command line of it. The program is test/cli/fixtures/node-fixtures;
// `SUBJECT:NAME` is a function of its subjects/SUBJECT.js.

import { join } from 'node:path';
import type { Test } from 'tap';
import t from 'tap';
import { build, type Target, verdictOf } from '../harness/build.js';
import { type Case, compare } from '../harness/compare.js';
import { copyFixture } from '../harness/files.js';
import { type NodeName, nodes, type TestNode } from '../harness/nodes.js';
import { fixtures, scratch } from '../harness/places.js';

type Cases = Readonly<Record<string, readonly Case[]>>;

function lines(subject: string, ...names: readonly string[]): Case[] {
  return names.map((name) => ({ args: [`${subject}:${name}`] }));
}

const cases: Cases = {
  'fs is patched before a module is required': lines('fs', 'plain', 'patched', 'late', 'marked', 'promises'),
  'the working folder': [
    ...lines('cwd', 'show', 'changed', 'removed'),
    { args: ['cwd:show'], cwd: '/usr' },
    { args: ['cwd:changed'], cwd: '/', env: { PWD: '/wrong' } },
  ],
  'Error.stackTraceLimit': [
    ...lines('stack', 'show', 'dependency', 'zero', 'infinite', 'text', 'order', 'uncaught', 'prepared'),
    { args: ['stack:show'], env: { NODE_OPTIONS: '--stack-trace-limit=4' }, path: 'either' },
  ],
  'weak references': lines('weak', 'show', 'collected', 'registry'),
  'child processes': lines('children', 'sync', 'fork', 'exec', 'spawn', 'self'),
  dns: lines('dns', 'lookup', 'promises', 'resolve', 'order'),
  gzip: lines('gzip', 'sync', 'later', 'stream', 'web', 'broken'),
  servers: lines('server', 'echo', 'http', 'fetch'),
  'the API of snapshots, and contexts': lines('api', 'building', 'vm'),
  'globals that a builder lacks, lists and observers': lines('late', 'globals', 'wasm', 'hashes', 'observer'),
  'asynchronous contexts': lines('async', 'storage', 'hooks', 'unhandled'),
  'errors and warnings': lines('errors', 'hello', 'thrown', 'caught', 'warning'),
  'how a process ends': [
    ...lines('exit', 'order', 'thrown', 'rejected', 'inExit'),
    { args: ['exit:early', '5'] },
    { args: ['exit:early', '0'], env: { NODE_OPTIONS: '--trace-exit' }, path: 'either' },
  ],
};

/** A program that is seen to start workers may be left to plain Node as a whole. */
const workerCases: readonly Case[] = lines('workers', 'evaluated', 'file', 'own').map((test) => ({
  ...test,
  path: 'either',
}));

/** What prints at once and leaves the process as it found it is trained in one run. */
const together = [
  ...['errors:hello', 'cwd:show', 'stack:show', 'weak:show', 'dns:order', 'gzip:sync', 'api:vm', 'late:globals'],
  ...['late:hashes', 'errors:caught'],
];

/** Each subject is loaded in a training run; what its cases do beyond that is new to the artifact. */
const training = [
  together.join('+'),
  ...['fs:plain', 'fs:patched', 'stack:dependency', 'weak:registry', 'children:spawn', 'server:echo', 'api:building'],
  ...['late:observer', 'async:storage', 'errors:warning', 'exit:order'],
];

/** Had they been placed otherwise, the cases would pass without having tried what they are named for. */
const baked = ['lib/counts.js'];
const notBaked = [
  'lib/patches-fs.js',
  'lib/keeps-cwd.js',
  'lib/sets-limit.js',
  'lib/is-building.js',
  'lib/tests-globals.js',
  'lib/observes.js',
  'lib/warns.js',
  'lib/listens.js',
  'lib/throws.js',
];

function buildFixture(t: Test, node: TestNode, train: readonly string[]): Promise<Target> {
  const folder = join(scratch(t, 'node-fixtures'), 'program');
  copyFixture(join(fixtures, 'node-fixtures'), folder);
  return build(t, node, { entry: join(folder, 'cli.js'), train });
}

/** All subjects on one node. */
export async function nodeFixtures(name: NodeName): Promise<void> {
  t.setTimeout(1_200_000);
  for (const node of nodes(t, [name])) {
    const target = await buildFixture(t, node, training);
    await t.test('placement', async (t) => {
      for (const file of baked) t.equal(verdictOf(target, file), 'baked', `${file} is baked`);
      for (const file of notBaked) t.equal(verdictOf(target, file), 'packed', `${file} is packed`);
    });
    for (const [label, tests] of Object.entries(cases)) {
      await t.test(label, async (t) => {
        for (const test of tests) await compare(t, target, test);
      });
    }
    await t.test('workers, not seen while building', async (t) => {
      for (const test of workerCases) await compare(t, target, test);
    });
    await t.test('workers, seen while building', async (t) => {
      const trained = await buildFixture(t, node, ['workers:file']);
      for (const test of workerCases) await compare(t, trained, test);
    });
  }
}
