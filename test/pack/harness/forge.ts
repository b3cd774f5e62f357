// Makes packs that lie: changes fields, then corrects the checksums, as an attacker or a faulty writer would.
import {
  AT_DIRECTORY,
  AT_HEADER_CRC,
  checksum,
  DIRECTORY_CRC,
  DIRECTORY_OFFSET,
  DIRECTORY_RECORD_BYTES,
  DIRECTORY_SIZE,
  ENTRY_RECORD_BYTES,
  SECTION_COUNT,
  SECTION_ENTRIES,
} from '../../../snapshot-entry/pack-format.cjs';

export function directoryAt(section: number): number {
  return AT_DIRECTORY + section * DIRECTORY_RECORD_BYTES;
}

export function sectionStart(pack: Buffer, section: number): number {
  return pack.readUInt32LE(directoryAt(section) + DIRECTORY_OFFSET);
}

export function sectionSize(pack: Buffer, section: number): number {
  return pack.readUInt32LE(directoryAt(section) + DIRECTORY_SIZE);
}

export function entryAt(pack: Buffer, index: number): number {
  return sectionStart(pack, SECTION_ENTRIES) + index * ENTRY_RECORD_BYTES;
}

/** A changed copy whose header and section checksums hold; those of contents stay as they were. */
export function forged(pack: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(pack);
  change(copy);
  for (let section = 0; section < SECTION_COUNT; section++) {
    const start = sectionStart(copy, section);
    const bytes = copy.subarray(start, start + sectionSize(copy, section));
    copy.writeUInt32LE(checksum(bytes, 0), directoryAt(section) + DIRECTORY_CRC);
  }
  copy.writeUInt32LE(checksum(copy.subarray(0, AT_HEADER_CRC), 0), AT_HEADER_CRC);
  return copy;
}
