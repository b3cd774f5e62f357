// Is there anything to build? A file whose size and time are as recorded is taken as unchanged; another is hashed. An
// artifact whose stamps do not hold runs plain, even where every content is the same: it is to be built again.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { changedSource } from '../../snapshot-entry/launch/sources.cjs';
import type { NodeBinary } from '../target/measure.js';
import type { Manifest, ManifestModule, ManifestOptions } from './manifest.js';

export async function sha256(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

async function isUnchanged(module: ManifestModule): Promise<boolean> {
  try {
    const { size, mtimeMs } = await stat(module.file);
    if (size !== module.bytes) return false;
    return mtimeMs === module.mtimeMs || (await sha256(module.file)) === module.sha256;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function isWhole(out: string, manifest: Manifest): Promise<boolean> {
  const checks = Object.entries(manifest.files).map(async ([name, { bytes }]) => {
    const found = await stat(path.join(out, name)).catch(() => null);
    return found !== null && found.size === bytes;
  });
  return (await Promise.all(checks)).every(Boolean);
}

function isSameNode(a: Manifest['node'], b: NodeBinary): boolean {
  return (
    a.path === b.path && a.version === b.version && a.size === b.bytes && a.mtimeMs === b.mtimeMs && a.inode === b.inode
  );
}

/** Whether the artifact in `out` is what a build with these options would make. */
export async function isUpToDate(
  out: string,
  manifest: Manifest,
  wanted: {
    readonly fingerprint: string;
    readonly options: ManifestOptions;
    readonly node: NodeBinary;
    readonly entry: Manifest['entry'];
    /** In which Node would look last for packages. */
    readonly globals: readonly string[];
  },
): Promise<boolean> {
  // What was never traced is cheap to build again, and nothing is known of what it was built from.
  if (manifest.modules.length === 0) return false;
  if (manifest.tool.fingerprint !== wanted.fingerprint || !isSameNode(manifest.node, wanted.node)) return false;
  if (JSON.stringify(manifest.options) !== JSON.stringify(wanted.options)) return false;
  if (JSON.stringify(manifest.entry) !== JSON.stringify(wanted.entry)) return false;
  if (changedSource(manifest.stamps, wanted.globals) !== undefined) return false;
  if (!(await isWhole(out, manifest))) return false;
  return (await Promise.all(manifest.modules.map(isUnchanged))).every(Boolean);
}
