// A blob ends with V8 code caches of all of Node's built-in modules, 4 of the 6 MB of an empty one on Node 24. Each start
// reads and copies them, for some 7 ms on the machine that docs/PERFORMANCE.md describes, and uses few: those of built-ins
// that are not in the heap already and are loaded during the run. Without its cache a built-in is compiled from its source,
// as Node does where it was built without caches; so leaving out costs time at most.
//
// The layout is Node's own (SnapshotData in src/node_snapshotable.cc; the same in Node 20, 22, 24 and 26): a count, then for
// each cache the length of its id, the id, its size and its bytes, to the end of the file; numbers are 64 bits, little
// endian. A blob that does not end so is left as it is.

const NUMBER_BYTES = 8;
const LONGEST_ID = 127;
const ID = /^[\w./+-]+$/;

interface BuiltinCache {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

export interface BuiltinCaches {
  /** Where the count stands. */
  readonly start: number;
  readonly caches: readonly BuiltinCache[];
}

/** Reads a number that a JavaScript number can hold; NaN where it cannot or the blob ends. */
function numberAt(blob: Buffer, at: number): number {
  if (at < 0 || at + NUMBER_BYTES > blob.length) return Number.NaN;
  const value = blob.readBigUInt64LE(at);
  return value > Number.MAX_SAFE_INTEGER ? Number.NaN : Number(value);
}

/** The cache whose record would begin at `start`. */
function cacheAt(blob: Buffer, start: number): BuiltinCache | null {
  const length = blob[start] ?? 0;
  if (length === 0 || length > LONGEST_ID || numberAt(blob, start) !== length) return null;
  const size = start + NUMBER_BYTES + length;
  const id = blob.latin1Slice(start + NUMBER_BYTES, size);
  const end = size + NUMBER_BYTES + numberAt(blob, size);
  return end <= blob.length && ID.test(id) ? { id, start, end } : null;
}

const SEVEN_ZEROS = Buffer.alloc(NUMBER_BYTES - 1);

/** Everything that looks like such a record, by where it ends; null where two end at one place. */
function recordsByEnd(blob: Buffer): Map<number, BuiltinCache | null> {
  const found = new Map<number, BuiltinCache | null>();
  for (let zeros = blob.indexOf(SEVEN_ZEROS, 1); zeros > 0; zeros = blob.indexOf(SEVEN_ZEROS, zeros + 1)) {
    const cache = cacheAt(blob, zeros - 1);
    if (cache !== null) found.set(cache.end, found.has(cache.end) ? null : cache);
  }
  return found;
}

/** Followed from the end of the blob to the count, which must be that of the records passed; null where it is not. */
export function findBuiltinCaches(blob: Buffer): BuiltinCaches | null {
  const records = recordsByEnd(blob);
  const caches: BuiltinCache[] = [];
  let at = blob.length;
  for (let cache = records.get(at); cache; cache = records.get(at)) {
    caches.push(cache);
    at = cache.start;
  }
  const start = at - NUMBER_BYTES;
  if (caches.length === 0 || records.has(at) || numberAt(blob, start) !== caches.length) return null;
  return { start, caches: caches.reverse() };
}

/**
 * The blob with those caches only; null where it does not end as expected, or where none would be left, which a program
 * could see (`process.features.cached_builtins`).
 */
export function trimBuiltinCaches(blob: Buffer, isWanted: (id: string) => boolean): Buffer | null {
  const found = findBuiltinCaches(blob);
  if (found === null) return null;
  const kept = found.caches.filter(({ id }) => isWanted(id));
  if (kept.length === 0) return null;
  const count = Buffer.alloc(NUMBER_BYTES);
  count.writeBigUInt64LE(BigInt(kept.length));
  return Buffer.concat([
    blob.subarray(0, found.start),
    count,
    ...kept.map(({ start, end }) => blob.subarray(start, end)),
  ]);
}
