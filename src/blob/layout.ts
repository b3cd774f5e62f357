// Node's own layout of a blob, as far as it is read here: two lists of records. Nothing that a blob says is trusted: every
// number is checked against its end, and a list counts only where its count and its records agree. A blob in which no such
// list is found is left as it is.
//
// In both lists a count comes first, then the records; a record begins with the length of its name, and the name. Numbers
// have 64 bits, little endian, where nothing else is said. The same in Node 20, 22, 24 and 26:
// https://github.com/nodejs/node/blob/v24.0.0/src/node_snapshotable.cc (`operator<<` and `SnapshotSerializer::Write`).

const NUMBER_BYTES = 8;
const LONGEST_NAME = 127;

/** A part of the blob: from the first byte to before the second. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

interface NamedRecord extends Span {
  readonly name: string;
}

/** `start`: where the count stands. */
export interface RecordList<Item extends NamedRecord> extends Span {
  readonly records: readonly Item[];
}

/** Undefined where the blob has ended, or the number is more than a JavaScript number can hold. */
function numberAt(blob: Buffer, at: number): number | undefined {
  if (at < 0 || at + NUMBER_BYTES > blob.length) return undefined;
  const value = blob.readBigUInt64LE(at);
  return value > Number.MAX_SAFE_INTEGER ? undefined : Number(value);
}

/** The name that a record beginning at `start` begins with; null where its length or its spelling is none of a name. */
function nameAt(blob: Buffer, start: number, spelling: RegExp): NamedRecord | null {
  // The lowest byte first: this is asked at most places of a heap, and answered with it at nearly all.
  const length = blob[start] ?? 0;
  if (length === 0 || length > LONGEST_NAME || numberAt(blob, start) !== length) return null;
  const end = start + NUMBER_BYTES + length;
  if (end > blob.length) return null;
  const name = blob.latin1Slice(start + NUMBER_BYTES, end);
  return spelling.test(name) ? { name, start, end } : null;
}

/** The blob with some of a list's records only. */
export function withRecords<Item extends NamedRecord>(
  blob: Buffer,
  { start, end }: RecordList<Item>,
  kept: readonly Item[],
): Buffer {
  const count = Buffer.alloc(NUMBER_BYTES);
  count.writeBigUInt64LE(BigInt(kept.length));
  const records = kept.map((record) => blob.subarray(record.start, record.end));
  return Buffer.concat([blob.subarray(0, start), count, ...records, blob.subarray(end)]);
}

// V8's code caches of Node's built-in modules: of each, its id as the name, the size of the cache, and the cache. The list
// ends with the blob.

export type BuiltinCache = NamedRecord;

const BUILTIN_ID = /^[\w./+-]+$/;

function cacheAt(blob: Buffer, start: number): BuiltinCache | null {
  const id = nameAt(blob, start, BUILTIN_ID);
  const size = id === null ? undefined : numberAt(blob, id.end);
  if (id === null || size === undefined) return null;
  const end = id.end + NUMBER_BYTES + size;
  return end <= blob.length ? { ...id, end } : null;
}

/** The upper bytes of the length of a name, which is less than 256. */
const UPPER_ZEROS = Buffer.alloc(NUMBER_BYTES - 1);

/** Everything that looks like such a record, by where it ends; null where two end at one place. */
function cachesByEnd(blob: Buffer): Map<number, BuiltinCache | null> {
  const found = new Map<number, BuiltinCache | null>();
  for (let zeros = blob.indexOf(UPPER_ZEROS, 1); zeros > 0; zeros = blob.indexOf(UPPER_ZEROS, zeros + 1)) {
    const cache = cacheAt(blob, zeros - 1);
    if (cache !== null) found.set(cache.end, found.has(cache.end) ? null : cache);
  }
  return found;
}

/** Followed from the end of the blob to the count, which must be that of the records passed; null where it is not. */
export function findBuiltinCaches(blob: Buffer): RecordList<BuiltinCache> | null {
  const byEnd = cachesByEnd(blob);
  const caches: BuiltinCache[] = [];
  let at = blob.length;
  for (let cache = byEnd.get(at); cache; cache = byEnd.get(at)) {
    caches.push(cache);
    at = cache.start;
  }
  const start = at - NUMBER_BYTES;
  if (caches.length === 0 || byEnd.has(at) || numberAt(blob, start) !== caches.length) return null;
  return { start, end: blob.length, records: caches.reverse() };
}

// The templates that native code keeps for an isolate (`IsolateDataSerializeInfo`): of each, its name, its number (32 bits)
// and its place in V8's data.

export interface Template extends NamedRecord {
  /** Among all that Node knows of; they rise along the list. */
  readonly id: number;
}

/** Every list has it. */
const ANCHOR = 'async_wrap_ctor_template';
const TEMPLATE_NAME = /^[a-z][a-z0-9_]*$/;
const AFTER_TEMPLATE_NAME_BYTES = 4 + NUMBER_BYTES;

function templateAt(blob: Buffer, start: number): Template | null {
  const named = nameAt(blob, start, TEMPLATE_NAME);
  if (named === null) return null;
  const end = named.end + AFTER_TEMPLATE_NAME_BYTES;
  return end <= blob.length ? { ...named, id: blob.readUInt32LE(named.end), end } : null;
}

function templateBefore(blob: Buffer, end: number): Template | null {
  for (let length = 1; length <= LONGEST_NAME; length++) {
    const found = templateAt(blob, end - AFTER_TEMPLATE_NAME_BYTES - length - NUMBER_BYTES);
    if (found?.end === end) return found;
  }
  return null;
}

/** The whole list that a record stands in; null where its count does not say so. */
function templatesAround(blob: Buffer, one: Template): RecordList<Template> | null {
  const records = [one];
  let { start, end } = one;
  for (let next = templateAt(blob, end); next !== null; next = templateAt(blob, end)) {
    records.push(next);
    end = next.end;
  }
  for (let last = templateBefore(blob, start); last !== null; last = templateBefore(blob, start)) {
    records.unshift(last);
    start = last.start;
  }
  const isRising = records.every(({ id }, at) => at === 0 || id > (records[at - 1]?.id ?? id));
  const countAt = start - NUMBER_BYTES;
  return isRising && numberAt(blob, countAt) === records.length ? { start: countAt, end, records } : null;
}

/** Null where there is none. A program's own text may name a template, too: what counts is the list. */
export function findTemplates(blob: Buffer): RecordList<Template> | null {
  for (let at = blob.indexOf(ANCHOR); at >= 0; at = blob.indexOf(ANCHOR, at + 1)) {
    const one = templateAt(blob, at - NUMBER_BYTES);
    const list = one === null ? null : templatesAround(blob, one);
    if (list !== null) return list;
  }
  return null;
}
