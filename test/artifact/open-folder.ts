// A build's folder: whose it is, who else may write there, and that one build at a time works in it.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { checkName, openWorkFolder } from '../../src/artifact/folder.js';
import { manifestOf } from './harness/manifests.js';

t.test('a new folder is made, with a private work folder, and goes again when nothing came of it', async (t) => {
  const out = `${t.testdir()}/deep/out`;
  const folder = await openWorkFolder(out);
  t.match(folder, { out, isNew: true });
  t.equal(statSync(folder.work).mode & 0o777, 0o700);
  t.ok(folder.work.startsWith(out), 'renames from it stay on one file system');
  writeFileSync(`${folder.work}/half`, 'x');
  await folder.release();
  t.notOk(existsSync(out));
});

t.test('an empty folder that was there stays', async (t) => {
  const out = t.testdir();
  const folder = await openWorkFolder(out);
  t.equal(folder.isNew, false);
  await folder.release();
  t.same(readdirSync(out), []);
});

t.test('a new folder in which something was finished stays', async (t) => {
  const out = `${t.testdir()}/out`;
  const folder = await openWorkFolder(out);
  writeFileSync(`${out}/cli`, 'launcher');
  await folder.release();
  t.same(readdirSync(out), ['cli']);
});

t.test('a folder with something else in it is not touched', async (t) => {
  const out = t.testdir({ 'thesis.txt': 'years of work', src: {} });
  await t.rejects(openWorkFolder(out), { code: 'OUT_FOREIGN', message: /src|thesis/, path: out });
  t.same(readdirSync(out).sort(), ['src', 'thesis.txt']);
  t.equal(readFileSync(`${out}/thesis.txt`, 'utf8'), 'years of work');
});

t.test('the manifest of another tool makes a folder no artifact', async (t) => {
  const out = t.testdir({ 'manifest.json': '{"name":"an app","icons":[]}' });
  await t.rejects(openWorkFolder(out), { code: 'OUT_FOREIGN' });
});

t.test('an earlier artifact is ours; work that a killed build left is removed', async (t) => {
  const out = t.testdir({
    'manifest.json': JSON.stringify(manifestOf()),
    cli: 'x',
    '.snap-work-old': { 'app.blob': 'half' },
  });
  const folder = await openWorkFolder(out);
  t.notOk(existsSync(`${out}/.snap-work-old`));
  await folder.release();
  t.same(readdirSync(out).sort(), ['cli', 'manifest.json']);
});

t.test('what only a killed first build left is no stranger', async (t) => {
  const out = t.testdir({ '.snap-work-old': { 'app.blob': 'half' } });
  const folder = await openWorkFolder(out);
  await folder.release();
  t.same(readdirSync(out), []);
});

t.test('a file is no folder', async (t) => {
  const dir = t.testdir({ file: 'x' });
  await t.rejects(openWorkFolder(`${dir}/file`), { code: 'OUT_NOT_FOLDER', path: `${dir}/file` });
  await t.rejects(openWorkFolder(`${dir}/file/below`), { code: 'OUT_UNWRITABLE' });
});

t.test('a folder in which others can write is refused, unless it is sticky', async (t) => {
  const out = `${t.testdir()}/out`;
  mkdirSync(out);
  for (const mode of [0o777, 0o775, 0o757]) {
    chmodSync(out, mode);
    await t.rejects(openWorkFolder(out), { code: 'OUT_UNSAFE', hint: /chmod go-w/ }, mode.toString(8));
    t.same(readdirSync(out), []);
  }
  chmodSync(out, 0o1777);
  const folder = await openWorkFolder(out);
  await folder.release();
});

t.test('a second build waits for the first', async (t) => {
  const out = t.testdir();
  const first = await openWorkFolder(out);
  const order: string[] = [];
  const second = openWorkFolder(out).then(async (folder) => {
    order.push('second');
    await folder.release();
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  order.push('first ends');
  t.ok(existsSync(first.work), "the second does not remove the first's work");
  await first.release();
  await second;
  t.same(order, ['first ends', 'second']);
});

t.test('who waited for a first build that failed makes the folder anew', async (t) => {
  const out = `${t.testdir()}/out`;
  const first = await openWorkFolder(out);
  const second = openWorkFolder(out);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await first.release();
  t.notOk(existsSync(out));
  const folder = await second;
  t.equal(folder.isNew, true);
  t.ok(existsSync(folder.work));
  await folder.release();
  t.notOk(existsSync(out));
});

t.test('who waits can be stopped', async (t) => {
  const out = t.testdir();
  const first = await openWorkFolder(out);
  const abort = new AbortController();
  const second = openWorkFolder(out, abort.signal);
  setTimeout(() => abort.abort(), 200);
  const started = Date.now();
  await t.rejects(second, { name: 'AbortError' });
  t.ok(Date.now() - started < 900, 'at once');
  await first.release();
});

t.test("the launcher's name", async (t) => {
  for (const name of ['cli', 'my tool', 'a.b', '-x', 'app']) t.doesNotThrow(() => checkName(name), name);
  for (const name of [
    '',
    '.',
    '..',
    'a/b',
    'a\\b',
    'a\0b',
    'app.blob',
    'app.pack',
    'manifest.json',
    'node.stamp',
    'blob.stamp',
    '.snap-lock',
  ]) {
    t.throws(() => checkName(name), { code: 'OUT_NAME', hint: /--name/ }, JSON.stringify(name));
  }
});
