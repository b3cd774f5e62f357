// The vocabulary of app.pack: every magic, offset, size, flag and hash that the writer (src/pack) and the reader
// (pack-reader.cts) share is defined here, once. docs/FORMAT.md says the same in words; a test compares the two.
// Runs in users' processes: `node:` built-ins only.
import zlib = require('node:zlib');

// Taken now, so that a program that patches node:zlib later does not change what the reader computes.
const { crc32 } = zlib;
const { ceil } = Math;

declare global {
  // What `toString` ends in, without its look at the encoding's name; on every Node, but not in its typings.
  interface Buffer {
    latin1Slice(start: number, end: number): string;
    ucs2Slice(start: number, end: number): string;
  }
}

export const MAGIC = 'SNAPPACK';
export const FORMAT_VERSION = 3;

/** Every offset, size and count is an unsigned 32-bit number, little-endian: sums of two cannot lose precision. */
export const MAX_PACK_BYTES = 0xffffffff;
/** Sections and entries start at multiples of this: V8 copies a code cache that is not aligned to a pointer. */
export const ALIGNMENT = 8;

// The header, by byte offset.
export const HEADER_BYTES = 192;
export const AT_MAGIC = 0;
export const AT_VERSION = 8;
export const AT_HEADER_BYTES = 12;
export const AT_ARTIFACT_ID = 16;
export const AT_V8_TAG = 32;
export const AT_FILE_COUNT = 36;
export const AT_PACKED_COUNT = 40;
export const AT_STRING_COUNT = 44;
export const AT_RESOLUTION_COUNT = 48;
export const AT_PACK_BYTES = 52;
export const AT_NODE_VERSION = 64;
export const AT_ARCH = 96;
export const AT_DIRECTORY = 112;
export const AT_HEADER_CRC = 188;

export const ARTIFACT_ID_BYTES = 16;
export const NODE_VERSION_BYTES = 32;
export const ARCH_BYTES = 16;

// The section directory: one record a section, in file order.
export const DIRECTORY_RECORD_BYTES = 12;
export const DIRECTORY_OFFSET = 0;
export const DIRECTORY_SIZE = 4;
export const DIRECTORY_CRC = 8;

export const SECTION_STRINGS = 0;
export const SECTION_ENTRIES = 1;
export const SECTION_FILE_TABLE = 2;
export const SECTION_RESOLUTION_TABLE = 3;
export const SECTION_STRING_DATA = 4;
export const SECTION_CONTENTS = 5;
export const SECTION_COUNT = 6;

export const STRING_RECORD_BYTES = 8;
/** In a string record's length: the text is UTF-16LE, else Latin-1. */
export const STRING_WIDE = 0x80000000;

export const ENTRY_RECORD_BYTES = 20;
export const ENTRY_OFFSET = 0;
export const ENTRY_SOURCE_BYTES = 4;
export const ENTRY_CACHE_BYTES = 8;
export const ENTRY_FLAGS = 12;
export const ENTRY_CRC = 16;

export const FILE_SLOT_BYTES = 8;
export const RESOLUTION_SLOT_BYTES = 16;
/** In a resolution's target: it failed; the other bits are the string id of the error code, or all ones for none. */
export const TARGET_FAILED = 0x80000000;
export const NO_STRING = 0x7fffffff;

/** A content starts with the sha256 of its source bytes; the source follows. */
export const SOURCE_HASH_BYTES = 32;

export const FLAG_WIDE = 1;
export const FLAG_JSON = 2;
export const FLAG_DYNAMIC_IMPORT = 4;
export const FLAG_HASHBANG = 8;
export const FLAG_BOM = 16;
export const FLAG_EVALUATES = 32;
export const FLAG_BESIDE = 64;
/** The second byte of the flags: how many calls of `require` the source makes before it does anything else. */
export const RUN_UNIT = 0x100;
export const FLAGS_KNOWN = 0xff7f;

/** What a CommonJS source is stored between: exactly the text that `vm.Script` compiles, with `lineOffset: -1`. */
export const WRAPPER_HEAD = '(function (exports, require, module, __filename, __dirname) {\n';
export const WRAPPER_TAIL = '\n})';

export function align(offset: number): number {
  return ceil(offset / ALIGNMENT) * ALIGNMENT;
}

/** Slots of a hash table: the smallest power of two that leaves a third of them empty, so that probes end soon. */
export function tableCapacity(count: number): number {
  let capacity = 4;
  while (capacity * 2 < count * 3) capacity *= 2;
  return capacity;
}

/** Native and seedable: at start-up a hash loop in JavaScript would run in the interpreter. Hashes the UTF-8 bytes. */
export function hashKey(key: string, seed: number): number {
  return key === '' ? seed : crc32(key, seed);
}

/** CRC-32, as in zlib. zlib answers 0 instead of the seed where an empty buffer has no memory behind it. */
export function checksum(bytes: Uint8Array, seed: number): number {
  return bytes.length === 0 ? seed : crc32(bytes, seed);
}

/** Bytes from the start of an entry's content to its code cache, which is aligned. */
export function cacheStart(sourceBytes: number): number {
  return align(SOURCE_HASH_BYTES + sourceBytes);
}

/** An entry's checksum starts from its key and length: whole contents that changed places do not pass. */
export function entrySeed(file: string, sourceBytes: number): number {
  return hashKey(file, sourceBytes);
}
