// The strings of a pack. Files come first, packed ones before the others, so that a file's index is its string's id
// and a packed file's index is its entry's.
import { isAbsolute } from 'node:path';
import { STRING_RECORD_BYTES, STRING_WIDE } from '../../snapshot-entry/shared/pack-format.cjs';
import { badKey, duplicateModule, PackWriteError } from './errors.js';
import { isWide } from './stored-source.js';
import type { PackInput } from './types.js';

export interface KeyTable {
  readonly strings: readonly string[];
  readonly ids: ReadonlyMap<string, number>;
  readonly fileCount: number;
}

export function buildKeyTable(input: PackInput): KeyTable {
  const packed = new Set<string>();
  for (const { file } of input.modules) {
    if (packed.has(file)) throw new PackWriteError(duplicateModule(file));
    packed.add(file);
  }
  const known = new Set<string>();
  const others = new Set<string>();
  for (const { from, request, target, code } of input.resolutions) {
    known.add(from);
    others.add(request);
    if (code !== undefined && target === null) others.add(code);
    if (target !== null) (target.startsWith('node:') ? others : known).add(target);
  }
  // Sorted, so that the same resolutions give the same bytes in whatever order they were seen.
  const files = [...packed, ...[...known].filter((file) => !packed.has(file)).sort()];
  for (const file of files) if (!isAbsolute(file)) throw new PackWriteError(badKey(file));
  const fileSet = new Set(files);
  const strings = [...files, ...[...others].filter((text) => !fileSet.has(text)).sort()];
  return { strings, ids: new Map(strings.map((text, id) => [text, id])), fileCount: files.length };
}

export interface EncodedStrings {
  readonly records: Buffer;
  readonly data: Buffer;
}

export function encodeStrings(strings: readonly string[]): EncodedStrings {
  const records = Buffer.alloc(strings.length * STRING_RECORD_BYTES);
  const parts: Buffer[] = [];
  let offset = 0;
  for (const [id, text] of strings.entries()) {
    const wide = isWide(text);
    const bytes = Buffer.from(text, wide ? 'utf16le' : 'latin1');
    records.writeUInt32LE(offset, id * STRING_RECORD_BYTES);
    records.writeUInt32LE(bytes.length + (wide ? STRING_WIDE : 0), id * STRING_RECORD_BYTES + 4);
    parts.push(bytes);
    offset += bytes.length;
  }
  return { records, data: Buffer.concat(parts) };
}
