// Blobs of one script, as node builds them.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function blobOf(node: string, folder: string, script: string): Buffer {
  writeFileSync(join(folder, 'script.js'), script);
  const { status, stderr } = spawnSync(node, ['--snapshot-blob', 'full.blob', '--build-snapshot', 'script.js'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return readFileSync(join(folder, 'full.blob'));
}
