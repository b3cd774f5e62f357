import t from 'tap';
import { readManifest } from '../../src/artifact/manifest.js';
import { manifestOf } from './harness/manifests.js';

t.test('a manifest is read as it was written', async (t) => {
  const dir = t.testdir({ 'manifest.json': JSON.stringify(manifestOf()) });
  t.same(await readManifest(dir), manifestOf());
});

for (const [what, text] of Object.entries({
  'is empty': '',
  'is cut off': JSON.stringify(manifestOf()).slice(0, -5),
  'is null': 'null',
  "is another tool's": JSON.stringify({ ...manifestOf(), tool: { name: 'webpack' } }),
  'is of a later format': JSON.stringify({ ...manifestOf(), format: 2 }),
  'has no tool': '{"format":1}',
})) {
  t.test(`a manifest that ${what} is none`, async (t) => {
    const dir = t.testdir({ 'manifest.json': text });
    const fault = await readManifest(dir).then(
      () => null,
      (error) => error,
    );
    t.match(fault, { code: 'NOT_AN_ARTIFACT', path: dir, hint: /snap build/ });
    t.ok(fault.cause instanceof Error);
  });
}

t.test('a folder without one, and no folder at all', async (t) => {
  const dir = t.testdir();
  for (const folder of [dir, `${dir}/none`])
    await t.rejects(readManifest(folder), { code: 'NOT_AN_ARTIFACT', path: folder });
});
