import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of the package that a file belongs to. */
export function packageDir(file: string): string {
  const match = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
  if (match?.[1] !== undefined) return match[1];
  let folder = path.dirname(file);
  while (!existsSync(path.join(folder, 'package.json'))) {
    const up = path.dirname(folder);
    if (up === folder) return path.dirname(file);
    folder = up;
  }
  return folder;
}
