import { symlinkSync } from 'node:fs';
import t, { type Test } from 'tap';
import { resolveEntry } from '../../src/entry/resolve-entry.js';

function folder(t: Test, files: Record<string, string | object> = {}): string {
  return t.testdir({
    'package.json': '{}',
    'cli.js': '#!/usr/bin/env -S node --no-warnings\nrun();',
    ...files,
  } as Parameters<Test['testdir']>[0]);
}

t.test('a file, from where the user stands', async (t) => {
  const dir = folder(t, { sub: {} });
  const expected = {
    file: `${dir}/cli.js`,
    argv1: `${dir}/cli.js`,
    name: 'cli',
    nodeFlags: ['--no-warnings'],
    format: 'commonjs',
  };
  t.same(await resolveEntry('./cli.js', dir), expected);
  t.same(await resolveEntry('../cli.js', `${dir}/sub`), expected);
  t.same(await resolveEntry(`${dir}/cli.js`, '/'), expected);
});

t.test('a command of the nearest node_modules/.bin keeps its link in argv[1]', async (t) => {
  const dir = folder(t, { node_modules: { '.bin': {} }, sub: { deep: {} } });
  symlinkSync('../../cli.js', `${dir}/node_modules/.bin/tool.x`);
  const entry = await resolveEntry('tool.x', `${dir}/sub/deep`);
  t.match(entry, { file: `${dir}/cli.js`, argv1: `${dir}/node_modules/.bin/tool.x`, name: 'tool.x' });
});

t.test('a file of that name comes before a command, a command before a folder', async (t) => {
  const dir = folder(t, { tool: 'run();', other: {}, node_modules: { '.bin': { tool: 'bin();', other: 'bin();' } } });
  t.equal((await resolveEntry('tool', dir)).argv1, `${dir}/tool`);
  t.equal((await resolveEntry('other', dir)).argv1, `${dir}/node_modules/.bin/other`);
});

t.test('the launcher is named without the extension of JavaScript', async (t) => {
  const dir = folder(t, { 'a.mjs': 'run();', 'b.cjs': 'run();', 'c.v2': 'run();' });
  const names = await Promise.all(['a.mjs', 'b.cjs', 'c.v2'].map(async (name) => (await resolveEntry(name, dir)).name));
  t.same(names, ['a', 'b', 'c.v2']);
});

t.test('what is not there', async (t) => {
  const dir = folder(t);
  await t.rejects(resolveEntry('./none.js', dir), { code: 'ENTRY_MISSING', message: 'there is no file ./none.js' });
  await t.rejects(resolveEntry('no-such-command-anywhere', dir), {
    code: 'ENTRY_MISSING',
    message: /nor a command of that name/,
  });
  await t.rejects(resolveEntry('cli.js/below', dir), { code: 'ENTRY_MISSING' });
});

t.test('a folder', async (t) => {
  const dir = folder(t, { app: {} });
  await t.rejects(resolveEntry('./app', dir), { code: 'ENTRY_IS_FOLDER', hint: /index\.js/ });
});

t.test('what cannot be read', async (t) => {
  const dir = folder(t);
  symlinkSync('loop.js', `${dir}/loop.js`);
  const fault = await resolveEntry('loop.js', dir).then(
    () => null,
    (error) => error,
  );
  t.match(fault, { code: 'ENTRY_UNREADABLE', path: `${dir}/loop.js` });
  t.equal(fault.cause.code, 'ELOOP');
});

t.test('what is not for node, and what is no JavaScript', async (t) => {
  const dir = folder(t, {
    'x.sh': '#!/bin/sh\nexec node x.js',
    'x.ts': 'let a: number;',
    'x.node': 'ELF\0\0',
    'x.mtsx': '',
  });
  await t.rejects(resolveEntry('x.sh', dir), { code: 'ENTRY_NOT_NODE', message: /script for \/bin\/sh/ });
  for (const name of ['x.ts', 'x.node', 'x.mtsx'])
    await t.rejects(resolveEntry(name, dir), { code: 'ENTRY_NOT_JAVASCRIPT' });
});
