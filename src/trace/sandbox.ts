// A home and a working copy for training runs that must not touch the user's own. The copy shares blocks with the
// original where the file system can (reflink); node_modules and .git are links, since they are large and only read.

import { constants, rmSync } from 'node:fs';
import { cp, lstat, mkdir, mkdtemp, readdir, realpath, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sandboxFailed, sandboxTooLarge, TraceError } from './errors.js';

/** Above this a copy on a file system without reflinks takes minutes. */
export const SANDBOX_LIMIT_BYTES = 512 * 2 ** 20;
const LINKED = new Set(['node_modules', '.git']);

export interface Sandbox {
  readonly cwd: string;
  /** Variables to add to the environment of the runs. */
  readonly env: Readonly<Record<string, string>>;
}

/** Makes a sandbox inside `folder`, which the caller removes. Throws TraceError TRACE_SANDBOX_*. */
export async function makeSandbox(folder: string, cwd: string, limitBytes = SANDBOX_LIMIT_BYTES): Promise<Sandbox> {
  try {
    const { bytes, linked } = await survey(cwd, limitBytes);
    if (bytes > limitBytes) throw new TraceError(sandboxTooLarge(cwd, limitBytes));
    const copy = join(folder, 'work');
    await cp(cwd, copy, {
      recursive: true,
      mode: constants.COPYFILE_FICLONE,
      verbatimSymlinks: true,
      filter: (path) => !linked.has(path),
    });
    for (const path of linked) await symlink(path, join(copy, path.slice(cwd.length)));
    return { cwd: copy, env: await makeHome(folder) };
  } catch (error) {
    if (error instanceof TraceError || !(error instanceof Error)) throw error;
    throw new TraceError(sandboxFailed(cwd, error.message), error);
  }
}

/** The size of what would be copied, counted until it passes the limit. */
async function survey(cwd: string, limitBytes: number): Promise<{ bytes: number; linked: ReadonlySet<string> }> {
  const linked = new Set<string>();
  let bytes = 0;
  const folders = [cwd];
  for (const folder of folders) {
    for (const item of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, item.name);
      if (LINKED.has(item.name)) linked.add(path);
      else if (item.isDirectory()) folders.push(path);
      // Sockets and pipes cannot be copied and hold nothing that a new process could use.
      else if (item.isFile()) bytes += (await lstat(path)).size;
      else if (!item.isSymbolicLink()) linked.add(path);
      if (bytes > limitBytes) return { bytes, linked };
    }
  }
  return { bytes, linked };
}

async function makeHome(folder: string): Promise<Record<string, string>> {
  const home = join(folder, 'home');
  const env: Record<string, string> = { HOME: home, USERPROFILE: home };
  const places = {
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_DATA_HOME: join(home, '.local', 'share'),
    XDG_STATE_HOME: join(home, '.local', 'state'),
    TMPDIR: join(folder, 'tmp'),
    npm_config_cache: join(home, '.npm'),
  };
  for (const [name, path] of Object.entries(places)) {
    await mkdir(path, { recursive: true });
    env[name] = path;
  }
  return env;
}

/** A fresh folder for recordings and the sandbox; `remove` is synchronous, so that it also works while exiting. */
export async function makeScratch(): Promise<{ readonly folder: string; remove(): void }> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'snap-trace-')));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Where all runs of one build happen. */
export interface RunPlace extends Sandbox {
  /** The folder that goes with it; null where runs happen in the user's own. */
  readonly scratch: string | null;
  remove(): void;
}

/** The caller removes it; it also goes when the process exits. Throws TraceError TRACE_SANDBOX_*. */
export async function openRunPlace(cwd: string, isSandboxed: boolean): Promise<RunPlace> {
  if (!isSandboxed) return { cwd, env: {}, scratch: null, remove: () => undefined };
  const scratch = await makeScratch();
  process.once('exit', scratch.remove);
  const remove = () => {
    process.off('exit', scratch.remove);
    scratch.remove();
  };
  try {
    return { ...(await makeSandbox(scratch.folder, resolve(cwd))), scratch: scratch.folder, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
