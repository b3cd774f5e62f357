import { mkdirSync, realpathSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { changedSource, relinked, type Stamped } from '../../../snapshot-entry/launch/sources.cjs';
import type { FolderStamp, SourceStamp } from '../../../snapshot-entry/shared/bake-plan.cjs';
import { NO_STAMPS } from '../../../src/stamps/source-stamps.js';

function stamp(file: string): SourceStamp {
  const { size, mtimeMs } = statSync(file);
  return { file, bytes: size, mtimeMs };
}

/** What a launch says of these stamps. */
function changed(stamps: Partial<Stamped>, globals: readonly string[] = []): string | undefined {
  return changedSource({ ...NO_STAMPS, ...stamps }, globals);
}

function other(file: string | undefined): string {
  return `${file} is not what was built`;
}

/** Moves the time of a file without changing it. */
function touch(file: string): void {
  utimesSync(file, 1_000_000, 1_000_000);
}

function own(t: Test): { file: string; stamps: SourceStamp[] } {
  const dir = t.testdir({ 'cli.js': 'one', lib: { 'x.js': 'x' } });
  return { file: `${dir}/cli.js`, stamps: [stamp(`${dir}/lib`), stamp(`${dir}/cli.js`)] };
}

t.test('nothing has changed', async (t) => {
  t.equal(changed({ ownSources: own(t).stamps }), undefined);
  t.equal(changed({}), undefined);
});

t.test('an own file of another size at the same time', async (t) => {
  const { file, stamps } = own(t);
  const { atime, mtime } = statSync(file);
  writeFileSync(file, 'more');
  utimesSync(file, atime, mtime);
  const [folder, cli] = stamps as [SourceStamp, SourceStamp];
  t.equal(changed({ ownSources: [folder, { ...cli, mtimeMs: statSync(file).mtimeMs }] }), other(file));
});

t.test('an own file of another time', async (t) => {
  const { file, stamps } = own(t);
  touch(file);
  t.equal(changed({ ownSources: stamps }), other(file));
});

t.test('an own file that is gone, and one that became a folder', async (t) => {
  const { file, stamps } = own(t);
  rmSync(file);
  t.equal(changed({ ownSources: stamps }), other(file));
  const below = `${file}/below`;
  t.equal(changed({ ownSources: [{ ...(stamps[1] as SourceStamp), file: below }] }), other(below));
});

t.test('an own folder to which a file was added', async (t) => {
  const { stamps } = own(t);
  const [folder] = stamps as [SourceStamp, SourceStamp];
  touch(folder.file);
  t.equal(changed({ ownSources: stamps }), other(folder.file));
});

function install(t: Test) {
  const dir = t.testdir({
    '.package-lock.json': '{}',
    a: { 'package.json': '{"name":"a"}' },
    b: { 'package.json': '{}' },
  });
  const lock = `${dir}/.package-lock.json`;
  const packages = [`${dir}/a/package.json`, `${dir}/b/package.json`];
  return { dir, lock, packages, stamps: { lock: stamp(lock), folder: stamp(dir), packages: packages.map(stamp) } };
}

t.test('a lock state that holds vouches for its packages', async (t) => {
  const { packages, stamps } = install(t);
  for (const file of packages) touch(file);
  t.equal(changed({ installs: [stamps] }), undefined);
});

t.test('where the lock state has moved or is gone, each package decides', async (t) => {
  const { lock, packages, stamps } = install(t);
  touch(lock);
  t.equal(changed({ installs: [stamps] }), undefined);
  touch(packages[1] as string);
  t.equal(changed({ installs: [stamps] }), other(packages[1]));
  rmSync(lock);
  t.equal(changed({ installs: [stamps] }), other(packages[1]));
});

t.test('an install without a lock state is asked package by package', async (t) => {
  const { packages, stamps } = install(t);
  t.equal(changed({ installs: [{ ...stamps, lock: null }] }), undefined);
  rmSync(packages[0] as string);
  t.equal(changed({ installs: [{ ...stamps, lock: null }] }), other(packages[0]));
});

t.test('a package that was replaced by hand, beside a lock state that holds', async (t) => {
  const { dir, packages, stamps } = install(t);
  rmSync(`${dir}/a`, { recursive: true });
  mkdirSync(`${dir}/a`);
  writeFileSync(packages[0] as string, '{"name":"another"}');
  touch(dir);
  t.equal(changed({ installs: [stamps] }), other(packages[0]));
});

/** A folder whose time has moved since: its facts decide. */
function moved(folder: string, ...words: string[]): { folders: FolderStamp[] } {
  return { folders: [{ folder, mtimeMs: 1, facts: words.join('\0') }] };
}

t.test('a folder whose time holds vouches for its facts', async (t) => {
  const dir = t.testdir({ 'there.js': '' });
  const { mtimeMs } = statSync(dir);
  t.equal(changed({ folders: [{ folder: dir, mtimeMs, facts: '!there.js' }] }), undefined);
  t.equal(changed(moved(dir, '!there.js')), `${dir}/there.js is there now`);
});

t.test('names that are not to be there', async (t) => {
  const dir = t.testdir({ 'a.json': '', b: { c: '' }, 'd.node': {} });
  t.equal(changed(moved(dir, '!x', '*x', '~x', '~b', '-x', '!b/x', '*b/x')), undefined);
  t.equal(changed(moved(dir, '!x', '*a')), `${dir}/a.json is there now`, 'one of the extensions');
  t.equal(changed(moved(dir, '~d')), `${dir}/d.node is there now`, 'with a folder of that name');
  t.equal(changed(moved(dir, '*b')), `${dir}/b is there now`, 'a folder');
  t.equal(changed(moved(dir, '-b')), undefined, 'a folder where no file must be');
  t.equal(changed(moved(dir, '-a.json')), `${dir}/a.json is there now`);
  t.equal(changed(moved(dir, '!b/c')), `${dir}/b/c is there now`);
});

t.test('names below a folder that is not there need no look', async (t) => {
  const dir = t.testdir({ gen: { 'y.js': '' }, late: '' });
  t.equal(changed(moved(dir, '?none', '!gen', '?gen', '*gen/x')), undefined);
  t.equal(changed(moved(dir, '?none', '!none/x', '?gen', '*gen/y')), `${dir}/gen/y.js is there now`);
});

t.test('links, and what is none', async (t) => {
  const dir = t.testdir({ a: {}, b: {}, 'f.js': '', link: t.fixture('symlink', 'a') });
  const is = (...words: string[]) => changed(moved(dir, ...words));
  t.equal(is('>link', 'a', '=a/b', '+a'), undefined);
  t.equal(is('>link', 'b'), `${dir}/link leads elsewhere now`);
  t.equal(is('=a/link/b'), `${dir}/link leads elsewhere now`);
  t.equal(is('+f.js'), `${dir}/f.js leads elsewhere now`, 'a file in place of a folder');
  t.equal(is('>a', 'a'), other(`${dir}/a`), 'a folder in place of a link');
  t.equal(is('>none', 'a'), other(`${dir}/none`));
});

t.test('a listing counts names, not times', async (t) => {
  const dir = t.testdir({ b: '', a: '' });
  t.equal(changed(moved(dir, '#a/b')), undefined);
  t.equal(changed(moved(dir, '#a')), other(dir));
  t.equal(changed(moved(`${dir}/gone`, '#a/b')), other(`${dir}/gone`));
});

t.test('the folders that all programs share are those of the run', async (t) => {
  const dir = t.testdir({ home: { p: {} } });
  const globals = { folders: [], facts: '?\0!p\0*q' };
  t.equal(changed({ globals }, [`${dir}/none`]), undefined, 'not there');
  t.equal(changed({ globals }, [`${dir}/none`, `${dir}/home`]), `${dir}/home/p is there now`);
  const used = { globals: { folders: ['/a', '/b'], facts: '' } };
  t.equal(changed(used, ['/a', '/b', '/c']), undefined);
  t.equal(changed(used, ['/a', '/c', '/b']), '/b leads elsewhere now');
});

t.test('what may not be looked at is no reason to fail', async (t) => {
  const refuse = () => {
    throw Object.assign(new Error('refused'), { path: '/app/secret.js' });
  };
  const { stamps } = own(t);
  t.equal(changedSource({ ...NO_STAMPS, ownSources: stamps }, [], refuse), other('/app/secret.js'));
});

t.test('the path of the entry', async (t) => {
  const dir = t.testdir({ one: { 'cli.js': '' }, two: { 'cli.js': '' }, current: t.fixture('symlink', 'one') });
  const real = realpathSync(dir);
  t.equal(relinked(`${dir}/current/cli.js`, `${real}/one/cli.js`), undefined);
  t.equal(relinked(`${dir}/current/cli.js`, `${real}/two/cli.js`), `${dir}/current/cli.js leads elsewhere now`);
  renameSync(`${dir}/one`, `${dir}/three`);
  symlinkSync('three', `${dir}/one`);
  const started = `${real}/one/cli.js`;
  t.equal(relinked(started, started), `${started} leads elsewhere now`, 'it had no links before');
  t.equal(relinked(`${dir}/gone.js`, `${real}/gone.js`), `${dir}/gone.js leads elsewhere now`);
});
