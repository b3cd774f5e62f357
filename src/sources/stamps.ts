// What the run-time part compares before it uses an artifact (snapshot-entry/sources.cts). Files outside node_modules are
// the program's own: each is compared. Packages are vouched for by what their package manager rewrites on each install.
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { InstallStamps, SourceStamp } from '../../snapshot-entry/bake-plan.cjs';

/** Rewritten on each install, by npm, yarn (classic, berry's node-modules linker) and pnpm. */
const LOCK_STATES = ['.package-lock.json', '.yarn-integrity', '.yarn-state.yml', '.modules.yaml'];

const SEGMENT = `${path.sep}node_modules${path.sep}`;

/** In `SourceStamp.bytes`: there was no such file. */
const ABSENT = -1;

export interface Stamps {
  readonly ownSources: readonly SourceStamp[];
  readonly installs: readonly InstallStamps[];
}

export const NO_STAMPS: Stamps = { ownSources: [], installs: [] };

function unique<T>(all: readonly T[]): T[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** Those of both. */
export function mergeStamps(a: Stamps, b: Stamps): Stamps {
  return {
    ownSources: unique([...a.ownSources, ...b.ownSources]),
    installs: unique([...a.installs, ...b.installs]),
  };
}

async function stampOf(file: string): Promise<SourceStamp | null> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  return found === null ? null : { file, bytes: found.size, mtimeMs: found.mtimeMs };
}

async function stampAll(files: Iterable<string>): Promise<SourceStamp[]> {
  const stamps = await Promise.all([...files].map(stampOf));
  return stamps.filter((stamp) => stamp !== null);
}

/** `/a/node_modules` and `/a/node_modules/@s/p` of `/a/node_modules/@s/p/lib/x.js`; null for a file of the program's own. */
export function packageOf(file: string): { readonly install: string; readonly folder: string } | null {
  const first = file.indexOf(SEGMENT);
  const last = file.lastIndexOf(SEGMENT);
  if (first < 0) return null;
  const words = file.slice(last + SEGMENT.length).split(path.sep);
  const name = words.slice(0, words[0]?.startsWith('@') ? 2 : 1);
  return {
    install: file.slice(0, first + SEGMENT.length - 1),
    folder: path.join(file.slice(0, last), 'node_modules', ...name),
  };
}

/** The package.json that says how a file of the program's own is loaded (`"type"`), if there is one. */
function packageConfigs(file: string): string[] {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const config = path.join(folder, 'package.json');
    if (existsSync(config)) return [config];
    if (folder === path.dirname(folder)) return [];
  }
}

/**
 * Stamps for these files and folders: modules, and what baked modules read or listed while they were loaded; and for
 * what they looked for in vain.
 */
export async function stampSources(files: readonly string[], absent: readonly string[] = []): Promise<Stamps> {
  const own = new Set<string>();
  const installs = new Map<string, Set<string>>();
  for (const file of files) {
    const found = packageOf(file);
    if (found === null) {
      own.add(file);
      for (const config of packageConfigs(file)) own.add(config);
      continue;
    }
    const packages = installs.get(found.install) ?? new Set();
    installs.set(found.install, packages.add(path.join(found.folder, 'package.json')));
  }
  const stamped = [...installs].map(async ([install, packages]) => {
    const locks = await stampAll(LOCK_STATES.map((name) => path.join(install, name)));
    // Two package managers' states: which of them is alive is not known, so the packages decide.
    return { lock: locks.length === 1 ? (locks[0] ?? null) : null, packages: await stampAll(packages) };
  });
  const missing = absent
    .filter((file) => packageOf(file) === null)
    .map((file) => ({ file, bytes: ABSENT, mtimeMs: 0 }));
  return { ownSources: [...(await stampAll(own)), ...missing], installs: await Promise.all(stamped) };
}
