// What runs in a user's process is read from disk at every launch: it stays small, and needs nothing but Node.
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { builderScripts } from '../../src/pipeline/prepare-builder.js';

const folder = fileURLToPath(new URL('../../snapshot-entry/', import.meta.url));

/**
 * Of the script that stays in the heap, minified: launch/ and what it needs of shared/. What its bytes buy, in kB: the format
 * of the pack and its reader 14, baked modules and their deferred statements 8, the loader and what it hands to Node's 8, what
 * is compared before a baked module is used 6, the sources' stamps 2, the start of a process 3, and 1 for what Node loses
 * in a snapshot. The builder is another 26 kB, a trial run 3, which no user's process reads.
 */
const MOST_BYTES = 43_000;

/** Rooms that the files of each may require, beside their own. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  launch: ['shared'],
  builder: ['shared', 'launch'],
  trial: ['shared', 'launch'],
};

function requestsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/\brequire\("([^"]*)"\)/g)].map(([, request]) => request as string);
}

t.test('the run-time part keeps its budget of bytes', async (t) => {
  const bytes = builderScripts().launch.length;
  t.ok(bytes <= MOST_BYTES, `${bytes} of ${MOST_BYTES} bytes`);
});

t.test('each room requires built-ins, itself and the rooms below', async (t) => {
  for (const [room, below] of Object.entries(BELOW)) {
    const files = readdirSync(path.join(folder, room)).filter((name) => name.endsWith('.cjs'));
    t.ok(files.length > 2, `${room} has files`);
    for (const name of files) {
      for (const request of requestsOf(path.join(folder, room, name))) {
        const found = path.join(room, request);
        const isKnown = request.startsWith('.')
          ? [room, ...below].includes(path.dirname(found)) && /^[a-z-]+\.cjs$/.test(path.basename(found))
          : request.startsWith('node:') && isBuiltin(request);
        t.ok(isKnown, `${room}/${name} requires ${request}`);
      }
    }
  }
});
