// Packages are vouched for by what their package manager rewrites on each install.
import path from 'node:path';
import type { InstallStamps, SourceStamp } from '../../snapshot-entry/shared/bake-plan.cjs';
import { stampAll, stampOf } from './files.js';
import { lastingTime } from './places.js';

/** Rewritten on each install, by npm, yarn (classic, berry's node-modules linker) and pnpm. */
const LOCK_STATES = ['.package-lock.json', '.yarn-integrity', '.yarn-state.yml', '.modules.yaml'];

/** A package manager takes no longer to write the files of one package. */
const UNPACKING_MS = 5000;

const SEGMENT = `${path.sep}node_modules${path.sep}`;

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

/** Whether it is a folder like `node_modules/.prisma`: no package's name begins with a dot, so a program has made it. */
function isMadeByProgram(folder: string): boolean {
  return path.basename(folder).startsWith('.');
}

/**
 * Files below node_modules that are compared one by one, since no package manager vouches for them: those in folders that
 * it does not know of, and those that were written after the package was unpacked. A file that was generated or edited once
 * is likely to be changed again.
 */
export async function unvouched(files: readonly string[]): Promise<string[]> {
  const configs = new Map<string, Promise<SourceStamp | null>>();
  const judged = files.map(async (file) => {
    const folder = packageOf(file)?.folder ?? '';
    if (isMadeByProgram(folder)) return file;
    const asked = configs.get(folder) ?? stampOf(path.join(folder, 'package.json'));
    configs.set(folder, asked);
    const [config, found] = await Promise.all([asked, stampOf(file)]);
    return config === null || (found?.mtimeMs ?? 0) > config.mtimeMs + UNPACKING_MS ? file : [];
  });
  return (await Promise.all(judged)).flat();
}

async function stampInstall(folder: string, packages: readonly string[]): Promise<InstallStamps> {
  const locks = await stampAll(LOCK_STATES.map((name) => path.join(folder, name)));
  const own = await stampOf(folder);
  return {
    // Two package managers were here, and nothing tells which of them is still used: each package is compared.
    lock: locks.length === 1 ? (locks[0] ?? null) : null,
    folder: { file: folder, bytes: own?.bytes ?? 0, mtimeMs: lastingTime(own?.mtimeMs ?? 0) },
    packages: await stampAll(packages),
  };
}

/** One for each `node_modules` that holds some of the files: with the package.json of each package that they are of. */
export function stampInstalls(files: Iterable<string>): Promise<InstallStamps[]> {
  const installs = new Map<string, Set<string>>();
  for (const file of files) {
    const found = packageOf(file);
    if (found === null || isMadeByProgram(found.folder)) continue;
    const configs = installs.get(found.install) ?? new Set();
    installs.set(found.install, configs.add(path.join(found.folder, 'package.json')));
    if (path.basename(file) === 'package.json') configs.add(file);
  }
  return Promise.all([...installs].map(([folder, configs]) => stampInstall(folder, [...configs])));
}
