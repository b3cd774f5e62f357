import { rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import type { SourceStamp } from '../../snapshot-entry/bake-plan.cjs';
import { changedSource } from '../../snapshot-entry/sources.cjs';

function stamp(file: string): SourceStamp {
  const { size, mtimeMs } = statSync(file);
  return { file, bytes: size, mtimeMs };
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
  t.equal(changedSource(own(t).stamps, []), undefined);
  t.equal(changedSource([], []), undefined);
});

t.test('an own file of another size at the same time', async (t) => {
  const { file, stamps } = own(t);
  const { atime, mtime } = statSync(file);
  writeFileSync(file, 'more');
  utimesSync(file, atime, mtime);
  const [folder, cli] = stamps as [SourceStamp, SourceStamp];
  t.equal(changedSource([folder, { ...cli, mtimeMs: statSync(file).mtimeMs }], []), file);
});

t.test('an own file of another time', async (t) => {
  const { file, stamps } = own(t);
  touch(file);
  t.equal(changedSource(stamps, []), file);
});

t.test('an own file that is gone, and one that became a folder', async (t) => {
  const { file, stamps } = own(t);
  rmSync(file);
  t.equal(changedSource(stamps, []), file);
  t.equal(changedSource([{ ...(stamps[1] as SourceStamp), file: `${file}/below` }], []), `${file}/below`);
});

t.test('an own folder to which a file was added', async (t) => {
  const { stamps } = own(t);
  const [folder] = stamps as [SourceStamp, SourceStamp];
  touch(folder.file);
  t.equal(changedSource(stamps, []), folder.file);
});

function install(t: Test) {
  const dir = t.testdir({
    '.package-lock.json': '{}',
    a: { 'package.json': '{"name":"a"}' },
    b: { 'package.json': '{}' },
  });
  const lock = `${dir}/.package-lock.json`;
  const packages = [`${dir}/a/package.json`, `${dir}/b/package.json`];
  return { lock, packages, stamps: { lock: stamp(lock), packages: packages.map(stamp) } };
}

t.test('a lock state that holds vouches for its packages', async (t) => {
  const { packages, stamps } = install(t);
  for (const file of packages) touch(file);
  t.equal(changedSource([], [stamps]), undefined);
});

t.test('where the lock state has moved or is gone, each package decides', async (t) => {
  const { lock, packages, stamps } = install(t);
  touch(lock);
  t.equal(changedSource([], [stamps]), undefined);
  touch(packages[1] as string);
  t.equal(changedSource([], [stamps]), packages[1]);
  rmSync(lock);
  t.equal(changedSource([], [stamps]), packages[1]);
});

t.test('an install without a lock state is asked package by package', async (t) => {
  const { packages, stamps } = install(t);
  t.equal(changedSource([], [{ ...stamps, lock: null }]), undefined);
  rmSync(packages[0] as string);
  t.equal(changedSource([], [{ ...stamps, lock: null }]), packages[0]);
});
