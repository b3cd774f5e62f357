// What a build decides by rule: which flags fit, when an analysis still holds, what is packed as JSON.
import { rmSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { inputsKey } from '../../src/pipeline/analysis-inputs.js';
import { hidesHashbang, isJson } from '../../src/pipeline/packing.js';
import { unfitFlag } from '../../src/pipeline/shebang-flags.js';

t.test('flags of a shebang', async (t) => {
  t.equal(unfitFlag([], 'v24.1.0'), undefined);
  t.equal(unfitFlag(['--no-warnings', '--max-old-space-size=4096'], 'v24.1.0'), undefined);
  t.equal(unfitFlag(['--unhandled-rejections=strict'], 'v24.1.0'), undefined);
  t.equal(unfitFlag(['--no-warnings', '--enable-source-maps'], 'v24.1.0'), '--enable-source-maps');
  t.equal(unfitFlag(['--max-old-space-size=4096'], 'v20.20.0'), '--max-old-space-size=4096');
  t.equal(unfitFlag(['--max-old-space-size='], 'v24.1.0'), '--max-old-space-size=');
});

t.test('an analysis holds until something that it read changes', async (t) => {
  const dir = t.testdir({ 'data.txt': 'a', list: { one: '' }, there: 'x' });
  const module = `${dir}/m.js`;
  const keyOf = () =>
    inputsKey([
      { module, kind: 'file', path: `${dir}/data.txt` },
      { module, kind: 'list', path: `${dir}/list` },
      { module, kind: 'stat', path: `${dir}/there` },
      { module, kind: 'absent', path: `${dir}/absent` },
    ]);
  const changes: Record<string, () => void> = {
    'a file': () => writeFileSync(`${dir}/data.txt`, 'b'),
    'a listing': () => writeFileSync(`${dir}/list/two`, ''),
    'what stands there': () => rmSync(`${dir}/there`),
    'what was absent': () => writeFileSync(`${dir}/absent`, ''),
    'a file is gone': () => rmSync(`${dir}/data.txt`),
  };
  let before = await keyOf();
  t.equal(await keyOf(), before);
  for (const [what, change] of Object.entries(changes)) {
    change();
    const after = await keyOf();
    t.not(after, before, what);
    before = after;
  }
});

t.test('JSON as Node reads it', async (t) => {
  t.ok(isJson('\uFEFF{"a":1}'));
  t.notOk(isJson('{"a":1,}'));
  t.notOk(isJson(''));
});

t.test('a hashbang behind a byte order mark', async (t) => {
  t.ok(hidesHashbang('\uFEFF#!/usr/bin/env node\n'));
  t.notOk(hidesHashbang('#!/usr/bin/env node\n'));
  t.notOk(hidesHashbang('\uFEFFexports.a = 1;\n'));
});
