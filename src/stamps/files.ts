// Stamps of files and folders: size and time, as they are now.
import { stat } from 'node:fs/promises';
import type { SourceStamp } from '../../snapshot-entry/shared/bake-plan.cjs';

export async function stampOf(file: string): Promise<SourceStamp | null> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  return found === null ? null : { file, bytes: found.size, mtimeMs: found.mtimeMs };
}

export async function stampAll(files: Iterable<string>): Promise<SourceStamp[]> {
  const stamps = await Promise.all([...files].map(stampOf));
  return stamps.filter((stamp) => stamp !== null);
}
