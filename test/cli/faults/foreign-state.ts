// State of one module that another one changes while it loads, and a third one puts back: a program that was trained with
// all three is run with two of them, and with the first alone. And a package that gives Node's loader a handler for other
// names, which keeps nobody out.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { build, type Target } from '../harness/build.js';
import { compare } from '../harness/compare.js';
import { type Files, write } from '../harness/files.js';
import { nodes } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';

t.setTimeout(600_000);

interface Kind {
  /** Exports `$`, and the `state` of it as a text. */
  readonly owner: string;
  readonly set: string;
  readonly undo?: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  member: {
    owner: 'const $ = { strict: false }; const state = () => $.strict',
    set: '$.strict = true',
    undo: '$.strict = false',
  },
  array: { owner: 'const $ = []; const state = () => $.length', set: '$.push(1)', undo: '$.length = 0' },
  emitter: {
    owner: "const $ = new (require('events'))(); const state = () => $.listenerCount('x')",
    set: "$.on('x', () => {})",
    undo: "$.removeAllListeners('x')",
  },
  hidden: {
    owner: 'const own = { on: 0 }; const $ = (v) => { own.on = v }; const state = () => own.on',
    set: '$(1)',
    undo: '$(0)',
  },
  parameters: {
    owner: "const $ = new URLSearchParams('a=1'); const state = () => $.toString()",
    set: "$.append('x', '1')",
    undo: "$.delete('x')",
  },
  url: {
    owner: "const $ = new URL('http://a/b'); const state = () => $.href",
    set: "$.pathname = '/c'",
    undo: "$.pathname = '/b'",
  },
  controller: { owner: 'const $ = new AbortController(); const state = () => $.signal.aborted', set: '$.abort()' },
  promise: {
    owner: "let $; const ready = new Promise((r) => { $ = r }); const state = () => require('util').inspect(ready)",
    set: '$(1)',
  },
  function: {
    owner: "const $ = new Function('let n = 0; return (by) => n += by')(); const state = () => $(0)",
    set: '$(1)',
    undo: '$(-1)',
  },
  eval: { owner: "const $ = eval('let n = 0; (by) => n += by'); const state = () => $(0)", set: '$(1)', undo: '$(-1)' },
  text: { owner: "const $ = 'abc'[Symbol.iterator](); const state = () => [...$].join()", set: '$.next()' },
  pattern: { owner: 'const $ = /a/g; const state = () => $.lastIndex', set: "$.test('xa')", undo: "$.test('b')" },
};

const ENTRY = `const kinds = ${JSON.stringify(Object.keys(kinds))};
const [how] = process.argv.slice(2);
if (how === 'template') console.log(require('./lib/template').text);
else for (const kind of kinds) {
  const { state } = require('./lib/' + kind + '/owner');
  if (how !== 'owner') require('./lib/' + kind + '/set');
  if (how === 'all') try { require('./lib/' + kind + '/undo') } catch { }
  console.log(kind, state());
}
if (how === 'handler') require.extensions['.cjs'] = (module) => { module.exports = { text: 'by a handler' } };
console.log(require('./lib/common').text, require('./lib/own.cjs').text);
`;

function programFiles(): Files {
  const files: Record<string, string> = {
    'package.json': '{ "name": "program", "version": "1.0.0" }',
    'cli.js': ENTRY,
    'lib/common.js': "exports.text = 'common';\n",
    'lib/own.cjs': "exports.text = 'own';\n",
    'lib/template.js': "require.extensions['.hbs'] = () => {};\nmodule.exports = require('./common');\n",
  };
  for (const [kind, { owner, set, undo }] of Object.entries(kinds)) {
    const taken = "const { $ } = require('./owner');\n";
    files[`lib/${kind}/owner.js`] = `${owner};\nmodule.exports = { $, state };\n`;
    files[`lib/${kind}/set.js`] = `${taken}${set};\n`;
    files[`lib/${kind}/undo.js`] = undo === undefined ? '' : `${taken}${undo};\n`;
  }
  return files;
}

interface Described {
  readonly modules: readonly { readonly file: string; readonly verdict: string; readonly code: string }[];
}

function placements({ out }: Target): Record<string, string> {
  const { modules } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Described;
  return Object.fromEntries(
    modules.map(({ file, verdict, code }) => [file.replace(/.*\/lib\//, ''), `${verdict} ${code}`]),
  );
}

for (const node of nodes(t, ['v20', 'v22', 'v24', 'v26'])) {
  await t.test(`state of other modules, Node ${node.name}`, async (t) => {
    const folder = join(scratch(t, 'foreign-state'), 'program');
    write(folder, programFiles());
    // The line that hooks comes first: what the others load is traced after it.
    const target = await build(t, node, { entry: join(folder, 'cli.js'), train: ['template', 'all', 'owner'] });
    const placed = placements(target);
    for (const [kind, { undo }] of Object.entries(kinds)) {
      t.equal(placed[`${kind}/owner.js`], 'baked PLAN_BAKED', `${kind}: the owner is baked`);
      t.equal(placed[`${kind}/set.js`], 'packed HAZARD_FOREIGN_WRITE', `${kind}: who sets it is not`);
      if (undo !== undefined) t.match(placed[`${kind}/undo.js`], /^packed/, `${kind}: nor who puts it back`);
    }
    t.equal(placed['common.js'], 'baked PLAN_BAKED', 'loaded under the handler for templates');
    t.equal(placed['own.cjs'], 'baked PLAN_BAKED', 'whatever its name ends in');
    for (const args of [['all'], ['owner'], ['set'], ['template'], ['handler']]) await compare(t, target, { args });
  });
}
