// Reads app.pack in the user's process. Invariant: nothing in the file is believed before it was checked, so damage
// ends in a PackError, never in a crash or in another module's source. The file is opened once, by name; from then on
// only the descriptor is used, so that a rebuild, which renames a new pack into place, does not mix two packs.
// It runs at every start: opening makes no object per entry, a look-up is one probe sequence over a Uint32Array, and
// a read is at most one positioned read. `node:` built-ins only. The layout is docs/FORMAT.md.
import nodeBuffer = require('node:buffer');
import fs = require('node:fs');
import errors = require('./pack-errors.cjs');
import format = require('../shared/pack-format.cjs');
import packHeader = require('./pack-header.cjs');

// Taken when the snapshot is built, as in pack-header.
const { closeSync } = fs;
const { Buffer } = nodeBuffer;
const { allocUnsafeSlow } = Buffer;
const { latin1Slice, subarray, ucs2Slice } = Buffer.prototype;
const { slice, startsWith } = String.prototype;
const { max, min } = Math;
const { apply } = Reflect;
const { PackError, fault } = errors;
const { hashKey, checksum, tableCapacity, entrySeed } = format;
const { readFully, sectionField, sectionWord } = packHeader;

/** A module's text and code cache. `cache` is a view of the reader's buffer: use it before the next `read`. */
export class PackedEntry {
  readonly wrapped: string;
  readonly cache: Buffer | undefined;
  private readonly flags: number;
  constructor(wrapped: string, cache: Buffer | undefined, flags: number) {
    this.wrapped = wrapped;
    this.cache = cache;
    this.flags = flags;
  }
  get format(): 'commonjs' | 'json' {
    return (this.flags & format.FLAG_JSON) === 0 ? 'commonjs' : 'json';
  }
  /** How many calls of `require` it makes before it does anything else. */
  get requireRun(): number {
    return (this.flags & format.FLAGS_KNOWN) >>> 8;
  }
  get usesDynamicImport(): boolean {
    return (this.flags & format.FLAG_DYNAMIC_IMPORT) !== 0;
  }
  /** It may evaluate text, from its first line on: a wrapper would show in the places that V8 gives for that. */
  get mayEvaluate(): boolean {
    return (this.flags & format.FLAG_EVALUATES) !== 0;
  }
  /** What `vm.Script` is to add to columns of the first line; 0 where the wrapper's head has a line of its own. */
  get columnOffset(): number {
    return (this.flags & format.FLAG_BESIDE) === 0 ? 0 : -format.WRAPPER_HEAD.length;
  }
  /** As Node's loader would hand it to `module._compile`: without BOM, with its hashbang. */
  originalSource(): string {
    if (this.format === 'json') return this.wrapped;
    const body = apply(slice, this.wrapped, [format.WRAPPER_HEAD.length, -format.WRAPPER_TAIL.length]) as string;
    return (this.flags & format.FLAG_HASHBANG) === 0 ? body : `#!${apply(slice, body, [2])}`;
  }
}

// Entries lie in the order of first load, so one read fetches what will be asked for next. Against one read a module
// this costs no time that could be measured (200 modules of 12 KB) and saves nine of ten system calls.
const WINDOW_BYTES = 256 * 1024;
const NO_BYTES = Buffer.alloc(0);

export class PackReader {
  /** Known files; the first `packedCount` of them have contents, in the order of first load. */
  readonly fileCount: number;
  readonly packedCount: number;
  /** False when the pack was made by another node: `read` then gives no caches. */
  readonly cachesUsable: boolean;
  readonly path: string;
  private fd: number;
  private readonly tables: Buffer;
  private readonly words: Uint32Array;
  private readonly stringCount: number;
  private readonly strings: number;
  private readonly entries: number;
  private readonly fileTable: number;
  private readonly fileCapacity: number;
  private readonly resolutionTable: number;
  private readonly resolutionCapacity: number;
  private readonly textStart: number;
  private readonly textBytes: number;
  private readonly contentsStart: number;
  private readonly packBytes: number;
  /** Answers given before: the requests of one module follow on each other. No Map: a program may replace what Map can do. */
  private readonly indexes: { [file: string]: number | undefined } = Object.create(null);
  private readonly files: (string | undefined)[] = [];
  private requestSlots: { [fromAndTarget: number]: number | undefined } | undefined;
  private window = NO_BYTES;
  private windowStart: number;
  private windowEnd: number;

  /** Called by `openPack`, with a header and tables that passed its checks. */
  constructor(fd: number, path: string, header: Buffer, tables: Buffer, cachesUsable: boolean) {
    this.fd = fd;
    this.path = path;
    this.tables = tables;
    this.words = new Uint32Array(tables.buffer, tables.byteOffset, tables.length / 4);
    this.cachesUsable = cachesUsable;
    this.fileCount = header.readUInt32LE(format.AT_FILE_COUNT);
    this.packedCount = header.readUInt32LE(format.AT_PACKED_COUNT);
    this.stringCount = header.readUInt32LE(format.AT_STRING_COUNT);
    this.packBytes = header.readUInt32LE(format.AT_PACK_BYTES);
    this.strings = sectionWord(header, format.SECTION_STRINGS);
    this.entries = sectionWord(header, format.SECTION_ENTRIES);
    this.fileTable = sectionWord(header, format.SECTION_FILE_TABLE);
    this.fileCapacity = tableCapacity(this.fileCount);
    this.resolutionTable = sectionWord(header, format.SECTION_RESOLUTION_TABLE);
    this.resolutionCapacity = tableCapacity(header.readUInt32LE(format.AT_RESOLUTION_COUNT));
    this.textStart = sectionField(header, format.SECTION_STRING_DATA, format.DIRECTORY_OFFSET) - format.HEADER_BYTES;
    this.textBytes = sectionField(header, format.SECTION_STRING_DATA, format.DIRECTORY_SIZE);
    this.contentsStart = sectionField(header, format.SECTION_CONTENTS, format.DIRECTORY_OFFSET);
    this.windowStart = this.contentsStart;
    this.windowEnd = this.contentsStart;
  }

  /** The index of a known file, packed or not, or -1. */
  indexOf(file: string): number {
    const known = this.indexes[file];
    if (known !== undefined) return known;
    const found = this.findFile(file);
    this.indexes[file] = found;
    return found;
  }

  private findFile(file: string): number {
    const hash = hashKey(file, 0);
    const mask = this.fileCapacity - 1;
    let found = -1;
    for (let probe = 0; probe <= mask; probe++) {
      const slot = this.fileTable + ((hash + probe) & mask) * 2;
      const reference = this.words[slot + 1] ?? 0;
      if (reference === 0) return found;
      if (this.words[slot] !== hash || this.fileOf(reference - 1) !== file) continue;
      if (found !== -1) throw this.malformed(`names ${file} twice`);
      found = reference - 1;
    }
    throw this.malformed('has a file table without an empty slot');
  }

  isPacked(index: number): boolean {
    return index >= 0 && index < this.packedCount;
  }

  /** A file's index, `node:NAME`, null for a resolution that failed at build, undefined for one never seen. */
  resolve(fromIndex: number, request: string): number | string | null | undefined {
    const target = this.findTarget(fromIndex, request);
    if (target === -1) return undefined;
    if (target >= format.TARGET_FAILED) return null;
    if (target < this.fileCount) return target;
    const builtin = this.stringAt(target);
    if (!apply(startsWith, builtin, ['node:'])) throw this.malformed(`resolves ${request} to ${builtin}`);
    return builtin;
  }

  /** A request from one file that leads to another. The first question reads the whole table. */
  requestFor(fromIndex: number, targetIndex: number): string | undefined {
    if (fromIndex < 0 || targetIndex < 0) return undefined;
    this.requestSlots ??= this.slotsOfRequests();
    const slot = this.requestSlots[fromIndex * this.fileCount + targetIndex];
    return slot === undefined ? undefined : this.stringAt(this.words[slot + 2] ?? 0);
  }

  private slotsOfRequests(): { [fromAndTarget: number]: number | undefined } {
    const slots: { [fromAndTarget: number]: number | undefined } = Object.create(null);
    for (let slot = 0; slot < this.resolutionCapacity; slot++) {
      const at = this.resolutionTable + slot * 4;
      const from = this.words[at + 1] ?? 0;
      const target = this.words[at + 3] ?? 0;
      if (from !== 0 && target < this.fileCount) slots[(from - 1) * this.fileCount + target] = at;
    }
    return slots;
  }

  /** The key of a known file: its absolute path. */
  fileOf(index: number): string {
    if (!(index >= 0 && index < this.fileCount)) throw this.malformed(`has no file of index ${index}`);
    const file = this.files[index] ?? this.stringAt(index);
    this.files[index] = file;
    return file;
  }

  /** A packed file's text and cache, checked. At most one positioned read. */
  read(index: number): PackedEntry {
    const content = this.contentOf(index);
    const sourceBytes = this.entryField(index, format.ENTRY_SOURCE_BYTES);
    const flags = this.entryField(index, format.ENTRY_FLAGS);
    const wide = (flags & format.FLAG_WIDE) !== 0;
    const isKnown = (flags & ~format.FLAGS_KNOWN) === 0;
    // Only a script makes calls.
    const isPlausible = (flags & format.FLAG_JSON) === 0 || flags < format.RUN_UNIT;
    if (!isKnown || !isPlausible || (wide && sourceBytes % 2 !== 0)) throw this.malformed(`has flags ${flags}`);
    const start = format.SOURCE_HASH_BYTES;
    const end = start + sourceBytes;
    const text = apply(wide ? ucs2Slice : latin1Slice, content, [start, end]) as string;
    const cacheAt = format.cacheStart(sourceBytes);
    const hasCache = this.cachesUsable && cacheAt < content.length;
    const cache = hasCache ? (apply(subarray, content, [cacheAt]) as Buffer) : undefined;
    return new PackedEntry(text, cache, flags);
  }

  /** The sha256 of a packed file's stored source: what a code cache made from `read(index).wrapped` belongs to. */
  sourceHash(index: number): Buffer {
    return Buffer.from(this.contentOf(index).subarray(0, format.SOURCE_HASH_BYTES));
  }

  close(): void {
    if (this.fd === -1) return;
    const fd = this.fd;
    this.fd = -1;
    this.window = NO_BYTES;
    this.windowEnd = 0;
    closeSync(fd);
  }

  private findTarget(fromIndex: number, request: string): number {
    if (!(fromIndex >= 0 && fromIndex < this.fileCount)) return -1;
    const hash = hashKey(request, fromIndex);
    const mask = this.resolutionCapacity - 1;
    let found = -1;
    for (let probe = 0; probe <= mask; probe++) {
      const slot = this.resolutionTable + ((hash + probe) & mask) * 4;
      const from = this.words[slot + 1] ?? 0;
      if (from === 0) return found;
      if (from !== fromIndex + 1 || this.words[slot] !== hash) continue;
      if (this.stringAt(this.words[slot + 2] ?? 0) !== request) continue;
      if (found !== -1) throw this.malformed(`resolves ${request} from ${this.fileOf(fromIndex)} twice`);
      found = this.words[slot + 3] ?? 0;
    }
    throw this.malformed('has a resolution table without an empty slot');
  }

  private stringAt(id: number): string {
    if (id >= this.stringCount) throw this.malformed(`has no string ${id}`);
    const record = this.strings + id * 2;
    const offset = this.words[record] ?? 0;
    const length = this.words[record + 1] ?? 0;
    const bytes = length % format.STRING_WIDE;
    if (offset + bytes > this.textBytes) throw this.malformed(`has string ${id} outside its section`);
    const start = this.textStart + offset;
    return apply(bytes === length ? latin1Slice : ucs2Slice, this.tables, [start, start + bytes]);
  }

  private entryField(index: number, field: number): number {
    return this.words[this.entries + (index * format.ENTRY_RECORD_BYTES + field) / 4] ?? 0;
  }

  /** An entry's hash, source and cache, with its checksum verified. */
  private contentOf(index: number): Buffer {
    if (!this.isPacked(index)) throw new PackError(fault('PACK_NOT_PACKED', this.path, `has no content ${index}`));
    const offset = this.entryField(index, format.ENTRY_OFFSET);
    const sourceBytes = this.entryField(index, format.ENTRY_SOURCE_BYTES);
    const length = format.cacheStart(sourceBytes) + this.entryField(index, format.ENTRY_CACHE_BYTES);
    if (offset < this.contentsStart || offset % format.ALIGNMENT !== 0 || offset + length > this.packBytes) {
      throw this.malformed(`has content ${index} outside its section`);
    }
    const file = this.fileOf(index);
    const content = this.bytesAt(offset, length);
    if (checksum(content, entrySeed(file, sourceBytes)) !== this.entryField(index, format.ENTRY_CRC)) {
      throw new PackError(fault('PACK_CHECKSUM', this.path, `has a damaged copy of ${file}`));
    }
    return content;
  }

  /** From the window; else one read, ahead of what was asked for if the entries are being read in order. */
  private bytesAt(offset: number, length: number): Buffer {
    const fd = this.openFd();
    if (offset < this.windowStart || offset + length > this.windowEnd) {
      const inOrder = offset >= this.windowStart && offset < this.windowEnd + format.ALIGNMENT;
      const wanted = inOrder ? max(length, min(WINDOW_BYTES, this.packBytes - offset)) : length;
      if (this.window.length < wanted) this.window = allocUnsafeSlow(max(wanted, this.smallestWindow()));
      this.windowEnd = 0;
      readFully(fd, this.path, this.window, wanted, offset);
      this.windowStart = offset;
      this.windowEnd = offset + wanted;
    }
    return apply(subarray, this.window, [offset - this.windowStart, offset - this.windowStart + length]);
  }

  private smallestWindow(): number {
    return min(WINDOW_BYTES, this.packBytes - this.contentsStart);
  }

  private openFd(): number {
    if (this.fd === -1) throw new PackError(fault('PACK_CLOSED', this.path, 'was read after it was closed'));
    return this.fd;
  }

  private malformed(message: string): errors.PackError {
    return new PackError(fault('PACK_MALFORMED', this.path, message));
  }
}

/** Opens and checks header and tables. Throws PackError; caches of another node are dropped, sources still served. */
export function openPack(path: string, expected: packHeader.PackExpectation): PackReader {
  const fd = packHeader.openFile(path);
  try {
    const header = packHeader.readHeader(fd, path, expected);
    const tables = packHeader.loadTables(fd, path, header);
    return new PackReader(fd, path, header, tables, packHeader.sameNode(header, expected));
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
