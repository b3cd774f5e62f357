import t, { type Test } from 'tap';
import { detectFormat, type EntryFormat } from '../../src/entry/detect-format.js';

const COMMONJS = `const fs = require('fs');\nmodule.exports = fs;`;
const MODULE = `import fs from 'node:fs';\nexport default fs;`;

async function formatOf(t: Test, file: string, source: string, manifest = '{}'): Promise<EntryFormat> {
  const dir = t.testdir({ 'package.json': manifest, node_modules: { p: {} } });
  return detectFormat(`${dir}/${file}`, source);
}

t.test('the extension decides before all else', async (t) => {
  t.equal(await formatOf(t, 'cli.mjs', 'run();', '{"type":"commonjs"}'), 'module');
  t.equal(await formatOf(t, 'cli.cjs', 'run();', '{"type":"module"}'), 'commonjs');
});

t.test('then the nearest package.json', async (t) => {
  t.equal(await formatOf(t, 'cli.js', 'run();', '{"type":"module"}'), 'module');
  t.equal(await formatOf(t, 'lib/deep/cli', 'run();', '{"type":"module"}'), 'module');
  t.equal(await formatOf(t, 'cli.js', COMMONJS, '{"type":"commonjs"}'), 'commonjs');
});

t.test('an installed package does not ask the project around it', async (t) => {
  t.equal(await formatOf(t, 'node_modules/p/cli.js', COMMONJS, '{"type":"module"}'), 'commonjs');
});

t.test('then the syntax', async (t) => {
  t.equal(await formatOf(t, 'cli.js', COMMONJS), 'commonjs');
  t.equal(await formatOf(t, 'cli.js', MODULE), 'module');
  t.equal(await formatOf(t, 'cli.js', 'await run();'), 'module');
  t.equal(await formatOf(t, 'cli.js', '#!/usr/bin/env node\nreturn;'), 'commonjs');
  t.equal(await formatOf(t, 'cli.js', ''), 'commonjs');
});

t.test('what only V8 allows in a CommonJS file is no fault', async (t) => {
  t.equal(await formatOf(t, 'cli.js', 'const called = new.target;'), 'commonjs');
});

t.test('a syntax error names the file and shows the place', async (t) => {
  const broken = `const fine = 1;\nconst = broken;\n`;
  for (const [file, manifest] of [
    ['cli.js', '{}'],
    ['cli.cjs', '{}'],
    ['cli.mjs', '{}'],
    ['cli.js', '{"type":"module"}'],
  ] as const) {
    const fault = await formatOf(t, file, broken, manifest).then(
      () => null,
      (error) => error,
    );
    t.match(fault, { code: 'ENTRY_SYNTAX', hint: /correct it/ });
    t.match(fault.message, /cli\.[cm]?js has a syntax error:[\s\S]*const = broken/);
    t.notMatch(fault.message, /Caused by/);
  }
});

t.test('declared CommonJS is not tried as a module', async (t) => {
  await t.rejects(formatOf(t, 'cli.js', MODULE, '{"type":"commonjs"}'), { code: 'ENTRY_SYNTAX' });
});

t.test('a package.json that node cannot read is named', async (t) => {
  for (const manifest of ['{"type":', '', 'null', '"module"']) {
    const fault = await formatOf(t, 'lib/cli.js', COMMONJS, manifest).then(
      () => null,
      (error) => error,
    );
    t.match(fault, { code: 'ENTRY_PACKAGE_CONFIG', path: /package\.json$/ }, JSON.stringify(manifest));
  }
  t.equal(await formatOf(t, 'cli.cjs', COMMONJS, '{"type":'), 'commonjs', 'where it is not asked, it does not matter');
});

t.test('a type that node does not know is none', async (t) => {
  t.equal(await formatOf(t, 'cli.js', COMMONJS, '{"type":["module"]}'), 'commonjs');
});
