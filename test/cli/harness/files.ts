// Working folders of cases: filled before a run, read after it.

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Files = Readonly<Record<string, string>>;

/** Writes `files` (relative path → text) below `folder`. */
export function write(folder: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/**
 * Empties `folder` and fills it anew. The files have the same times whenever that is: packages among them are to look
 * as they did when the artifact was built.
 */
export function refill(folder: string, files: Files): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  write(folder, files);
  for (const name of Object.keys(files)) utimesSync(join(folder, name), 1_700_000_000, 1_700_000_000);
}

/** Each file below `folder` with its text, in order of name. */
export function listing(folder: string): string {
  if (!existsSync(folder)) return '(none)';
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => `${file.slice(folder.length)}\n${readFileSync(file, 'latin1')}`)
    .join('\n');
}

/** The files below `folder`, relative, in order. */
export function names(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Copies a fixture; its `modules` folder becomes `node_modules`, which a repository does not hold. */
export function copyFixture(from: string, to: string): void {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  const modules = join(to, 'modules');
  if (!existsSync(modules)) return;
  cpSync(modules, join(to, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  rmSync(modules, { recursive: true, force: true });
}
