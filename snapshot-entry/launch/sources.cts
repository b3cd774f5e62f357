// Are the sources still what was built? The CLI's own files are compared one by one. The packages of an install are
// vouched for by its lock state, which package managers rewrite on every change; where the lock state has moved, each
// package's package.json decides. And would requests still lead to these files? Links that were followed, and names
// that were looked for in vain, are vouched for by the time of the folder that they are in, and are compared one by one
// where that time has moved (shared/facts.cts). One thing is not seen: a file that is edited by hand inside an
// installed package. 2 µs a comparison: docs/PERFORMANCE.md.
import fs = require('node:fs');

import type { BakePlan, FolderStamp, GlobalStamp, InstallStamps, SourceStamp } from '../shared/bake-plan.cjs';
import { brokenFact, type Look, MOVED, OTHER, plainLook } from '../shared/facts.cjs';

export type Stamped = Pick<BakePlan, 'ownSources' | 'installs' | 'folders' | 'globals'>;

const FILE_TYPE = 0o170000;
const FOLDER = 0o040000;

function first<T>(all: readonly T[], find: (one: T) => string | undefined): string | undefined {
  for (const one of all) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

function holds(stamp: SourceStamp, look: Look): boolean {
  const found = look(stamp.file);
  if (found === undefined || found.mtimeMs !== stamp.mtimeMs) return false;
  return (found.mode & FILE_TYPE) === FOLDER || found.size === stamp.bytes;
}

function changedFile(stamps: readonly SourceStamp[], look: Look): string | undefined {
  return stamps.find((stamp) => !holds(stamp, look))?.file;
}

function changedInstall({ lock, folder, packages }: InstallStamps, look: Look): string | undefined {
  if (lock !== null && holds(lock, look) && holds(folder, look)) return undefined;
  return changedFile(packages, look);
}

function changedFolder({ folder, mtimeMs, facts }: FolderStamp, look: Look): string | undefined {
  return look(folder)?.mtimeMs === mtimeMs ? undefined : brokenFact(folder, facts);
}

function changedGlobally({ folders, facts }: GlobalStamp, found: readonly string[]): string | undefined {
  const other = folders.find((folder, index) => folder !== found[index]);
  if (other !== undefined) return other + MOVED;
  return facts === '' ? undefined : first(found, (folder) => brokenFact(folder, facts));
}

function findChange(stamped: Stamped, globals: readonly string[], look: Look): string | undefined {
  const { ownSources, installs, folders } = stamped;
  const file = changedFile(ownSources, look) ?? first(installs, (install) => changedInstall(install, look));
  if (file !== undefined) return file + OTHER;
  return first(folders, (stamp) => changedFolder(stamp, look)) ?? changedGlobally(stamped.globals, globals);
}

/** What has changed first, in words; undefined where nothing has. `globals`: the run's `Module.globalPaths`. */
export function changedSource(stamped: Stamped, globals: readonly string[], look = plainLook): string | undefined {
  try {
    return findChange(stamped, globals, look);
  } catch (error) {
    // What is gone, or may not be looked at.
    return `${(error as { path?: string }).path}${OTHER}`;
  }
}

/** Whether the path by which the program is started leads elsewhere now, in words. */
export function relinked(argv1: string, entry: string): string | undefined {
  try {
    if (fs.realpathSync.native(argv1) === entry) return undefined;
  } catch {
    // It is gone, which plain Node will say.
  }
  return argv1 + MOVED;
}
