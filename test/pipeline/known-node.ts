// A node is asked once, and again when it is another file.
import { copyFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { noCache } from '../../src/cache/content-cache.js';
import { knownNode } from '../../src/pipeline/known-node.js';
import type { NodeBinary } from '../../src/target/measure.js';
import { nodes } from '../cli/harness/nodes.js';
import { remembering } from './harness/remembering.js';

for (const { name, binary } of nodes(t, ['v24'])) {
  t.test(`what a node answers is kept, Node ${name}`, async (t) => {
    const copy = join(t.testdir(), 'node');
    await copyFile(binary, copy);
    const cache = remembering();
    const first = await knownNode(copy, cache);
    t.match(first, { path: copy, major: 24 });
    t.equal(cache.kept.size, 1);
    const marked = { ...first, version: 'as remembered' } satisfies NodeBinary;
    for (const key of cache.kept.keys()) cache.kept.set(key, marked);
    t.equal((await knownNode(copy, cache)).version, 'as remembered');
    await utimes(copy, 1, 1);
    t.equal((await knownNode(copy, cache)).version, first.version, 'another file under the same name');
    t.equal(cache.kept.size, 2);
  });
}

t.test('a node that is not there', async (t) => {
  await t.rejects(knownNode(join(t.testdir(), 'none'), noCache), { code: 'NODE_MISSING' });
});
