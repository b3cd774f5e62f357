// What a run leaves behind in a folder: everything below one that was empty, what changed below one that was not.
import { createHash } from 'node:crypto';
import { type BigIntStats, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

export interface WrittenFile {
  /** As a user would say it: `$HOME/.config/x`, `./out.txt`. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other' | 'removed';
  /** Permission bits. */
  readonly mode: number;
  /** Of a file: what it holds, or its size and hash where that is much. Of a link: where it points. */
  readonly bytes: Buffer;
}

/** Larger files are kept as their hash. */
const MOST_BYTES = 2 ** 20;
/** Packages and histories: large, and hardly ever what a run is about. */
const SKIPPED = new Set(['node_modules', '.git']);
/** Node's own cache of what it compiled: an accelerated run compiles other modules. */
const COMPILE_CACHE = 'node-compile-cache';

const EMPTY = Buffer.alloc(0);

/** Null for what another process took away meanwhile, or keeps to itself. */
function unlessGone<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EPERM') return null;
    throw error;
  }
}

function contentOf(file: string, size: bigint): Buffer {
  const bytes = readFileSync(file);
  if (size <= MOST_BYTES) return bytes;
  return Buffer.from(`${size} bytes, SHA-256 ${createHash('sha256').update(bytes).digest('hex')}\n`);
}

function describe(file: string, shown: string, stat: BigIntStats): WrittenFile {
  const common = { path: shown, mode: Number(stat.mode & 0o7777n) };
  const read = (kind: 'file' | 'link', bytes: () => Buffer): WrittenFile => {
    return { ...common, kind, bytes: unlessGone(bytes) ?? Buffer.from('(unreadable)') };
  };
  if (stat.isDirectory()) return { ...common, kind: 'folder', bytes: EMPTY };
  if (stat.isSymbolicLink()) return read('link', () => Buffer.from(readlinkSync(file)));
  if (stat.isFile()) return read('file', () => contentOf(file, stat.size));
  return { ...common, kind: 'other', bytes: EMPTY };
}

type Listing = ReadonlyMap<string, BigIntStats>;

/** Everything below a folder by its path in it; null where that is more than `most`. */
function list(folder: string, most: number, isSkipped: (file: string, name: string) => boolean): Listing | null {
  const found = new Map<string, BigIntStats>();
  const folders = [''];
  for (const inner of folders) {
    for (const name of unlessGone(() => readdirSync(path.join(folder, inner))) ?? []) {
      const file = path.join(inner, name);
      if (isSkipped(path.join(folder, file), name)) continue;
      const stat = unlessGone(() => lstatSync(path.join(folder, file), { bigint: true }));
      if (stat === null) continue;
      found.set(file, stat);
      if (stat.isDirectory()) folders.push(file);
      if (found.size > most) return null;
    }
  }
  return found;
}

/** Ends a watch: what was written since it began, in order of name. */
export type EndWatch = () => WrittenFile[];

function byPath(a: WrittenFile, b: WrittenFile): number {
  return a.path < b.path ? -1 : 1;
}

/** Watches a folder that is empty now. */
export function watchEmpty(folder: string, shown: string): EndWatch {
  return () => {
    const listing = list(folder, Number.POSITIVE_INFINITY, (_, name) => name === COMPILE_CACHE);
    return [...(listing ?? [])]
      .map(([file, stat]) => describe(path.join(folder, file), `${shown}/${file}`, stat))
      .sort(byPath);
  };
}

function isChanged(before: BigIntStats | undefined, now: BigIntStats): boolean {
  if (before === undefined || before.mode !== now.mode) return true;
  // A folder's time moves with what is in it, which is listed by itself.
  return !now.isDirectory() && (before.ctimeNs !== now.ctimeNs || before.ino !== now.ino);
}

/** Watches a folder that holds something; null where it holds too much to look at before and after each run. */
export function watchChanges(folder: string, most: number, without: string): EndWatch | null {
  const isSkipped = (file: string, name: string) => SKIPPED.has(name) || file === without;
  const before = list(folder, most, isSkipped);
  if (before === null) return null;
  return () => {
    const now = list(folder, Number.POSITIVE_INFINITY, isSkipped) ?? new Map<string, BigIntStats>();
    const changed = [...now].filter(([file, stat]) => isChanged(before.get(file), stat));
    const removed = [...before.keys()].filter((file) => !now.has(file));
    return [
      ...changed.map(([file, stat]) => describe(path.join(folder, file), `./${file}`, stat)),
      ...removed.map((file) => ({ path: `./${file}`, kind: 'removed', mode: 0, bytes: EMPTY }) as const),
    ].sort(byPath);
  };
}
