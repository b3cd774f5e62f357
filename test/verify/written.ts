// What a run leaves behind in folders, new and old.
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { watchChanges, watchEmpty } from '../../src/verify/written.js';

t.test('everything below a folder that was empty, in order of name', async (t) => {
  const dir = t.testdir({ home: {} });
  const home = join(dir, 'home');
  const end = watchEmpty(home, '$HOME');
  mkdirSync(join(home, '.config/app'), { recursive: true });
  writeFileSync(join(home, '.config/app/settings'), 'x');
  chmodSync(join(home, '.config/app/settings'), 0o600);
  symlinkSync('nowhere', join(home, 'link'));
  const shown = end().map(({ path, kind, mode, bytes }) => [path, kind, mode & 0o700, bytes.toString()]);
  t.same(shown, [
    ['$HOME/.config', 'folder', 0o700, ''],
    ['$HOME/.config/app', 'folder', 0o700, ''],
    ['$HOME/.config/app/settings', 'file', 0o600, 'x'],
    ['$HOME/link', 'link', 0o700, 'nowhere'],
  ]);
});

t.test("node's own compile cache says nothing of a program", async (t) => {
  const dir = t.testdir();
  const end = watchEmpty(dir, '$TMPDIR');
  mkdirSync(join(dir, 'node-compile-cache/v24'), { recursive: true });
  t.same(end(), []);
});

t.test('what is large is kept as its size and hash', async (t) => {
  const dir = t.testdir();
  const end = watchEmpty(dir, '.');
  writeFileSync(join(dir, 'large'), Buffer.alloc(2 ** 20 + 1));
  t.match(end()[0]?.bytes.toString(), /^1048577 bytes, SHA-256 [0-9a-f]{64}\n$/);
});

t.test('of a folder that holds something: what is new, written again, of another mode, or gone', async (t) => {
  const dir = t.testdir({ kept: 'kept', again: 'same', mode: '', gone: '', folder: { inner: '' }, scratch: {} });
  const end = watchChanges(dir, 100, join(dir, 'scratch'));
  writeFileSync(join(dir, 'again'), 'same');
  chmodSync(join(dir, 'mode'), 0o755);
  rmSync(join(dir, 'gone'));
  writeFileSync(join(dir, 'folder/new'), 'n');
  writeFileSync(join(dir, 'scratch/ours'), '');
  mkdirSync(join(dir, 'node_modules'));
  t.same(
    end?.().map(({ path, kind }) => `${kind} ${path}`),
    ['file ./again', 'file ./folder/new', 'removed ./gone', 'file ./mode'],
  );
});

t.test('a folder that holds too much is not watched', async (t) => {
  const dir = t.testdir({ a: '', b: '', c: '', node_modules: { many: '', more: '' } });
  t.equal(watchChanges(dir, 2, ''), null);
  t.not(watchChanges(dir, 3, ''), null);
});
