// What modules read besides their code while they were analysed (files, listings, absences), as it is now: a kept
// answer of the analysis holds as long as none of it changes.
import { readdir, readFile, stat } from 'node:fs/promises';
import { hashKey } from '../cache/content-cache.js';
import type { Input } from '../graph/analysis.js';

async function stateOf({ kind, path }: Pick<Input, 'kind' | 'path'>): Promise<unknown> {
  try {
    if (kind === 'file') return hashKey((await readFile(path)).toString('base64'));
    if (kind === 'list') return (await readdir(path)).sort();
    const { mode, size, mtimeMs } = await stat(path);
    return kind === 'absent' ? 'present' : [mode, size, mtimeMs];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { code };
  }
}

/** One hash of all of them. */
export async function inputsKey(inputs: readonly Input[]): Promise<string> {
  const unique = new Map(inputs.map(({ kind, path }) => [`${kind}\0${path}`, { kind, path }]));
  return hashKey(await Promise.all([...unique].map(async ([name, input]) => [name, await stateOf(input)])));
}
