// Puts a pack on disk, whole or not at all: a running process keeps the old file, a killed build leaves it in place.
import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { checksum } from '../../snapshot-entry/shared/pack-format.cjs';
import { encodePack } from './encode.js';
import { PackWriteError, writeFailed } from './errors.js';
import type { PackInput } from './types.js';

export { encodePack } from './encode.js';
export type { PackInput, PackModule, PackNode, PackResolution } from './types.js';

/** Size and CRC-32 of the whole file. Throws PackWriteError. */
export async function writePack(file: string, input: PackInput): Promise<{ bytes: number; crc: number }> {
  const pack = encodePack(input);
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeDurably(temporary, pack);
    await rename(temporary, file);
    await syncFolder(dirname(file));
  } catch (error) {
    const left = await rm(temporary, { force: true }).then(
      () => [],
      (second: unknown) => [second],
    );
    const cause = left.length === 0 ? error : new AggregateError([error, ...left]);
    throw new PackWriteError(writeFailed(file, error instanceof Error ? error.message : String(error)), cause);
  }
  return { bytes: pack.length, crc: checksum(pack, 0) };
}

/** Only the owner may read it: it holds the program's sources, and runs as whoever runs it. */
async function writeDurably(file: string, bytes: Buffer): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The new name survives a power cut only if its folder was synced too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
