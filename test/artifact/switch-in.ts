// Finished files take their places one by one, so that a launcher never finds half of two builds that it would trust.
import { existsSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import t, { type Test } from 'tap';
import { switchIn, type WorkFolder } from '../../src/artifact/folder.js';
import { manifestOf } from './harness/manifests.js';

const ALL = ['app.blob', 'app.pack', 'blob.stamp', 'node.stamp'];

function manifestNamed(name: string): string {
  return JSON.stringify(manifestOf({ options: { ...manifestOf().options, name } }));
}

type Files = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

function folders(t: Test, old: Files, made: Files): WorkFolder {
  const out = t.testdir({ ...old, '.snap-work-x': made });
  return { out, work: path.join(out, '.snap-work-x'), isNew: false, release: async () => undefined };
}

function contents(out: string): Record<string, string> {
  const all = readdirSync(out, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  const names = all
    .map((entry) => path.relative(out, path.join(entry.parentPath, entry.name)))
    .filter((name) => !name.startsWith('.'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(out, name), 'utf8')]));
}

const build = (what: string, launcher: string): Record<string, string> => ({
  ...Object.fromEntries([...ALL, launcher].map((name) => [name, what])),
  'manifest.json': manifestNamed(launcher),
});

t.test('every file of the new build replaces its forerunner', async (t) => {
  const folder = folders(t, build('old', 'cli'), build('new', 'cli'));
  await switchIn(folder, 'cli');
  t.same(contents(folder.out), build('new', 'cli'));
  t.same(readdirSync(folder.work), []);
});

t.test('what the new build does not have goes away: a plain launcher has no blob', async (t) => {
  const made = { cli: 'plain', 'manifest.json': manifestNamed('cli') };
  const folder = folders(t, build('old', 'cli'), made);
  await switchIn(folder, 'cli');
  t.same(contents(folder.out), made);
});

const terminal = (what: string) => ({ 'app.pack': what, 'app.blob': what, 'blob.stamp': what });
const inPlace = (what: string) => ({
  'app.terminal/app.pack': what,
  'app.terminal/app.blob': what,
  'app.terminal/blob.stamp': what,
});

t.test('a second world comes, is replaced and goes away', async (t) => {
  const made = { ...build('new', 'cli'), 'app.terminal': { ...terminal('new'), 'plan.json': 'left where it is' } };
  const first = folders(t, build('old', 'cli'), made);
  await switchIn(first, 'cli');
  t.same(contents(first.out), { ...build('new', 'cli'), ...inPlace('new') });
  t.same(readdirSync(path.join(first.work, 'app.terminal')), ['plan.json']);
  const second = folders(t, { ...build('old', 'cli'), 'app.terminal': terminal('old') }, made);
  await switchIn(second, 'cli');
  t.same(contents(second.out), { ...build('new', 'cli'), ...inPlace('new') });
  const third = folders(t, { ...build('old', 'cli'), 'app.terminal': terminal('old') }, build('new', 'cli'));
  await switchIn(third, 'cli');
  t.same(contents(third.out), build('new', 'cli'));
  t.notOk(existsSync(path.join(third.out, 'app.terminal')));
});

t.test('what the user keeps in its folder stays', async (t) => {
  const old = { ...build('old', 'cli'), 'app.terminal': { ...terminal('old'), 'notes.txt': 'mine' } };
  const folder = folders(t, old, build('new', 'cli'));
  await switchIn(folder, 'cli');
  t.same(contents(folder.out), { ...build('new', 'cli'), 'app.terminal/notes.txt': 'mine' });
});

t.test('a launcher of another name goes away, a file of the user does not', async (t) => {
  const folder = folders(t, { ...build('old', 'before'), 'notes.txt': 'mine' }, build('new', 'after'));
  await switchIn(folder, 'after');
  t.same(contents(folder.out), { ...build('new', 'after'), 'notes.txt': 'mine' });
});

t.test('the manifest comes first, pack and blob before what vouches for them, the launcher last', async (t) => {
  const folder = folders(t, {}, build('new', 'cli'));
  const order: string[] = [];
  const watcher = watch(folder.out, (_event, name) => {
    if (name !== null && !name.startsWith('.') && !order.includes(name)) order.push(name);
  });
  await switchIn(folder, 'cli');
  await rename(folder.work, `${folder.out}/end`);
  while (!order.includes('end')) await new Promise((resolve) => setTimeout(resolve, 5));
  watcher.close();
  t.same(order, ['manifest.json', 'app.pack', 'app.blob', 'blob.stamp', 'node.stamp', 'cli', 'end']);
});

t.test('a file system that refuses is told in words', async (t) => {
  const folder = folders(t, {}, build('new', 'cli'));
  writeFileSync(path.join(folder.work, 'x'), '');
  const gone = { ...folder, out: path.join(folder.work, 'x') };
  await t.rejects(switchIn(gone, 'cli'), { code: 'OUT_UNWRITABLE', path: gone.out });
  t.notOk(existsSync(path.join(folder.out, 'cli')));
});
