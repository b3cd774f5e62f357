// A program that changes what a module was baked with before it loads that one: the module could never be used as it was
// baked, so the build leaves it out, and what needs it. What only some lines load so stays.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { build, type Target } from '../harness/build.js';
import { compare } from '../harness/compare.js';
import { write } from '../harness/files.js';
import { nodes } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';

t.setTimeout(300_000);

const FILES = {
  'package.json': '{ "name": "program", "version": "1.0.0" }',
  'cli.js': [
    "const settings = require('./lib/settings');",
    "if (process.argv[2] === 'direct') console.log(require('./lib/partly').text);",
    "settings.mode = 'changed';",
    "settings.read = () => 'replaced';",
    "console.log(require('./lib/above').text, require('./lib/alone').text, require('./lib/partly').text);",
    "console.log(Object.keys(require.cache).join(' '), module.children.length);",
    '',
  ].join('\n'),
  'lib/settings.js': "exports.mode = 'first';\nexports.read = () => 'original';\n",
  'lib/uses.js': "const { mode, read } = require('./settings');\nexports.text = mode + read();\n",
  'lib/above.js': "exports.text = 'above ' + require('./uses').text;\n",
  'lib/partly.js': "exports.text = 'partly ' + require('./settings').mode;\n",
  'lib/alone.js': "exports.text = 'alone';\n",
};

interface Described {
  readonly modules: readonly { readonly file: string; readonly verdict: string; readonly code: string }[];
}

function placements({ out }: Target): Record<string, string> {
  const { modules } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Described;
  const inLib = modules.filter(({ file }) => file.includes('/lib/'));
  return Object.fromEntries(inLib.map(({ file, verdict, code }) => [file.replace(/.*\//, ''), `${verdict} ${code}`]));
}

for (const node of nodes(t, ['v24'])) {
  await t.test(`what the entry changes before it loads more, Node ${node.name}`, async (t) => {
    const folder = join(scratch(t, 'never-used'), 'program');
    write(folder, FILES);
    const target = await build(t, node, { entry: join(folder, 'cli.js'), train: ['x', 'direct'] });
    t.same(placements(target), {
      'settings.js': 'baked PLAN_BAKED',
      'uses.js': 'packed BAKE_NEVER_USED',
      'above.js': 'packed BAKE_NEVER_USED',
      'partly.js': 'baked PLAN_BAKED',
      'alone.js': 'baked PLAN_BAKED',
    });
    for (const args of [['x'], ['direct'], []]) await compare(t, target, { args });
  });
}
