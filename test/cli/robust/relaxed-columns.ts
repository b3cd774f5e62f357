// A program whose dependency is minified to one line: by default nothing of it can wait, so that it is packed; with
// --relaxed-columns it is baked, and the program shows what plain node shows, but for columns of that line.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { build, buildArguments, snap, type Target, verdictOf } from '../harness/build.js';
import { type Case, compare } from '../harness/compare.js';
import { write } from '../harness/files.js';
import { nodes, type TestNode } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';

t.setTimeout(600_000);

const MINIFIED = [
  '"use strict";const a=require("./unsafe"),{sep:s}=require("path");const b=a.mode;let n=0;',
  'class T{fail(w){throw new TypeError(w)}}exports.T=T;exports.all=()=>[a.mode,b,s,n++,a.seen];',
  'exports.later=w=>setTimeout(()=>new T().fail(w))',
].join('');

const FILES = {
  'package.json': '{ "name": "program", "version": "1.0.0" }',
  'cli.js': [
    "console.log('before');",
    "const { T, all, later } = require('minified');",
    "const [command = 'none'] = process.argv.slice(2);",
    "console.log(command, all(), all(), module.children.length, Object.keys(require.cache).join(' '));",
    "if (command === 'caught') try { new T().fail(command); } catch (error) { console.log(error.stack); }",
    "if (command === 'uncaught') later(command);",
    '',
  ].join('\n'),
  'node_modules/minified/package.json': '{ "name": "minified", "version": "1.0.0", "main": "index.js" }',
  'node_modules/minified/index.js': MINIFIED,
  'node_modules/minified/unsafe.js':
    "console.log('unsafe is loaded');\nexports.mode = process.env.MODE;\nexports.seen = Object.keys(require.cache).length;\n",
};

/** What is traded: columns of the line, and the line itself where Node shows it above an uncaught error. */
const traded = [
  [/(minified\/index\.js:1):\d+/g, '$1'],
  [/(minified\/index\.js:1)\n.*\n *\^+\n/g, '$1\n'],
] as const;

const cases: readonly Case[] = [
  { args: [] },
  { args: ['x'], env: { MODE: 'another' } },
  { args: ['caught'], mask: traded },
  { args: ['uncaught'], mask: traded },
];

interface Known {
  readonly options: { readonly relaxedColumns: boolean };
  readonly modules: readonly { readonly file: string; readonly deferred: readonly string[] }[];
}

function manifestOf({ out }: Target): Known {
  return JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Known;
}

function deferredIn(target: Target): readonly string[] {
  return manifestOf(target).modules.find(({ file }) => file.endsWith('minified/index.js'))?.deferred ?? [];
}

/** The same build once more. */
async function again(t: Test, { node, entry, out, ground }: Target, extra: readonly string[]): Promise<string> {
  const result = await snap(node, buildArguments(node, out, 'cli', { entry, train: ['x'], extra }), ground);
  t.equal(result.code, 0, result.stderr);
  return result.stdout;
}

async function builtWith(t: Test, node: TestNode, out: string, extra: readonly string[]): Promise<Target> {
  const entry = join(out, '..', 'program', 'cli.js');
  return build(t, node, { entry, out, train: ['x'], extra });
}

for (const node of nodes(t, ['v20', 'v24', 'v26'])) {
  await t.test(`a dependency on one line, Node ${node.name}`, async (t) => {
    const ground = scratch(t, 'relaxed');
    const out = join(ground, 'artifact');
    write(join(ground, 'program'), FILES);

    const strict = await builtWith(t, node, out, []);
    t.equal(manifestOf(strict).options.relaxedColumns, false);
    t.equal(verdictOf(strict, 'minified/index.js'), 'packed', 'by default it is packed');
    t.match(await again(t, strict, []), 'is up to date');

    const relaxed = await builtWith(t, node, out, ['--relaxed-columns']);
    t.equal(manifestOf(relaxed).options.relaxedColumns, true);
    t.equal(verdictOf(relaxed, 'minified/index.js'), 'baked', 'with relaxed columns it is baked');
    t.equal(deferredIn(relaxed).length, 2, 'without two of its statements');
    for (const test of cases) await compare(t, relaxed, test);

    const { mtimeMs } = statSync(join(out, 'manifest.json'));
    t.match(await again(t, relaxed, ['--relaxed-columns']), 'is up to date');
    t.equal(statSync(join(out, 'manifest.json')).mtimeMs, mtimeMs, 'and is left as it is');
    t.notMatch(await again(t, relaxed, []), 'is up to date');
    t.equal(verdictOf(relaxed, 'minified/index.js'), 'packed', 'without the option it is built anew');
  });
}
