// Reads the table of `strace -f -c`. Unlike times, these counts are stable on a noisy machine.

export type SystemCallKind = 'open' | 'stat' | 'read' | 'memory' | 'other';

export interface SystemCalls {
  readonly total: number;
  readonly byKind: Readonly<Record<SystemCallKind, number>>;
  readonly byName: ReadonlyMap<string, number>;
}

const KINDS: ReadonlyMap<string, SystemCallKind> = new Map([
  ...names('open', 'open', 'openat', 'openat2'),
  ...names('stat', 'stat', 'lstat', 'fstat', 'newfstatat', 'statx', 'access', 'faccessat', 'faccessat2', 'readlink'),
  ...names('read', 'read', 'pread64', 'readv', 'preadv', 'getdents64'),
  ...names('memory', 'mmap', 'munmap', 'mprotect', 'madvise', 'brk', 'mremap'),
]);

/** Counts the calls of a `strace -c` table; lines that are no rows of it are passed over. */
export function parseSystemCalls(table: string): SystemCalls {
  const byName = new Map<string, number>();
  const byKind = { open: 0, stat: 0, read: 0, memory: 0, other: 0 };
  let total = 0;
  for (const line of table.split('\n')) {
    // % time, seconds, usecs/call, calls, [errors,] name
    const row = /^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)(?:\s+\d+)?\s+([a-z]\w*)\s*$/.exec(line);
    const name = row?.[2];
    if (name === undefined || name === 'total') continue;
    const calls = Number(row?.[1]);
    byName.set(name, (byName.get(name) ?? 0) + calls);
    byKind[KINDS.get(name) ?? 'other'] += calls;
    total += calls;
  }
  return { total, byKind, byName };
}

/** Those that finding and reading modules costs. */
export function fileCalls({ byKind }: SystemCalls): number {
  return byKind.open + byKind.stat + byKind.read;
}

function names(kind: SystemCallKind, ...calls: readonly string[]): [string, SystemCallKind][] {
  return calls.map((call) => [call, kind]);
}
