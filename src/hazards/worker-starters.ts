// Can the program start worker threads? Asked of the texts of its modules, and of everything that they could yet load:
// the other files of their packages, and the packages that these declare to depend on.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { packageDir } from './package-dir.js';

const MENTION = 'worker_threads';
const SCRIPT = /\.[cm]?js$/;

/** The first file found that names what starts a worker. `files`: the traced modules. */
export async function workerStarterAmong(files: readonly string[]): Promise<string | undefined> {
  const open = [...new Set(files.map(packageDir))];
  const seen = new Set(open);
  for (let folder = open.shift(); folder !== undefined; folder = open.shift()) {
    const found = await starterIn(folder);
    if (found !== undefined) return found;
    for (const dependency of await dependenciesOf(folder)) {
      if (seen.has(dependency)) continue;
      seen.add(dependency);
      open.push(dependency);
    }
  }
  return undefined;
}

/** Its own files: packages inside of it are others. */
async function starterIn(folder: string): Promise<string | undefined> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) {
      const found = await starterIn(at);
      if (found !== undefined) return found;
    } else if (entry.isFile() && SCRIPT.test(entry.name) && (await readFile(at)).includes(MENTION)) return at;
  }
  return undefined;
}

/** The folders in which Node would find the packages that a package declares. */
async function dependenciesOf(folder: string): Promise<string[]> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => '{}');
  const found: string[] = [];
  for (const name of declaredIn(text)) {
    for (let at = folder; ; at = path.dirname(at)) {
      const candidate = path.join(at, 'node_modules', name);
      if ((await readdir(candidate).catch(() => [])).length > 0) found.push(candidate);
      if (found.at(-1) === candidate || path.dirname(at) === at) break;
    }
  }
  return found;
}

function declaredIn(text: string): string[] {
  try {
    const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(text) as Record<string, object>;
    return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  } catch {
    // Node would not find out either: only who asks for the package's own entry reads this file.
    return [];
  }
}
