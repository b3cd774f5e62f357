import { randomBytes } from 'node:crypto';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { chmod, open, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LaunchError, launcherName, launcherNotWritten } from './errors.js';
import { renderLauncher } from './render.js';
import { artifactFiles, type LauncherNode, type LauncherSpec, terminalFolder } from './types.js';

const reservedNames = new Set<string>([
  ...Object.values(artifactFiles),
  terminalFolder,
  'manifest.json',
  '.',
  '..',
  '',
]);

/** Describes the node at `path` (a symbolic link is followed) for a launcher. Throws what `stat` throws. */
export function identifyNode(path: string, version: string, pinned: boolean): LauncherNode {
  const real = realpathSync(path);
  // In whole seconds, rounded down as stat(1) prints them.
  const { size, mtimeNs } = statSync(real, { bigint: true });
  return { path: real, pinned, version, bytes: Number(size), mtimeSeconds: Number(mtimeNs / 1_000_000_000n) };
}

/**
 * Writes `<dir>/<name>`, executable, under a temporary name first, so that a launcher in use is never half one.
 * Returns its path. Throws LaunchError.
 */
export async function writeLauncher(dir: string, spec: LauncherSpec): Promise<string> {
  if (reservedNames.has(spec.name) || basename(spec.name) !== spec.name || spec.name.includes('\0')) {
    throw new LaunchError(launcherName(spec.name));
  }
  const path = join(dir, spec.name);
  const temporary = join(dir, `.launcher-${randomBytes(6).toString('hex')}`);
  const shell = spec.shell ?? (existsSync('/bin/bash') ? 'bash' : 'sh');
  try {
    const file = await open(temporary, 'wx', 0o700);
    try {
      await file.writeFile(renderLauncher({ ...spec, shell }));
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(temporary, 0o755);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new LaunchError(launcherNotWritten(path), cause);
  }
  return path;
}
