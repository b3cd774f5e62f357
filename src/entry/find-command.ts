// From the name of a command to the file that starts it, for what package managers put in its place: a symbolic link to
// the package's file (npm, Yarn, bun), a shell script that starts it (pnpm, from any folder of packages), or nothing at all
// (`--no-bin-links`, the command of the project itself). What a package's commands are, its package.json says ("bin").
//
//   eslint ──▶ node_modules/.bin/eslint, a link                           argv[1]: node_modules/.bin/eslint
//          └─▶ node_modules/.bin/eslint, a script of pnpm's for /bin/sh   argv[1]: node_modules/eslint/bin/eslint.js
import { open, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { commandIsArchived, entryUnreadable } from './errors.js';
import { readShebang } from './shebang.js';

/** What tells that a project has no folders of packages, but archives (Yarn Plug'n'Play). */
const ARCHIVES = ['.pnp.cjs', '.pnp.js'];
/** More than any script that a package manager writes. */
const MOST_SCRIPT_BYTES = 16_384;

/** Null where nothing is there. @throws SnapError ENTRY_UNREADABLE */
export async function kindOf(file: string): Promise<'file' | 'folder' | null> {
  try {
    return (await stat(file)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw entryUnreadable(file, error);
  }
}

/**
 * The file that starts the command `name`, as a plain run shows it in `process.argv[1]`; null where there is none. Looked for
 * from `cwd` upwards, in the folders of packages and in the projects themselves, then in the folders of `searchPath`
 * (`PATH`).
 * @throws SnapError ENTRY_ARCHIVED where the nearest project keeps its packages in archives
 */
export async function findCommand(name: string, cwd: string, searchPath: string): Promise<string | null> {
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    const found = (await installedCommand(path.join(folder, 'node_modules'), name)) ?? (await ownCommand(folder, name));
    if (found !== null) return found;
    for (const archive of ARCHIVES)
      if ((await kindOf(path.join(folder, archive))) === 'file') throw commandIsArchived(name, folder);
    if (folder === path.dirname(folder)) break;
  }
  for (const folder of searchPath.split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, name);
    // As a shell does, which passes over folders that it may not look into.
    const isThere = await stat(file).then(
      (found) => found.isFile(),
      () => false,
    );
    if (isThere) return throughScript(file, name);
  }
  return null;
}

/** What a shell script of a package manager's starts; any other file is what is started itself. */
export async function throughScript(file: string, name = path.basename(file)): Promise<string> {
  const script = await shellScript(file);
  if (script === null) return file;
  for (const packages of await packageFolders(path.dirname(file))) {
    const found = await commandIn(packages, name, script);
    if (found !== null) return found;
  }
  return file;
}

async function installedCommand(packages: string, name: string): Promise<string | null> {
  const link = path.join(packages, '.bin', name);
  if ((await kindOf(link)) === 'file') return throughScript(link, name);
  return (await kindOf(packages)) === 'folder' ? commandIn(packages, name, null) : null;
}

/** A project may have commands that nobody has installed in it. */
async function ownCommand(folder: string, name: string): Promise<string | null> {
  const own = path.join(folder, 'package.json');
  return (await kindOf(own)) === 'file' ? commandOf(folder, name) : null;
}

/** The text, where it begins as one for a shell; null for anything else. */
async function shellScript(file: string): Promise<string | null> {
  const handle = await open(file).catch((cause) => {
    throw entryUnreadable(file, cause);
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_SCRIPT_BYTES), 0, MOST_SCRIPT_BYTES, 0);
    const text = buffer.toString('utf8', 0, bytesRead);
    const interpreter = readShebang(text)?.interpreter ?? '';
    return /(?:^|\/)(?:sh|bash|dash)$/.test(interpreter) ? text : null;
  } finally {
    await handle.close();
  }
}

/**
 * Where the packages are whose commands stand in `folder`: around a `.bin`; beside the folder of global commands, as npm
 * has them (`PREFIX/bin`, `PREFIX/lib/node_modules`); below it, as pnpm has (`PNPM_HOME/global/5/node_modules`).
 */
async function packageFolders(folder: string): Promise<string[]> {
  if (path.basename(folder) === '.bin') return [path.dirname(folder)];
  const layouts = await readdir(path.join(folder, 'global')).catch(() => []);
  return [
    path.join(folder, '..', 'lib', 'node_modules'),
    ...layouts.map((layout) => path.join(folder, 'global', layout, 'node_modules')),
  ];
}

/**
 * The command of one of the packages in a folder. Where several have it, that of the package whose file the `script` names,
 * else that of the package of the same name, else that of the first one.
 */
async function commandIn(packages: string, name: string, script: string | null): Promise<string | null> {
  const same = await commandOf(path.join(packages, name), name);
  if (same !== null && (script === null || names(script, packages, same))) return same;
  const found: string[] = [];
  for (const folder of await foldersOf(packages)) {
    const file = await commandOf(folder, name);
    if (file === null) continue;
    if (script === null || names(script, packages, file)) return file;
    found.push(file);
  }
  return same ?? found[0] ?? null;
}

/** `exec node "$basedir/../eslint/bin/eslint.js" "$@"` names `eslint/bin/eslint.js`. */
function names(script: string, packages: string, file: string): boolean {
  return script.includes(path.relative(packages, file).split(path.sep).join('/'));
}

async function foldersOf(packages: string): Promise<string[]> {
  const names = await readdir(packages).catch(() => []);
  const folders: string[] = [];
  for (const name of names.sort()) {
    if (name.startsWith('.')) continue;
    const folder = path.join(packages, name);
    if (!name.startsWith('@')) folders.push(folder);
    else for (const scoped of (await readdir(folder).catch(() => [])).sort()) folders.push(path.join(folder, scoped));
  }
  return folders;
}

/** The file of a package's command, where the package has that command and the file is there. */
async function commandOf(folder: string, name: string): Promise<string | null> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => null);
  const file = text === null ? undefined : binOf(text, name);
  if (file === undefined) return null;
  const command = path.resolve(folder, file);
  return (await kindOf(command)) === 'file' ? command : null;
}

/** `"bin": "cli.js"` names a command as the package is named, without its scope; `"bin": { "x": "x.js" }` says the name. */
function binOf(text: string, name: string): string | undefined {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    // Who has asked for another package's command is not to hear of it.
    return undefined;
  }
  if (typeof manifest !== 'object' || manifest === null) return undefined;
  const { name: full, bin } = manifest as { readonly name?: unknown; readonly bin?: unknown };
  if (typeof bin === 'string') return typeof full === 'string' && path.posix.basename(full) === name ? bin : undefined;
  if (typeof bin !== 'object' || bin === null || !Object.hasOwn(bin, name)) return undefined;
  const file = (bin as Readonly<Record<string, unknown>>)[name];
  return typeof file === 'string' ? file : undefined;
}
