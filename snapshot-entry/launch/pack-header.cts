// Opens app.pack and checks its header, its section directory and its tables, before the reader believes any of it.
// Runs in users' processes: `node:` built-ins only. The layout is docs/FORMAT.md.
import nodeBuffer = require('node:buffer');
import fs = require('node:fs');
import errors = require('./pack-errors.cjs');
import format = require('../shared/pack-format.cjs');

// Taken when the snapshot is built: what a program patches later (graceful-fs does) is not called by this reader.
const { openSync, readSync, fstatSync } = fs;
const { Buffer } = nodeBuffer;
const { O_RDONLY, O_NONBLOCK } = fs.constants;
const { checksum, tableCapacity, align } = format;
const { PackError, fault } = errors;

/** What the artifact's other files say about the pack that belongs to them, and the node that runs now. */
export interface PackExpectation {
  readonly artifactId: Uint8Array;
  /** Where it is known; the header has it too. */
  readonly bytes?: number;
  readonly nodeVersion: string;
  readonly arch: string;
  readonly v8Tag: number;
}

/** Opens for reading. Not blocking, so that a pipe of that name is refused instead of waited for. */
export function openFile(path: string): number {
  return attempt(path, () => openSync(path, O_RDONLY | O_NONBLOCK));
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PackError(fault('PACK_UNREADABLE', path, `cannot be read: ${reason}`), error);
  }
}

/** Fills the first `length` bytes of `into`; only a file that shrank, or a signal, needs a second read. */
export function readFully(fd: number, path: string, into: Buffer, length: number, position: number): void {
  let done = 0;
  while (done < length) {
    const got = attempt(path, () => readSync(fd, into, done, length - done, position + done));
    if (got === 0) throw new PackError(fault('PACK_SIZE', path, `ends at byte ${position + done}, cut short`));
    done += got;
  }
}

export function readHeader(fd: number, path: string, expected: PackExpectation): Buffer {
  const stat = attempt(path, () => fstatSync(fd));
  if (!stat.isFile()) throw new PackError(fault('PACK_NOT_A_PACK', path, 'is not a regular file'));
  const size = stat.size;
  const wanted = expected.bytes ?? size;
  if (size !== wanted || size < format.HEADER_BYTES) {
    throw new PackError(fault('PACK_SIZE', path, `has ${size} bytes instead of ${wanted}`));
  }
  const header = Buffer.allocUnsafeSlow(format.HEADER_BYTES);
  readFully(fd, path, header, format.HEADER_BYTES, 0);
  if (header.latin1Slice(format.AT_MAGIC, format.AT_MAGIC + format.MAGIC.length) !== format.MAGIC) {
    throw new PackError(fault('PACK_NOT_A_PACK', path, 'is not a packed index'));
  }
  const version = header.readUInt32LE(format.AT_VERSION);
  if (version !== format.FORMAT_VERSION) {
    throw new PackError(fault('PACK_VERSION', path, `has format ${version}, this is for ${format.FORMAT_VERSION}`));
  }
  if (checksum(header.subarray(0, format.AT_HEADER_CRC), 0) !== header.readUInt32LE(format.AT_HEADER_CRC)) {
    throw new PackError(fault('PACK_CHECKSUM', path, 'has a damaged header'));
  }
  const id = header.subarray(format.AT_ARTIFACT_ID, format.AT_ARTIFACT_ID + format.ARTIFACT_ID_BYTES);
  if (!id.equals(expected.artifactId)) {
    throw new PackError(fault('PACK_OTHER_ARTIFACT', path, 'belongs to another build'));
  }
  if (
    header.readUInt32LE(format.AT_PACK_BYTES) !== size ||
    header.readUInt32LE(format.AT_HEADER_BYTES) !== header.length
  ) {
    throw new PackError(fault('PACK_MALFORMED', path, 'states a size that it does not have'));
  }
  return header;
}

/** Sizes follow from the counts; the sections lie one behind the other and end with the file. Nothing else passes. */
function checkDirectory(header: Buffer, path: string): void {
  const strings = header.readUInt32LE(format.AT_STRING_COUNT);
  const files = header.readUInt32LE(format.AT_FILE_COUNT);
  const packed = header.readUInt32LE(format.AT_PACKED_COUNT);
  const resolutions = header.readUInt32LE(format.AT_RESOLUTION_COUNT);
  if (packed > files || files > strings) throw new PackError(fault('PACK_MALFORMED', path, 'has counts that disagree'));
  const sizes = [
    strings * format.STRING_RECORD_BYTES,
    packed * format.ENTRY_RECORD_BYTES,
    tableCapacity(files) * format.FILE_SLOT_BYTES,
    tableCapacity(resolutions) * format.RESOLUTION_SLOT_BYTES,
  ];
  let next = format.HEADER_BYTES;
  for (let section = 0; section < format.SECTION_COUNT; section++) {
    const size = sectionField(header, section, format.DIRECTORY_SIZE);
    if (sectionField(header, section, format.DIRECTORY_OFFSET) !== next || (sizes[section] ?? size) !== size) {
      throw new PackError(fault('PACK_MALFORMED', path, `has section ${section} out of its place`));
    }
    next = section === format.SECTION_CONTENTS ? next + size : align(next + size);
  }
  if (next !== header.readUInt32LE(format.AT_PACK_BYTES)) {
    throw new PackError(fault('PACK_MALFORMED', path, 'has sections that do not end with the file'));
  }
}

export function loadTables(fd: number, path: string, header: Buffer): Buffer {
  checkDirectory(header, path);
  const end = sectionField(header, format.SECTION_CONTENTS, format.DIRECTORY_OFFSET);
  const tables = Buffer.allocUnsafeSlow(end - format.HEADER_BYTES);
  readFully(fd, path, tables, tables.length, format.HEADER_BYTES);
  for (let section = 0; section < format.SECTION_CONTENTS; section++) {
    const start = sectionField(header, section, format.DIRECTORY_OFFSET) - format.HEADER_BYTES;
    const bytes = tables.subarray(start, start + sectionField(header, section, format.DIRECTORY_SIZE));
    if (checksum(bytes, 0) !== sectionField(header, section, format.DIRECTORY_CRC)) {
      throw new PackError(fault('PACK_CHECKSUM', path, `has a damaged section ${section}`));
    }
  }
  return tables;
}

export function sectionField(header: Buffer, section: number, field: number): number {
  return header.readUInt32LE(format.AT_DIRECTORY + section * format.DIRECTORY_RECORD_BYTES + field);
}

export function sameNode(header: Buffer, expected: PackExpectation): boolean {
  return (
    header.readUInt32LE(format.AT_V8_TAG) === expected.v8Tag &&
    paddedText(header, format.AT_NODE_VERSION, format.NODE_VERSION_BYTES) === expected.nodeVersion &&
    paddedText(header, format.AT_ARCH, format.ARCH_BYTES) === expected.arch
  );
}

function paddedText(header: Buffer, start: number, bytes: number): string {
  const text = header.latin1Slice(start, start + bytes);
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}

/** Where a section begins, in 32-bit words from the start of the tables. */
export function sectionWord(header: Buffer, section: number): number {
  return (sectionField(header, section, format.DIRECTORY_OFFSET) - format.HEADER_BYTES) / 4;
}
