// The list of templates in a blob: found on each version that gives it to worker threads, and a blob without those that are
// made again does what it did, workers included.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { withoutRemadeTemplates } from '../../src/blob/isolate-templates.js';
import { findTemplates } from '../../src/blob/layout.js';
import { measureNode } from '../../src/target/measure.js';
import { blobOf } from '../bake/harness/blobs.js';
import { MAJORS, nodeFor } from '../hazards/graph-of.js';

const SCRIPT = `require('net'); require('tty'); require('child_process');
require('v8').startupSnapshot.setDeserializeMainFunction(() => {});
// withoutRemadeTemplates(): \u{18}\0\0\0\0\0\0\0async_wrap_ctor_template`;
const REMADE = ['shutdown_wrap', 'tcp_constructor', 'pipe_constructor', 'tty_constructor', 'write_wrap'];

for (const major of MAJORS) {
  t.test(`Node ${major}`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'snap-test-templates-'));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    const blob = blobOf(nodeFor(major).path, folder, SCRIPT);
    const names = findTemplates(blob)?.records.map(({ name }) => name) ?? [];
    t.same(
      REMADE.filter((name) => !names.includes(`${name}_template`)),
      [],
    );
    t.ok(names.includes('libuv_stream_wrap_ctor_template'));
    const lean = withoutRemadeTemplates(blob) ?? Buffer.alloc(0);
    const left = findTemplates(lean)?.records.map(({ name }) => name);
    t.same(
      left,
      names.filter((name) => !REMADE.includes(name.replace(/_template$/, ''))),
    );
    t.equal(withoutRemadeTemplates(lean), null, 'nothing is left to take out');
  });
}

t.test('a list whose count is another, or that is cut, is left alone', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'snap-test-templates-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const blob = blobOf(nodeFor(24).path, folder, SCRIPT);
  const list = findTemplates(blob)?.records ?? [];
  const [start, end] = [list[0]?.start ?? 0, list.at(-1)?.end ?? 0];
  const counted = Buffer.from(blob);
  counted.writeUInt8((counted[start - 8] ?? 0) ^ 1, start - 8);
  const renamed = Buffer.from(blob);
  renamed.write('A', (list[3]?.start ?? 0) + 8, 'latin1');
  for (const [what, other] of Object.entries({
    'another count': counted,
    'a name that is none': renamed,
    'cut within': blob.subarray(0, end - 30),
    'cut at its beginning': blob.subarray(start),
    nothing: Buffer.alloc(0),
  })) {
    t.equal(findTemplates(other), null, what);
    t.equal(withoutRemadeTemplates(other), null, what);
  }
});

t.test('what a node is found to do with workers', async (t) => {
  const found: Record<string, unknown> = {};
  for (const major of MAJORS) {
    const { workersSurvive, remakesNotes } = await measureNode(nodeFor(major).path);
    found[major] = { workersSurvive, remakesNotes };
  }
  const remade = { workersSurvive: false, remakesNotes: true };
  t.same(found, { 20: { workersSurvive: true, remakesNotes: false }, 22: remade, 24: remade, 26: remade });
});
