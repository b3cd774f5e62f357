// A program whose modules need one that cannot be baked, in the ways of several compilers: they are baked without the
// statements that need it, and with --no-defer packed. Others take, at load, paths that only a faithful analysis sees.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as swc from '@swc/core';
import t from 'tap';
import { ts } from 'ts-morph';
import { build, type Target, verdictOf } from '../harness/build.js';
import { type Case, compare } from '../harness/compare.js';
import { write } from '../harness/files.js';
import { nodes } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';

t.setTimeout(600_000);

const SOURCE = `import leaf, * as all from './leaf';
import { mode } from './leaf';
export const tell = () => [leaf.mode, all.mode, all.default === leaf, mode];
`;

/** As Babel 7.20 writes it, on one line each; newer versions are in test/source/compilers.ts. */
const BABEL = `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.tell = void 0;
var _leaf = _interopRequireWildcard(require("./leaf"));
var all = _leaf;
function _getRequireWildcardCache(e) { if ("function" != typeof WeakMap) return null; var r = new WeakMap(), t = new WeakMap(); return (_getRequireWildcardCache = function (e) { return e ? t : r; })(e); }
function _interopRequireWildcard(e, r) { if (!r && e && e.__esModule) return e; if (null === e || "object" != typeof e && "function" != typeof e) return { default: e }; var t = _getRequireWildcardCache(r); if (t && t.has(e)) return t.get(e); var n = { __proto__: null }, a = Object.defineProperty && Object.getOwnPropertyDescriptor; for (var u in e) if ("default" !== u && Object.prototype.hasOwnProperty.call(e, u)) { var i = a ? Object.getOwnPropertyDescriptor(e, u) : null; i && (i.get || i.set) ? Object.defineProperty(n, u, i) : n[u] = e[u]; } return n.default = e, t && t.set(e, n), n; }
const tell = () => [_leaf.default.mode, all.mode, all.default === _leaf.default, _leaf.mode];
exports.tell = tell;
`;

const typescript = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2020, esModuleInterop: true };

const COMPILED = {
  'babel.js': BABEL,
  'swc.js': swc.transformSync(SOURCE, { swcrc: false, jsc: { target: 'es2020' }, module: { type: 'commonjs' } }).code,
  'typescript.js': ts.transpileModule(SOURCE, { compilerOptions: typescript }).outputText,
};

const FILES = {
  ...COMPILED,
  'package.json': '{ "name": "program", "version": "1.0.0" }',
  'cli.js': [
    "const names = ['babel', 'swc', 'typescript', 'late', 'deleted', 'text', 'native'];",
    "for (const name of names) console.log(name, require('./' + name).tell());",
    'console.log(Object.keys(require.cache).map((file) => require("path").basename(file)).join(" "));',
    '',
  ].join('\n'),
  'leaf.js': "for (const word of ['leaf', 'loaded']) console.log(word);\nexports.mode = process.env.MODE || 'none';\n",
  'pure.js': 'exports.value = 1;\n',
  'late.js': [
    '// Lines of its own.',
    'const H = Headers;',
    'const { Headers: Again, FormData } = globalThis;',
    'const later = fetch;',
    "exports.tell = () => [new H([['a', 'b']]).get('a'), H === Again, H === Headers, FormData.name, later === fetch];",
    '',
  ].join('\n'),
  'deleted.js':
    "var a = require('./pure');\nvar x = delete a ? 'deleted' : process.env.PATH_TAKEN || 'none';\nexports.tell = () => [x, a];\n",
  'text.js': [
    "const g = require('./pure');",
    'class C { get() { return g; } }',
    'const isKnown = String(C) === "class C { get() { return g; } }";',
    "const x = isKnown ? process.env.PATH_TAKEN || 'none' : 'another text';",
    'exports.tell = () => [x, new C().get()];',
    '',
  ].join('\n'),
  'native.js': [
    'const text = Function.prototype.toString.call(WeakMap.prototype.set);',
    "const x = text === 'function set() { [native code] }' ? process.env.PATH_TAKEN || 'none' : text;",
    'exports.tell = () => [x];',
    '',
  ].join('\n'),
};

const DEFERRING = [...Object.keys(COMPILED), 'late.js'];

const cases: readonly Case[] = [
  { args: [] },
  { args: [], env: { MODE: 'another' } },
  { args: [], env: { PATH_TAKEN: 'yes' } },
  { args: [], env: { MODE: 'another', PATH_TAKEN: 'yes', NODE_ENV: 'production' } },
];

function mayDefer({ out }: Target): unknown {
  return JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')).options.defer;
}

for (const node of nodes(t, ['v20', 'v24', 'v26'])) {
  await t.test(`modules above a leaf, Node ${node.name}`, async (t) => {
    const folder = join(scratch(t, 'leaves'), 'program');
    write(folder, FILES);
    const entry = join(folder, 'cli.js');

    const deferring = await build(t, node, { entry, train: ['x'] });
    t.equal(mayDefer(deferring), true);
    t.equal(verdictOf(deferring, 'program/leaf.js'), 'packed');
    for (const name of DEFERRING) t.equal(verdictOf(deferring, `program/${name}`), 'baked', `${name} is baked`);
    for (const test of cases) await compare(t, deferring, test);

    const strict = await build(t, node, { entry, train: ['x'], extra: ['--no-defer'] });
    t.equal(mayDefer(strict), false);
    for (const name of DEFERRING) t.equal(verdictOf(strict, `program/${name}`), 'packed', `${name} with --no-defer`);
    for (const test of cases) await compare(t, strict, test);
  });
}
