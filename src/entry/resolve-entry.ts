// From what the user typed to the file that node would run.
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { detectFormat, type EntryFormat } from './detect-format.js';
import { entryIsFolder, entryMissing, entryNotJavaScript, entryNotNode, entryUnreadable } from './errors.js';
import { findCommand, kindOf, throughScript } from './find-command.js';
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

interface Located {
  readonly argv1: string;
  /** Where it was given by its name. */
  readonly command?: string | undefined;
}

async function locate(given: string, cwd: string, searchPath: string): Promise<Located> {
  const direct = path.resolve(cwd, given);
  const kind = await kindOf(direct);
  if (kind === 'file') return { argv1: await throughScript(direct) };
  const isName = !given.includes('/') && !given.includes(path.sep);
  const argv1 = isName ? await findCommand(given, cwd, searchPath) : null;
  if (argv1 !== null) return { argv1, command: given };
  if (kind === 'folder') throw entryIsFolder(direct);
  throw entryMissing(given, isName ? `node_modules of ${cwd} or a folder above, or on PATH` : null);
}

function nameOf(argv1: string): string {
  return path.basename(argv1).replace(/\.(?:[cm]?js)$/, '');
}

/**
 * `given`: a file, or the name of a command. `searchPath`: folders of commands, as in `PATH`; default: none.
 * @throws SnapError ENTRY_*
 */
export async function resolveEntry(given: string, cwd: string, searchPath = ''): Promise<Entry> {
  const { argv1, command } = await locate(given, cwd, searchPath);
  const file = await realpath(argv1);
  const source = await readFile(file, 'utf8').catch((cause) => {
    throw entryUnreadable(file, cause);
  });
  const shebang = readShebang(source);
  if (shebang !== null && !shebang.isNode) throw entryNotNode(file, shebang.interpreter);
  if (/\.[cm]?tsx?$/.test(file) || source.includes('\0')) throw entryNotJavaScript(file);
  const format = await detectFormat(file, source);
  return { file, argv1, name: command ?? nameOf(argv1), nodeFlags: shebang?.flags ?? [], format };
}
