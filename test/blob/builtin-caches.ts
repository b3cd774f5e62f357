// Node's own code caches at the end of a blob: found on each version, and a blob that was trimmed does what it did.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { trimBuiltinCaches } from '../../src/blob/builtin-caches.js';
import { findBuiltinCaches } from '../../src/blob/layout.js';
import { blobOf } from '../bake/harness/blobs.js';
import { MAJORS, nodeFor } from '../hazards/graph-of.js';

/** Loads built-ins that are not in the heap, a context of its own, and says what Node thinks of its caches. */
const SCRIPT = `require('v8').startupSnapshot.setDeserializeMainFunction(() => {
  const load = process.getBuiltinModule ?? require;
  const names = ['http', 'https', 'crypto', 'zlib', 'net', 'tls', 'readline', 'child_process', 'worker_threads', 'assert'];
  const kinds = names.map((name) => Object.keys(load(name)).length);
  const inContext = load('vm').runInNewContext('[1, 2].map((n) => n * 2).join()');
  console.log(JSON.stringify([kinds, inContext, process.features.cached_builtins]));
});`;

function boot(node: string, folder: string, blob: Buffer): { status: number | null; stdout: string; stderr: string } {
  writeFileSync(join(folder, 'try.blob'), blob);
  const { status, stdout, stderr } = spawnSync(node, ['--snapshot-blob', 'try.blob'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

for (const major of MAJORS) {
  t.test(`Node ${major}`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'snap-test-caches-'));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    const { path: node } = nodeFor(major);
    const blob = blobOf(node, folder, SCRIPT);
    const found = findBuiltinCaches(blob);
    const ids = found?.records.map(({ name }) => name) ?? [];
    for (const id of ['fs', 'http', 'internal/errors', 'internal/per_context/primordials', 'zlib'])
      t.ok(ids.includes(id), id);
    t.equal(new Set(ids).size, ids.length, 'each once');
    t.ok(trimBuiltinCaches(blob, () => true)?.equals(blob), 'all kept is the blob itself');

    const plain = boot(node, folder, blob);
    t.match(plain, { status: 0, stdout: /"2,4",true/ });
    const isWanted = (id: string) => id === 'http' || id.startsWith('internal/per_context/');
    const trimmed = trimBuiltinCaches(blob, isWanted) ?? Buffer.alloc(0);
    t.same(boot(node, folder, trimmed), plain, 'a trimmed one does the same');
    t.ok(trimmed.length < blob.length * 0.6, `${trimmed.length} of ${blob.length} bytes are left`);
    t.same(
      findBuiltinCaches(trimmed)?.records.map(({ name }) => name),
      ids.filter(isWanted),
    );
    t.equal(
      trimBuiltinCaches(blob, () => false),
      null,
      'without any, Node would say that it has none',
    );

    for (const [what, other] of Object.entries({
      'a byte more': Buffer.concat([blob, Buffer.alloc(1)]),
      'a byte less': blob.subarray(0, -1),
      'another count': withByte(blob, found?.start ?? 0, 1),
      'another length of an id': withByte(blob, found?.records[5]?.end ?? 0, 77),
      nothing: Buffer.alloc(0),
    })) {
      t.equal(trimBuiltinCaches(other, isWanted), null, `${what}: left alone`);
    }
  });
}

function withByte(blob: Buffer, at: number, added: number): Buffer {
  const copy = Buffer.from(blob);
  copy.writeUInt8(((copy[at] ?? 0) + added) % 256, at);
  return copy;
}
