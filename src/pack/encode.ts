// Lays a pack out as docs/FORMAT.md says. Pure: the same input gives the same bytes.
import {
  ARCH_BYTES,
  ARTIFACT_ID_BYTES,
  AT_ARCH,
  AT_ARTIFACT_ID,
  AT_DIRECTORY,
  AT_FILE_COUNT,
  AT_HEADER_BYTES,
  AT_HEADER_CRC,
  AT_MAGIC,
  AT_NODE_VERSION,
  AT_PACK_BYTES,
  AT_PACKED_COUNT,
  AT_RESOLUTION_COUNT,
  AT_STRING_COUNT,
  AT_V8_TAG,
  AT_VERSION,
  align,
  checksum,
  DIRECTORY_CRC,
  DIRECTORY_OFFSET,
  DIRECTORY_RECORD_BYTES,
  DIRECTORY_SIZE,
  ENTRY_RECORD_BYTES,
  FORMAT_VERSION,
  HEADER_BYTES,
  MAGIC,
  MAX_PACK_BYTES,
  NODE_VERSION_BYTES,
} from '../../snapshot-entry/shared/pack-format.cjs';
import { encodeContents } from './contents.js';
import { badHeader, PackWriteError, tooLarge } from './errors.js';
import { encodeFileTable, encodeResolutionTable, resolutionRows } from './hash-tables.js';
import { buildKeyTable, encodeStrings } from './key-table.js';
import type { PackInput } from './types.js';

/** Throws PackWriteError. */
export function encodePack(input: PackInput): Buffer {
  const keys = buildKeyTable(input);
  const rows = resolutionRows(input.resolutions, keys);
  const strings = encodeStrings(keys.strings);
  const fileTable = encodeFileTable(keys.strings.slice(0, keys.fileCount));
  const resolutionTable = encodeResolutionTable(rows, keys);
  const entriesBytes = input.modules.length * ENTRY_RECORD_BYTES;
  const before = [strings.records.length, entriesBytes, fileTable.length, resolutionTable.length, strings.data.length];
  const start = before.reduce((offset, size) => align(offset + size), HEADER_BYTES);
  const { records, contents, bytes } = encodeContents(input.modules, input.node, start);
  if (start + bytes > MAX_PACK_BYTES) throw new PackWriteError(tooLarge(start + bytes));

  const pack = Buffer.alloc(start + bytes);
  const sections = [[strings.records], [records], [fileTable], [resolutionTable], [strings.data], contents];
  placeSections(pack, sections);
  writeHeader(pack, input, { files: keys.fileCount, strings: keys.strings.length, resolutions: rows.length });
  return pack;
}

function placeSections(pack: Buffer, sections: readonly (readonly Buffer[])[]): void {
  let offset = HEADER_BYTES;
  for (const [section, parts] of sections.entries()) {
    const start = offset;
    for (const part of parts) {
      part.copy(pack, offset);
      offset += part.length;
    }
    const at = AT_DIRECTORY + section * DIRECTORY_RECORD_BYTES;
    pack.writeUInt32LE(start, at + DIRECTORY_OFFSET);
    pack.writeUInt32LE(offset - start, at + DIRECTORY_SIZE);
    pack.writeUInt32LE(checksum(pack.subarray(start, offset), 0), at + DIRECTORY_CRC);
    offset = align(offset);
  }
}

interface Counts {
  readonly files: number;
  readonly strings: number;
  readonly resolutions: number;
}

function writeHeader(pack: Buffer, input: PackInput, counts: Counts): void {
  const { artifactId, node } = input;
  if (artifactId.length !== ARTIFACT_ID_BYTES) {
    throw new PackWriteError(badHeader('The artifact id', artifactId.toString('hex')));
  }
  pack.write(MAGIC, AT_MAGIC, 'latin1');
  pack.writeUInt32LE(FORMAT_VERSION, AT_VERSION);
  pack.writeUInt32LE(HEADER_BYTES, AT_HEADER_BYTES);
  artifactId.copy(pack, AT_ARTIFACT_ID);
  pack.writeUInt32LE(node.v8Tag, AT_V8_TAG);
  pack.writeUInt32LE(counts.files, AT_FILE_COUNT);
  pack.writeUInt32LE(input.modules.length, AT_PACKED_COUNT);
  pack.writeUInt32LE(counts.strings, AT_STRING_COUNT);
  pack.writeUInt32LE(counts.resolutions, AT_RESOLUTION_COUNT);
  pack.writeUInt32LE(pack.length, AT_PACK_BYTES);
  writePadded(pack, 'The node version', node.version, AT_NODE_VERSION, NODE_VERSION_BYTES);
  writePadded(pack, 'The architecture', node.arch, AT_ARCH, ARCH_BYTES);
  pack.writeUInt32LE(checksum(pack.subarray(0, AT_HEADER_CRC), 0), AT_HEADER_CRC);
}

function writePadded(pack: Buffer, field: string, text: string, at: number, bytes: number): void {
  if (text.length > bytes || !/^[\x21-\x7e]+$/.test(text)) throw new PackWriteError(badHeader(field, text));
  pack.write(text, at, 'latin1');
}
