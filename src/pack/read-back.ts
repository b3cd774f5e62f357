// Looks into a pack that this build has written, by the reader that users' processes run.
import { PackError } from '../../snapshot-entry/launch/pack-errors.cjs';
import type { PackExpectation } from '../../snapshot-entry/launch/pack-header.cjs';
import { openPack } from '../../snapshot-entry/launch/pack-reader.cjs';
import { notReadBack, PackWriteError } from './errors.js';

/** A code cache, and the hash of the stored source that it was made from. */
export interface OwnedCache {
  readonly cache: Buffer;
  readonly hash: Buffer;
}

/** Whose caches these are: a run knows modules by their index in the pack. @throws PackWriteError PACK_NOT_READ_BACK */
export function cachesByFile(
  pack: string,
  expected: PackExpectation,
  byIndex: ReadonlyMap<number, Buffer>,
): Map<string, OwnedCache> {
  try {
    const reader = openPack(pack, expected);
    try {
      const owned = [...byIndex].map(([index, cache]) => {
        return [reader.fileOf(index), { cache: Buffer.from(cache), hash: reader.sourceHash(index) }] as const;
      });
      return new Map(owned);
    } finally {
      reader.close();
    }
  } catch (error) {
    if (error instanceof PackError) throw new PackWriteError(notReadBack(pack, error.message), error);
    throw error;
  }
}
