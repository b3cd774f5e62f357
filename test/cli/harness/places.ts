// Where things are: the repository (found upwards, since tests run compiled, from dist) and scratch folders.

import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';

function findRepository(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package-lock.json')) || !existsSync(join(folder, 'test', 'cli', 'fixtures'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the harness is not inside the repository');
    folder = parent;
  }
  return folder;
}

export const repository = findRepository();
export const fixtures = join(repository, 'test', 'cli', 'fixtures');
export const tool = join(repository, 'dist', 'src', 'cli', 'main.js');

/** A new folder, real path, gone when the test ends. */
export function scratch(t: Test, label = 'case'): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `snap-${label}-`)));
  t.teardown(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}
