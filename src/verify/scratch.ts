// A folder for the length of a verification; it also goes when the process exits.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export function openScratch(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(realpathSync(tmpdir()), 'snap-verify-'));
  const clear = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', clear);
  const remove = () => {
    process.off('exit', clear);
    clear();
  };
  return { folder, remove };
}
