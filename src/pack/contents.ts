// The sources and code caches of a pack, in the order of first load, and the records that point at them.
import {
  align,
  cacheStart,
  checksum,
  ENTRY_CACHE_BYTES,
  ENTRY_CRC,
  ENTRY_FLAGS,
  ENTRY_OFFSET,
  ENTRY_RECORD_BYTES,
  ENTRY_SOURCE_BYTES,
  entrySeed,
  SOURCE_HASH_BYTES,
} from '../../snapshot-entry/shared/pack-format.cjs';
import { factsFor } from '../target/facts.js';
import { PackWriteError, staleCache } from './errors.js';
import { storedSource } from './stored-source.js';
import type { PackModule, PackNode } from './types.js';

export interface EncodedContents {
  readonly records: Buffer;
  readonly contents: readonly Buffer[];
  readonly bytes: number;
}

/** Whether this node runs the module right where it is compiled with a code cache. A version without facts gets none. */
function mayBeCached({ usesDynamicImport }: PackModule, { version }: PackNode): boolean {
  return !usesDynamicImport || factsFor(version)?.cachesKeepImports === true;
}

/** `start` is the file offset of the contents section, a multiple of ALIGNMENT. */
export function encodeContents(modules: readonly PackModule[], node: PackNode, start: number): EncodedContents {
  const records = Buffer.alloc(modules.length * ENTRY_RECORD_BYTES);
  const contents: Buffer[] = [];
  let offset = start;
  for (const [index, module] of modules.entries()) {
    const source = storedSource(module);
    const cache = mayBeCached(module, node) ? module.cache : undefined;
    if (cache !== undefined && module.cacheSourceHash?.equals(source.hash) !== true) {
      throw new PackWriteError(staleCache(module.file));
    }
    const cacheBytes = cache?.length ?? 0;
    const length = cacheStart(source.bytes.length) + cacheBytes;
    const content = Buffer.alloc(align(length));
    source.hash.copy(content);
    source.bytes.copy(content, SOURCE_HASH_BYTES);
    cache?.copy(content, length - cacheBytes);
    const at = index * ENTRY_RECORD_BYTES;
    records.writeUInt32LE(offset % 2 ** 32, at + ENTRY_OFFSET);
    records.writeUInt32LE(source.bytes.length, at + ENTRY_SOURCE_BYTES);
    records.writeUInt32LE(cacheBytes, at + ENTRY_CACHE_BYTES);
    records.writeUInt32LE(source.flags, at + ENTRY_FLAGS);
    const seed = entrySeed(module.file, source.bytes.length);
    records.writeUInt32LE(checksum(content.subarray(0, length), seed), at + ENTRY_CRC);
    contents.push(content);
    offset += content.length;
  }
  return { records, contents, bytes: offset - start };
}
