// Are the sources still what was built? The CLI's own files and folders are compared one by one. The packages of an
// install are vouched for by its lock state, which package managers rewrite on every change; where the lock state has
// moved, each package's package.json decides. A file edited by hand inside an installed package is not seen.
// About 5 µs a comparison: docs/PERFORMANCE.md.
import fs = require('node:fs');

import type { InstallStamps, SourceStamp } from './bake-plan.cjs';

const { statSync, realpathSync } = fs;
const quiet = { throwIfNoEntry: false } as const;

function holds(stamp: SourceStamp): boolean {
  const found = statSync(stamp.file, quiet);
  if (found === undefined || stamp.bytes < 0) return found === undefined && stamp.bytes < 0;
  return found.mtimeMs === stamp.mtimeMs && (found.isDirectory() || found.size === stamp.bytes);
}

function changedInstall(install: InstallStamps): string | undefined {
  if (install.lock !== null && holds(install.lock)) return undefined;
  return install.packages.find((stamp) => !holds(stamp))?.file;
}

/** Whether the link through which the program is started leads elsewhere now. */
export function isRelinked(argv1: string, entry: string): boolean {
  if (argv1 === entry) return false;
  try {
    return realpathSync(argv1) !== entry;
  } catch {
    return true;
  }
}

/** The first file found changed, or undefined. */
export function changedSource(own: readonly SourceStamp[], installs: readonly InstallStamps[]): string | undefined {
  const changed = own.find((stamp) => !holds(stamp));
  if (changed !== undefined) return changed.file;
  for (const install of installs) {
    const file = changedInstall(install);
    if (file !== undefined) return file;
  }
  return undefined;
}
