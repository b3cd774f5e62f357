// A node binary is measured once (measure.ts), since that takes seconds; among other things it is made to abort. The
// answers are kept for as long as the binary is the same.
import { realpath, stat } from 'node:fs/promises';
import { type ContentCache, hashKey } from '../cache/content-cache.js';
import { measureNode, type NodeBinary } from '../target/measure.js';
import { toolFingerprint } from './tool-version.js';

/** undefined where there is no such file: `measureNode` says so. */
async function keyOf(binary: string): Promise<string | undefined> {
  try {
    const real = await realpath(binary);
    const { size, mtimeMs, ctimeMs, ino } = await stat(real);
    return hashKey('node', toolFingerprint(), real, size, mtimeMs, ctimeMs, ino);
  } catch {
    return undefined;
  }
}

/** @throws as `measureNode` */
export async function knownNode(binary: string, cache: ContentCache): Promise<NodeBinary> {
  const key = await keyOf(binary);
  const known = key === undefined ? undefined : ((await cache.get(key)) as NodeBinary | undefined);
  if (known !== undefined) return known;
  const node = await measureNode(binary);
  if (key !== undefined) await cache.put(key, node);
  return node;
}
