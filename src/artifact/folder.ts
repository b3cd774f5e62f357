// The artifact folder while a build works on it. A build owns a private work folder inside it and a lock beside it;
// nothing else is touched until `switchIn`, which renames finished files into place one by one. Between two renames the
// launcher finds a size or a stamp that is not its own and runs plain, so a kill at any moment leaves a working command.
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { terminalFolder } from '../launch/types.js';
import { outBusy, outForeign, outName, outNotFolder, outUnsafe, writeRefused } from './errors.js';
import { ARTIFACT_FILES, WORK_PREFIX } from './layout.js';
import { readManifest } from './manifest.js';

/** How long a second build waits for the first: longer than the largest build measured (firebase-tools). */
const LOCK_TRIES = 400;
const LOCK_WAIT_MS = 1_000;
const LOCK_STALE_MS = 15_000;

export interface WorkFolder {
  /** Where finished files go. */
  readonly out: string;
  /** Private to this build, mode 0700. */
  readonly work: string;
  /** Whether `out` is new. */
  readonly isNew: boolean;
  release(): Promise<void>;
}

/** Others who can write into the folder could replace what runs as the user. A sticky folder protects its entries. */
async function refuseUnsafe(out: string): Promise<void> {
  const { mode } = await stat(out);
  if (process.platform !== 'win32' && (mode & 0o022) !== 0 && (mode & 0o1000) === 0) throw outUnsafe(out);
}

/** @throws SnapError OUT_FOREIGN unless the folder is empty or ours. */
async function refuseForeign(out: string): Promise<void> {
  const names = (await readdir(out)).filter((name) => !name.startsWith(WORK_PREFIX) && name !== '.snap-lock');
  if (names.length === 0) return;
  const isOurs = await readManifest(out).then(
    () => true,
    () => false,
  );
  if (!isOurs) throw outForeign(out, names.slice(0, 3).join(', '));
}

interface Locked {
  readonly unlock: () => Promise<void>;
  /** Whether the folder had to be made anew. */
  readonly isMade: boolean;
}

async function makeFolder(out: string): Promise<boolean> {
  try {
    return (await mkdir(out, { recursive: true, mode: 0o755 })) !== undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw outNotFolder(out);
    return writeRefused(out, error);
  }
}

async function removeStaleWork(out: string): Promise<void> {
  for (const name of await readdir(out)) {
    if (name.startsWith(WORK_PREFIX)) await rm(path.join(out, name), { recursive: true, force: true });
  }
}

/**
 * Waits until no other build holds the lock. Where the other build was the folder's first one and failed, it has taken the
 * folder away with it: then the folder is made again.
 */
async function lock(out: string, signal: AbortSignal | undefined): Promise<Locked> {
  const options = { lockfilePath: path.join(out, '.snap-lock'), stale: LOCK_STALE_MS, realpath: false };
  let isMade = false;
  for (let tries = 1; ; tries++) {
    signal?.throwIfAborted();
    try {
      return { unlock: await lockfile.lock(out, options), isMade };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ELOCKED' && tries >= LOCK_TRIES) throw outBusy(out, error);
      if ((code !== 'ELOCKED' && code !== 'ENOENT') || tries >= LOCK_TRIES) return writeRefused(out, error);
      if (code === 'ENOENT') {
        isMade = await makeFolder(out);
        continue;
      }
    }
    await wait(LOCK_WAIT_MS, undefined, { signal });
  }
}

export function checkName(name: string): void {
  const isTaken = [...ARTIFACT_FILES, terminalFolder].includes(name) || name.startsWith('.snap-');
  if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name) || isTaken) throw outName(name);
}

/** Waits for a build into the same folder that is under way. @throws SnapError OUT_*, or the signal's reason */
export async function openWorkFolder(out: string, signal?: AbortSignal): Promise<WorkFolder> {
  const wasMade = await makeFolder(out);
  await refuseForeign(out);
  await refuseUnsafe(out);
  const { unlock, isMade } = await lock(out, signal);
  const isNew = wasMade || isMade;
  try {
    await removeStaleWork(out);
    const work = await mkdtemp(path.join(out, WORK_PREFIX));
    await chmod(work, 0o700);
    const release = async () => {
      await rm(work, { recursive: true, force: true });
      await unlock();
      if (isNew) await removeIfEmpty(out);
    };
    return { out, work, isNew, release };
  } catch (error) {
    await unlock();
    return writeRefused(out, error);
  }
}

async function removeIfEmpty(out: string): Promise<void> {
  try {
    await rmdir(out);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/**
 * Puts finished files from the work folder in place: the manifest first, by which a folder is known as ours whatever
 * happens next; the launcher last; and an old launcher of another name away.
 */
export async function switchIn({ out, work }: WorkFolder, launcher: string): Promise<void> {
  const old = await readManifest(out).catch(() => null);
  const hasTerminal = existsSync(path.join(work, terminalFolder));
  try {
    if (hasTerminal) await mkdir(path.join(out, terminalFolder), { recursive: true, mode: 0o755 });
    for (const name of [...ARTIFACT_FILES, launcher]) {
      if (existsSync(path.join(work, name))) await rename(path.join(work, name), path.join(out, name));
      else if (name !== launcher) await rm(path.join(out, name), { force: true });
    }
    if (!hasTerminal) await removeIfEmpty(path.join(out, terminalFolder));
    if (old !== null && old.options.name !== launcher) await rm(path.join(out, old.options.name), { force: true });
  } catch (error) {
    writeRefused(out, error);
  }
}
