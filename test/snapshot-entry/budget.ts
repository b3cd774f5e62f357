// What runs in a user's process is read from disk at every launch: it stays small, and needs nothing but Node.
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { bundleScript } from '../../src/target/bundle-script.js';

const folder = fileURLToPath(new URL('../../snapshot-entry/', import.meta.url));

/**
 * One text, minified: 50 kB with lazy modules (99 kB before it was minified), 53 kB with what worker threads need, 55 kB
 * with foreign code and keys that are counted anew, 58 kB with what compiles, in a builder alone, the functions that
 * launches call, 65 kB with stamps of where requests lead (1.7 kB), with presence, accessors and settings among what is
 * compared (4.5 kB), and with what Node refuses of a request (0.8 kB).
 */
const MOST_BYTES = 65_000;

function requestsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/\brequire\("([^"]*)"\)/g)].map(([, request]) => request as string);
}

/** All files that end up in a blob: the builder's script is made of them. */
function filesOf(entry: string, found = new Set<string>()): Set<string> {
  if (found.has(entry)) return found;
  found.add(entry);
  for (const request of requestsOf(entry)) {
    if (request.startsWith('.')) filesOf(path.resolve(path.dirname(entry), request), found);
  }
  return found;
}

const files = [...filesOf(path.join(folder, 'builder', 'builder.cjs'))];

t.test('the run-time part keeps its budget of bytes', async (t) => {
  const bytes = bundleScript(path.join(folder, 'builder', 'builder.cjs')).length;
  t.ok(bytes <= MOST_BYTES, `${bytes} of ${MOST_BYTES} bytes`);
  t.ok(files.length > 10, 'the walk finds the files');
});

t.test('it requires built-ins and itself', async (t) => {
  for (const file of files) {
    t.equal(path.dirname(path.dirname(file)), path.resolve(folder), file);
    for (const request of requestsOf(file)) {
      const isKnown = request.startsWith('node:')
        ? isBuiltin(request)
        : /^\.(?:\.\/[a-z]+)?\/[a-z-]+\.cjs$/.test(request);
      t.ok(isKnown, `${path.basename(file)} requires ${request}`);
    }
  }
});
