// Which snap this is: caches and artifacts of another one are not used.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export const TOOL_VERSION = (
  JSON.parse(readFileSync(path.join(ROOT, '..', 'package.json'), 'utf8')) as { version: string }
).version;

/** A hash of this tool's own code: a version number alone would trust what an unreleased change has made. About 10 ms. */
export function toolFingerprint(): string {
  const hash = createHash('sha256').update(TOOL_VERSION);
  for (const room of ['src', 'snapshot-entry']) {
    const files = readdirSync(path.join(ROOT, room), { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.c?js$/.test(file),
    );
    for (const file of files.sort()) hash.update(file).update(readFileSync(path.join(ROOT, room, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
