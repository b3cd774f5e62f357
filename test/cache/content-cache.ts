import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { cacheFolder, hashKey, openCache } from '../../src/cache/content-cache.js';

function place(t: Test): { env: NodeJS.ProcessEnv; folder: string } {
  const env = { XDG_CACHE_HOME: t.testdir() };
  return { env, folder: path.join(env.XDG_CACHE_HOME, 'v8-snap') };
}

t.test('what was put is found again, by another build too', async (t) => {
  const { env, folder } = place(t);
  const cache = await openCache(env);
  const key = hashKey('question', 1);
  t.equal(await cache.get(key), undefined);
  await cache.put(key, { answer: [1, null] });
  t.same(await cache.get(key), { answer: [1, null] });
  t.same(await (await openCache(env)).get(key), { answer: [1, null] });
  t.same(readdirSync(folder), [key], 'no temporary file is left');
  t.equal(statSync(folder).mode & 0o077, 0);
  t.equal(statSync(path.join(folder, key)).mode & 0o077, 0);
});

t.test('keys keep their parts apart', async (t) => {
  const keys = [hashKey('a', 'b'), hashKey('ab'), hashKey('a', 'b', null), hashKey(['a', 'b']), hashKey('b', 'a')];
  t.equal(new Set(keys).size, keys.length);
  t.equal(hashKey('a', { b: 1 }), hashKey('a', { b: 1 }));
});

t.test('a corrupt entry is as none', async (t) => {
  const { env, folder } = place(t);
  const cache = await openCache(env);
  for (const text of ['', '{"half":', '\0\0']) {
    writeFileSync(path.join(folder, 'key'), text);
    t.equal(await cache.get('key'), undefined, JSON.stringify(text));
  }
  await cache.put('key', 'mended');
  t.equal(await cache.get('key'), 'mended');
});

t.test('a folder that others can write is not believed', async (t) => {
  const { env, folder } = place(t);
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'key'), '"planted"');
  for (const mode of [0o777, 0o770, 0o702]) {
    chmodSync(folder, mode);
    const cache = await openCache(env);
    t.equal(await cache.get('key'), undefined, mode.toString(8));
    await cache.put('other', 1);
    t.notOk(existsSync(path.join(folder, 'other')));
  }
});

t.test('where there can be no folder, nothing is remembered and nothing fails', async (t) => {
  const dir = t.testdir({ file: '' });
  const cache = await openCache({ XDG_CACHE_HOME: path.join(dir, 'file') });
  await cache.put('key', 1);
  t.equal(await cache.get('key'), undefined);
});

t.test('beyond the bound, what was not asked for longest goes first', async (t) => {
  const { env, folder } = place(t);
  const cache = await openCache(env);
  for (const [name, age] of [
    ['oldest', 30],
    ['asked', 20],
    ['newer', 10],
  ] as const) {
    await cache.put(name, 'x');
    const file = path.join(folder, name);
    // Sparse: blanks behind the JSON text would be JSON, NULs are not; only the sizes matter here.
    if (name !== 'asked') truncateSync(file, 120e6);
    utimesSync(file, Date.now() / 1000 - age, Date.now() / 1000 - age);
  }
  t.equal(await cache.get('asked'), 'x');
  await cache.put('small', 'y');
  t.same(readdirSync(folder).sort(), ['asked', 'newer', 'oldest', 'small'], 'still within the bound');
  truncateSync(path.join(folder, 'small'), 120e6);
  await cache.put('last', 'z');
  t.same(readdirSync(folder).sort(), ['asked', 'last', 'newer', 'small']);
});

t.test('the folder is where the user keeps caches', async (t) => {
  t.equal(cacheFolder({ XDG_CACHE_HOME: '/c', HOME: '/h' }), '/c/v8-snap');
  t.equal(cacheFolder({ HOME: '/h' }), '/h/.cache/v8-snap');
  t.equal(cacheFolder({ XDG_CACHE_HOME: '', HOME: '/h' }), '/h/.cache/v8-snap', 'empty is as unset');
  t.equal(cacheFolder({ XDG_CACHE_HOME: 'relative', HOME: '/h' }), '/h/.cache/v8-snap', 'a relative path is ignored');
});
