// Makes packs that lie: changes fields, then corrects the checksums, as an attacker or a faulty writer would.
import {
  AT_ARTIFACT_ID,
  AT_DIRECTORY,
  AT_FILE_COUNT,
  AT_HEADER_BYTES,
  AT_HEADER_CRC,
  AT_MAGIC,
  AT_PACK_BYTES,
  AT_PACKED_COUNT,
  AT_STRING_COUNT,
  AT_VERSION,
  align,
  checksum,
  DIRECTORY_CRC,
  DIRECTORY_OFFSET,
  DIRECTORY_RECORD_BYTES,
  DIRECTORY_SIZE,
  ENTRY_RECORD_BYTES,
  FILE_SLOT_BYTES,
  FORMAT_VERSION,
  HEADER_BYTES,
  MAGIC,
  RESOLUTION_SLOT_BYTES,
  SECTION_COUNT,
  SECTION_ENTRIES,
  STRING_RECORD_BYTES,
  tableCapacity,
} from '../../../snapshot-entry/shared/pack-format.cjs';

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

/** A pack of zeros whose header, sizes and checksums fit the counts, without resolutions and contents. */
export function blank(artifactId: Uint8Array, counts: { files: number; packed: number; strings: number }): Buffer {
  const sizes = [
    counts.strings * STRING_RECORD_BYTES,
    counts.packed * ENTRY_RECORD_BYTES,
    tableCapacity(counts.files) * FILE_SLOT_BYTES,
    tableCapacity(0) * RESOLUTION_SLOT_BYTES,
    0,
    0,
  ];
  const pack = Buffer.alloc(sizes.reduce((end, size) => align(end + size), HEADER_BYTES));
  let offset = HEADER_BYTES;
  for (const [section, size] of sizes.entries()) {
    pack.writeUInt32LE(offset, directoryAt(section) + DIRECTORY_OFFSET);
    pack.writeUInt32LE(size, directoryAt(section) + DIRECTORY_SIZE);
    offset = align(offset + size);
  }
  pack.write(MAGIC, AT_MAGIC, 'latin1');
  pack.set(artifactId, AT_ARTIFACT_ID);
  pack.writeUInt32LE(FORMAT_VERSION, AT_VERSION);
  pack.writeUInt32LE(HEADER_BYTES, AT_HEADER_BYTES);
  pack.writeUInt32LE(counts.files, AT_FILE_COUNT);
  pack.writeUInt32LE(counts.packed, AT_PACKED_COUNT);
  pack.writeUInt32LE(counts.strings, AT_STRING_COUNT);
  pack.writeUInt32LE(pack.length, AT_PACK_BYTES);
  return forged(pack, () => {});
}
