// A pack as other commands want to see it: what is in it, through the reader that users' processes run.
import { open } from 'node:fs/promises';
import type { PackExpectation } from '../../snapshot-entry/launch/pack-header.cjs';
import { openPack } from '../../snapshot-entry/launch/pack-reader.cjs';
import {
  ARCH_BYTES,
  ARTIFACT_ID_BYTES,
  AT_ARCH,
  AT_ARTIFACT_ID,
  AT_NODE_VERSION,
  AT_V8_TAG,
  HEADER_BYTES,
  NODE_VERSION_BYTES,
} from '../../snapshot-entry/shared/pack-format.cjs';

export interface PackListing {
  readonly file: string;
  readonly format: 'commonjs' | 'json';
  readonly sourceChars: number;
  readonly cacheBytes: number;
  readonly usesDynamicImport: boolean;
}

/** Every packed module, in pack order, after a check of the whole file. Throws PackError. */
export async function listPack(file: string): Promise<PackListing[]> {
  const reader = openPack(file, await ownExpectation(file));
  try {
    reader.verifyContents();
    return Array.from({ length: reader.packedCount }, (_, index) => {
      const entry = reader.read(index);
      return {
        file: reader.fileOf(index),
        format: entry.format,
        sourceChars: entry.originalSource().length,
        cacheBytes: entry.cache?.length ?? 0,
        usesDynamicImport: entry.usesDynamicImport,
      };
    });
  } finally {
    reader.close();
  }
}

/** What the pack says of itself: a listing has no artifact to compare it with. A short header fails in the reader. */
async function ownExpectation(file: string): Promise<PackExpectation> {
  const handle = await open(file, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    await handle.read(header, 0, HEADER_BYTES, 0);
    const text = (at: number, bytes: number) => header.toString('latin1', at, at + bytes).replace(/\0.*$/s, '');
    return {
      artifactId: header.subarray(AT_ARTIFACT_ID, AT_ARTIFACT_ID + ARTIFACT_ID_BYTES),
      bytes: (await handle.stat()).size,
      nodeVersion: text(AT_NODE_VERSION, NODE_VERSION_BYTES),
      arch: text(AT_ARCH, ARCH_BYTES),
      v8Tag: header.readUInt32LE(AT_V8_TAG),
    };
  } finally {
    await handle.close();
  }
}
