// Builds that are repeated, killed, interrupted or run at once, and what runs meanwhile.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { buildArguments, snap, type Target, toolFile } from '../harness/build.js';
import { compare, runAccelerated } from '../harness/compare.js';
import { names } from '../harness/files.js';
import { nodes, pathFolder, type TestNode } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';
import { buildProgram, programTraining, writeProgram } from '../harness/program.js';
import { baseEnvironment } from '../harness/run.js';
import { type Session, startSession } from '../harness/session.js';
import { shareCache } from '../harness/shared-cache.js';

t.setTimeout(600_000);

const late = { args: ['late'] };

/** A build that can be killed, with a temporary folder of its own, in which leftovers show. */
function startBuild(node: TestNode, entry: string, out: string, ground: string, train = programTraining): Session {
  const home = join(ground, 'home');
  mkdirSync(join(home, 'tmp'), { recursive: true });
  shareCache(home, toolFile);
  const args = buildArguments(node, out, 'cli', { entry, train });
  const env = { ...baseEnvironment(home, pathFolder(ground, node)), TMPDIR: join(home, 'tmp') };
  return startSession('node', [toolFile, ...args], { cwd: ground, env, timeoutMs: 120_000 });
}

/** By another line each time: an artifact that is up to date would be left as it is. */
const otherTraining = (line: string): string[] => [...programTraining, line];

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

for (const node of nodes(t, ['v20', 'v24'])) {
  await t.test(`a running process survives a rebuild, Node ${node.name}`, async (t) => {
    const folder = join(scratch(t, 'survivor'), 'program');
    writeProgram(folder, 'old');
    const target = await buildProgram(t, node, folder);
    const env = { ...target.env, SNAP_DEBUG: '1' };
    const running = startSession(target.launcher, ['wait'], { cwd: folder, env, timeoutMs: 120_000 });
    await running.until('ready');
    writeProgram(folder, 'new');
    await rebuild(t, target);
    running.type('go\n');
    const seen = await running.result;
    t.match(seen.stderr, /^snap: accelerated/m, 'it was accelerated');
    t.match(seen.stdout, 'late old string', 'it goes on with its own packed module');
    t.equal(seen.code, 0, 'it ends well');
    const next = await compare(t, target, late, 'the next run');
    t.match(next.stdout, 'late new string', 'the next run has the new sources');
  });
}

async function rebuild(t: Test, target: Target): Promise<void> {
  const args = buildArguments(target.node, target.out, 'cli', { entry: target.entry, train: programTraining });
  const result = await snap(target.node, args, target.ground);
  t.equal(result.code, 0, `the rebuild succeeds ${result.code === 0 ? '' : result.stderr}`);
}

for (const node of nodes(t, ['v24'])) {
  await t.test('a build repeated with nothing changed', async (t) => {
    const folder = join(scratch(t, 'repeat'), 'program');
    writeProgram(folder, 'text');
    const target = await buildProgram(t, node, folder);
    const files = names(target.out);
    await rebuild(t, target);
    t.same(names(target.out), files, 'the same files');
    await compare(t, target, late, 'after the second build');
  });

  await t.test('killed builds leave the old artifact', async (t) => {
    const ground = scratch(t, 'killed');
    const folder = join(ground, 'program');
    writeProgram(folder, 'text');
    const target = await buildProgram(t, node, folder);
    const files = names(target.out);
    const start = (label: string) =>
      startBuild(node, target.entry, target.out, join(ground, label), otherTraining(label));
    const started = Date.now();
    t.equal((await start('whole').result).code, 0, 'a build that nobody kills');
    const usualMs = Date.now() - started;
    for (const part of [0.1, 0.3, 0.5, 0.7, 0.85, 0.95]) {
      const session = start(String(part));
      await wait(usualMs * part);
      session.kill('SIGKILL');
      t.notMatch((await session.result).stdout, 'is up to date');
      await compare(t, target, late, `killed after ${Math.round(part * 100)} % of the usual time`);
    }
    await rebuild(t, target);
    await compare(t, target, late, 'rebuilt');
    t.same(names(target.out), files, 'nothing of the killed builds is left in the artifact');
  });

  await t.test('interrupted builds clean up', async (t) => {
    const ground = scratch(t, 'interrupted');
    const entry = writeProgram(join(ground, 'program'), 'text');
    const signal = 'SIGINT';
    for (const [index, phase] of ['asking node', 'analysing', 'baking'].entries()) {
      const own = join(ground, String(index));
      const session = startBuild(node, entry, join(own, 'parent', 'out'), own);
      await session.until(phase);
      session.kill(signal);
      const result = await session.result;
      t.equal(result.code, 130, `exit code after ${signal}, while ${phase}`);
      t.same(names(join(own, 'parent')), [], 'nothing where the artifact was to be');
      t.same(names(join(own, 'home', 'tmp')), [], 'nothing in the temporary folder');
      t.notMatch(result.stderr, /^\s+at /m, 'no stack');
    }
  });

  await t.test('two builds of one program at once', async (t) => {
    const ground = scratch(t, 'two');
    const folder = join(ground, 'program');
    writeProgram(folder, 'text');
    const target = await buildProgram(t, node, folder);
    const files = names(target.out);
    const both = ['one', 'two'].map((label) =>
      startBuild(node, target.entry, target.out, join(ground, label), otherTraining(label)),
    );
    const results = await Promise.all(both.map((session) => session.result));
    for (const result of results) {
      t.equal(result.code, 0, `a build of two ends well ${result.code === 0 ? '' : result.stderr}`);
      t.notMatch(result.stdout, 'is up to date');
    }
    await compare(t, target, late, 'after both');
    t.same(names(target.out), files, 'no file is left over');
  });

  await t.test('two programs built into one folder at once', async (t) => {
    const ground = scratch(t, 'mixed');
    const out = join(ground, 'out');
    const entries = ['one', 'two'].map((text) => writeProgram(join(ground, text), text));
    const sessions = entries.map((entry, n) => startBuild(node, entry, out, join(ground, `home-${n}`)));
    const results = await Promise.all(sessions.map((session) => session.result));
    for (const result of results) t.ok(result.code === 0 || result.code === 6, `a build ends with ${result.code}`);
    t.ok(
      results.some((result) => result.code === 0),
      'one of them at least is built',
    );
    const env = baseEnvironment(ground, pathFolder(ground, node));
    const target = { node, entry: entries[0] ?? '', out, launcher: join(out, 'cli'), ground, env };
    const seen = await runAccelerated(target, late, { SNAP_DEBUG: '1' });
    t.match(seen.stderr, /^snap: accelerated/m, 'the folder holds a whole artifact');
    const lines = ['one', 'two'].map(
      (text) => `pure ${text} reader ${text} none data ${text} dependency ${text} 3\nlate ${text} string\n`,
    );
    t.ok(lines.includes(seen.stdout), `of one program: ${seen.stdout}`);
  });
}
