// The real programs: perf/corpus/NAME, installed from its lock file by test/install-corpus.mjs.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { repository } from './places.js';

/** `name`'s folder below perf/corpus (or `samples`); undefined, and a failed test, where it is not installed. */
export function corpus(t: Test, name: string): string | undefined {
  const folder = name === 'samples' ? join(repository, 'samples') : join(repository, 'perf', 'corpus', name);
  if (existsSync(join(folder, 'node_modules'))) return folder;
  t.fail(`${name} is not installed: node test/install-corpus.mjs ${name}`);
  return undefined;
}
