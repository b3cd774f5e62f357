// Where the benchmark finds and keeps things. This file runs from dist/perf.

import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** All that a benchmark makes and may throw away. */
export const scratch = join(root, '.cache', 'bench');
export const snap = join(root, 'dist', 'src', 'cli', 'main.js');
/** All figures are for one Node version, so that they can be compared from day to day. */
export const node = join(root, 'node_modules', 'node-v24', 'bin', 'node');

export function corpusFolder(corpus: string): string {
  return join(root, 'perf', 'corpus', corpus);
}

/** The file that a bin of a corpus stands for. */
export function corpusBin(corpus: string, bin: string): string {
  return realpathSync(join(corpusFolder(corpus), 'node_modules', '.bin', bin));
}
