// What a build asks of a node itself has the same answer in every build, and asking takes longer than the rest of a
// small build. So the homes of builds share one cache of analyses, below the temporary folder; its name holds a hash of
// the tool, because a changed tool may answer otherwise.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

let shared: string | undefined;

function toolHash(toolFile: string): string {
  const dist = join(dirname(toolFile), '..', '..');
  const hash = createHash('sha256');
  for (const part of ['src', 'snapshot-entry']) {
    for (const name of readdirSync(join(dist, part), { recursive: true, encoding: 'utf8' }).sort()) {
      if (/\.[cm]?js$/.test(name)) hash.update(name).update(readFileSync(join(dist, part, name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** Makes the cache below `home` that of all builds. */
export function shareCache(home: string, toolFile: string): void {
  const link = join(home, '.cache', 'v8-snap');
  shared ??= join(tmpdir(), `snap-cache-of-${toolHash(toolFile)}`);
  mkdirSync(shared, { recursive: true, mode: 0o700 });
  mkdirSync(dirname(link), { recursive: true });
  try {
    symlinkSync(shared, link);
  } catch (error) {
    // The home of an earlier build, which shares the cache or has one of its own.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
