// handlebars gives Node's loader handlers for two more endings while it loads: what a program loads after it is baked as ever.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { build } from '../harness/build.js';
import { compare } from '../harness/compare.js';
import { corpus } from '../harness/corpus.js';
import { write } from '../harness/files.js';
import { nodes } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';

t.setTimeout(300_000);

interface Described {
  readonly modules: readonly { readonly file: string; readonly verdict: string }[];
}

const faults = corpus(t, 'faults');
for (const node of faults === undefined ? [] : nodes(t, ['v24'])) {
  await t.test(`a program with handlebars, Node ${node.name}`, async (t) => {
    const folder = join(scratch(t, 'handlebars'), 'program');
    const handlebars = JSON.stringify(join(faults ?? '', 'node_modules', 'handlebars'));
    write(folder, {
      'package.json': '{ "name": "program", "version": "1.0.0" }',
      'cli.js': `if (process.argv[2] === 'template') console.log(require(${handlebars}).compile('a {{b}}')({ b: 1 }));
console.log(require('./lib/others').all.join(), Object.keys(require.extensions).join());\n`,
      'lib/others.js': "exports.all = [1, 2, 3].map((n) => require('./other' + n));\n",
      ...Object.fromEntries([1, 2, 3].map((n) => [`lib/other${n}.js`, `module.exports = ${n};\n`])),
    });
    const { out, ...target } = await build(t, node, { entry: join(folder, 'cli.js'), train: ['template', 'plain'] });
    const { modules } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Described;
    const own = modules.filter(({ file }) => file.includes('/lib/other') && !file.includes('node_modules'));
    t.same(
      own.map(({ verdict }) => verdict),
      ['baked', 'baked', 'baked', 'baked'],
      'what is loaded after it is baked',
    );
    for (const args of [['template'], ['plain'], []]) await compare(t, { ...target, out }, { args });
  });
}
