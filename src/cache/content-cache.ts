// Answers that depend on nothing but their question, kept between builds: keyed by a hash of everything that went in.
// A folder of the user's own, bounded: the answers not asked for longest go first. A cache never fails a build.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** About twenty programs of the size of firebase-tools. */
const MOST_BYTES = 256e6;

export interface ContentCache {
  /** undefined where there is none. */
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
}

export function hashKey(...parts: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(JSON.stringify(part)).update('\0');
  return hash.digest('hex');
}

/** An empty or relative XDG_CACHE_HOME is to be ignored: https://specifications.freedesktop.org/basedir-spec/ */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const { XDG_CACHE_HOME: given = '' } = env;
  return path.join(path.isAbsolute(given) ? given : path.join(env.HOME || os.homedir(), '.cache'), 'v8-snap');
}

/** Whether nobody else can write there. Its answers decide what is baked, and so what runs as this user. */
async function isPrivate(folder: string): Promise<boolean> {
  const { uid, mode } = await stat(folder);
  return process.platform === 'win32' || (uid === process.getuid?.() && (mode & 0o022) === 0);
}

async function prune(folder: string): Promise<void> {
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => ({ name, ...(await stat(path.join(folder, name))) })),
  );
  let bytes = files.reduce((sum, { size }) => sum + size, 0);
  for (const { name, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (bytes <= MOST_BYTES) return;
    await rm(path.join(folder, name), { force: true });
    bytes -= size;
  }
}

/** The cache of the user that `env` names. Where no private folder can be made, one that remembers nothing. */
export async function openCache(env: NodeJS.ProcessEnv): Promise<ContentCache> {
  const folder = cacheFolder(env);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (!(await isPrivate(folder))) return noCache;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return noCache;
  }
  return {
    get: (key) => read(path.join(folder, key)),
    put: (key, value) => write(folder, key, value),
  };
}

export const noCache: ContentCache = { get: async () => undefined, put: async () => undefined };

async function read(file: string): Promise<unknown> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    const now = new Date();
    await utimes(file, now, now);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}

async function write(folder: string, key: string, value: unknown): Promise<void> {
  const temporary = path.join(folder, `.${key}.${process.pid}`);
  try {
    await writeFile(temporary, JSON.stringify(value), { mode: 0o600 });
    await rename(temporary, path.join(folder, key));
    await prune(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    await rm(temporary, { force: true });
  }
}
