// The two open-addressing tables of a pack, with linear probing; pack-reader.cts walks them.
import {
  FILE_SLOT_BYTES,
  hashKey,
  NO_STRING,
  RESOLUTION_SLOT_BYTES,
  TARGET_FAILED,
  tableCapacity,
} from '../../snapshot-entry/shared/pack-format.cjs';
import { conflictingResolution, PackWriteError } from './errors.js';
import type { KeyTable } from './key-table.js';
import type { PackResolution } from './types.js';

export function encodeFileTable(files: readonly string[]): Buffer {
  const table = Buffer.alloc(tableCapacity(files.length) * FILE_SLOT_BYTES);
  for (const [index, file] of files.entries()) {
    const hash = hashKey(file, 0);
    const at = freeSlot(table, FILE_SLOT_BYTES, hash);
    table.writeUInt32LE(hash, at);
    table.writeUInt32LE(index + 1, at + 4);
  }
  return table;
}

/** A resolution by ids: what one slot of the table holds. */
export interface ResolutionRow {
  readonly from: number;
  readonly request: number;
  readonly target: number;
}

/** Each (from, request) once, in an order that does not depend on when it was seen. */
export function resolutionRows(resolutions: readonly PackResolution[], keys: KeyTable): ResolutionRow[] {
  const rows = new Map<string, ResolutionRow>();
  for (const resolution of resolutions) {
    const { from, request } = resolution;
    const row = { from: idOf(keys, from), request: idOf(keys, request), target: encodeTarget(resolution, keys) };
    const pair = `${row.from} ${row.request}`;
    const earlier = rows.get(pair);
    if (earlier !== undefined && earlier.target !== row.target) {
      throw new PackWriteError(conflictingResolution(from, request));
    }
    rows.set(pair, row);
  }
  return [...rows.values()].sort((a, b) => a.from - b.from || a.request - b.request);
}

export function encodeResolutionTable(rows: readonly ResolutionRow[], keys: KeyTable): Buffer {
  const table = Buffer.alloc(tableCapacity(rows.length) * RESOLUTION_SLOT_BYTES);
  for (const { from, request, target } of rows) {
    const hash = hashKey(keys.strings[request] ?? '', from);
    const at = freeSlot(table, RESOLUTION_SLOT_BYTES, hash);
    table.writeUInt32LE(hash, at);
    table.writeUInt32LE(from + 1, at + 4);
    table.writeUInt32LE(request, at + 8);
    table.writeUInt32LE(target, at + 12);
  }
  return table;
}

function encodeTarget({ target, code }: PackResolution, keys: KeyTable): number {
  if (target !== null) return idOf(keys, target);
  return TARGET_FAILED + (code === undefined ? NO_STRING : idOf(keys, code));
}

function idOf(keys: KeyTable, text: string): number {
  const id = keys.ids.get(text);
  if (id === undefined) throw new Error(`The key table lacks ${text}`);
  return id;
}

/** The second word of a slot in use is never 0, in both tables. */
function freeSlot(table: Buffer, slotBytes: number, hash: number): number {
  const mask = table.length / slotBytes - 1;
  let slot = (hash & mask) >>> 0;
  while (table.readUInt32LE(slot * slotBytes + 4) !== 0) slot = (slot + 1) & mask;
  return slot * slotBytes;
}
