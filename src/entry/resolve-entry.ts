// From what the user typed to the file that node would run.
import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { detectFormat, type EntryFormat } from './detect-format.js';
import { entryIsFolder, entryMissing, entryNotJavaScript, entryNotNode, entryUnreadable } from './errors.js';
import { readShebang } from './shebang.js';

export interface Entry {
  /** Real path: what Node evaluates. */
  readonly file: string;
  /** As plain Node shows it in `process.argv[1]`: absolute, symbolic links kept. */
  readonly argv1: string;
  /** Default name of the launcher. */
  readonly name: string;
  readonly nodeFlags: readonly string[];
  readonly format: EntryFormat;
}

async function kindOf(file: string): Promise<'file' | 'folder' | null> {
  try {
    return (await stat(file)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw entryUnreadable(file, error);
  }
}

/** `node_modules/.bin/NAME` in the nearest folder upwards that has one. */
async function findBin(name: string, cwd: string): Promise<string | null> {
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    const bin = path.join(folder, 'node_modules', '.bin', name);
    if ((await kindOf(bin)) === 'file') return bin;
    if (folder === path.dirname(folder)) return null;
  }
}

async function locate(given: string, cwd: string): Promise<string> {
  const direct = path.resolve(cwd, given);
  const kind = await kindOf(direct);
  if (kind === 'file') return direct;
  const isName = !given.includes('/') && !given.includes(path.sep);
  const bin = isName ? await findBin(given, cwd) : null;
  if (bin !== null) return bin;
  if (kind === 'folder') throw entryIsFolder(direct);
  throw entryMissing(given, isName ? `node_modules/.bin of ${cwd} or a folder above` : null);
}

function nameOf(argv1: string): string {
  return path.basename(argv1).replace(/\.(?:[cm]?js)$/, '');
}

/** @throws SnapError ENTRY_* */
export async function resolveEntry(given: string, cwd: string): Promise<Entry> {
  const argv1 = await locate(given, cwd);
  const file = await realpath(argv1);
  const source = await readFile(file, 'utf8').catch((cause) => {
    throw entryUnreadable(file, cause);
  });
  const shebang = readShebang(source);
  if (shebang !== null && !shebang.isNode) throw entryNotNode(file, shebang.interpreter);
  if (/\.[cm]?tsx?$/.test(file) || source.includes('\0')) throw entryNotJavaScript(file);
  const format = await detectFormat(file, source);
  return { file, argv1, name: nameOf(argv1), nodeFlags: shebang?.flags ?? [], format };
}
