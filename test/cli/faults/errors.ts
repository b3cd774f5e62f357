// One program of many modules, each of which looks at load at an error, at a failed request or at what does not exist
// while building. Whoever loads them, and with whatever before, the launcher shows what plain Node shows.

import { join } from 'node:path';
import t from 'tap';
import { build, verdictOf } from '../harness/build.js';
import { compare } from '../harness/compare.js';
import { write } from '../harness/files.js';
import { nodes } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';

t.setTimeout(600_000);

/** What `attempt` throws, as `look` sees it. */
function caught(attempt: string, look: string): string {
  return `try { ${attempt}; exports.found = 'nothing thrown'; } catch (error) { exports.found = ${look}; }\n`;
}

/** Alike in all runs: these stay baked. */
const SAME: Readonly<Record<string, string>> = {
  'closed-exports': caught("require('locked/package.json')", '[error.code, error.message, Object.keys(error)]'),
  'closed-names': caught("require('locked/package.json')", 'Object.getOwnPropertyNames(error).concat(String(error))'),
  'invalid-target': caught("require('locked/outside')", '[error.code, error.message, error.constructor.name]'),
  'target-gone': caught("require('locked/gone')", '[error.code, error.message, error.path]'),
  'main-gone': caught("require('no-main')", '[error.code, error.message, error.path, error.requestPath]'),
  'unknown-import': caught("require('#nope')", '[error.code, error.message, error instanceof TypeError]'),
  'unknown-builtin': caught("require('node:nope')", '[error.code, error.message, error.name]'),
  'not-found': caught("require('nope')", '[error.code, error.name, Object.keys(error), typeof error]'),
  'not-found-relative': caught("require('./nope')", "error.code === 'MODULE_NOT_FOUND' && error instanceof Error"),
  'names-of-errors': caught('null.x', '[error.name, error.message, String(error), JSON.stringify(error)]'),
};

/** What only a plain load can tell. */
const OF_THE_RUN: Readonly<Record<string, string>> = {
  message: caught("require('nope')", 'error.message'),
  'require-stack': caught("require('@scope/nope')", 'error.requireStack'),
  'as-text': caught("require('./nope')", "'' + error"),
  descriptor: caught("require('nope')", "Object.getOwnPropertyDescriptor(error, 'message')"),
  spread: caught("require('nope')", '({ ...error })'),
  'broken-json': caught("require('./broken.json')", '[error.name, error.message]'),
  'throws-itself': caught("require('./throwing')", '[error.code, error.message]'),
  inspected: caught('null.x', "require('util').inspect(error)"),
  formatted: caught('null.x', "require('util').format('%o', { error })"),
  pattern: 'try { null.x; } catch ({ stack }) { exports.found = stack; }\n',
  parameter: 'exports.found = (({ stack }) => stack)(new Error("made"));\n',
  assigned: 'let text; ({ stack: text } = new Error("made")); exports.found = text;\n',
  computed: 'const name = ["st", "ack"].join(""); exports.found = new Error("made")[name];\n',
  reflected: 'exports.found = Reflect.get(new Error("made"), "stack");\n',
  chained: 'exports.found = ((holder) => holder?.error.stack)({ error: new Error("made") });\n',
  cloned: 'exports.found = structuredClone(new TypeError("made"))["sta" + "ck"];\n',
  'main-module': 'exports.found = process.mainModule === undefined ? "none" : process.mainModule.filename;\n',
  'main-module-taken': 'const { mainModule } = process; exports.found = Object.keys(mainModule ?? {});\n',
  cache: 'exports.found = Object.keys(module.constructor._cache).map((file) => require("path").basename(file));\n',
  'built-ins': 'exports.found = (module.constructor.builtinModules ?? []).length;\n',
  children:
    'require("./same/not-found.js"); exports.found = module.children.map((child) => child.parent === module);\n',
  'load-list': 'exports.found = process.moduleLoadList.includes("NativeModule internal/main/mksnapshot");\n',
  'code-caches': 'exports.found = process.features.cached_builtins;\n',
  listeners: 'exports.found = Object.keys(process._events);\n',
  'invalid-main': 'exports.found = require("moved").text;\n',
};

const FILES = {
  'package.json': '{ "name": "program", "version": "1.0.0", "imports": { "#gone": "./gone.js" } }',
  'cli.js': [
    "if (process.argv[2] === 'through') require('./through').show(process.argv.slice(3));",
    "else for (const name of process.argv.slice(2)) console.log(name, require('./' + name + '.js').found);",
    '',
  ].join('\n'),
  'through.js':
    "exports.show = (names) => { for (const name of names) console.log(name, require('./' + name + '.js').found); };\n",
  'broken.json': '{ "broken"',
  'throwing.js': "throw Object.assign(new Error('at load'), { code: 'OWN' });\n",
  'node_modules/locked/package.json': JSON.stringify({
    name: 'locked',
    version: '1.0.0',
    exports: { '.': './index.js', './gone': './gone.js', './outside': '../outside.js' },
  }),
  'node_modules/locked/index.js': '',
  'node_modules/no-main/package.json': '{ "name": "no-main", "version": "1.0.0", "main": "gone.js" }',
  'node_modules/moved/package.json': '{ "name": "moved", "version": "1.0.0", "main": "gone.js" }',
  'node_modules/moved/index.js': "exports.text = 'found all the same';\n",
  ...Object.fromEntries(Object.entries(SAME).map(([name, text]) => [`same/${name}.js`, text])),
  ...Object.fromEntries(Object.entries(OF_THE_RUN).map(([name, text]) => [`${name}.js`, text])),
};

const same = Object.keys(SAME).map((name) => `same/${name}`);
const ofTheRun = Object.keys(OF_THE_RUN);

for (const node of nodes(t)) {
  await t.test(`errors, failed requests and what a builder lacks, Node ${node.name}`, async (t) => {
    const folder = join(scratch(t, 'errors'), 'program');
    write(folder, FILES);
    // What the training lines show alike may differ with other parents, so one parent alone is trained.
    const target = await build(t, node, { entry: join(folder, 'cli.js'), train: [[...same, ...ofTheRun].join(' ')] });
    for (const name of same) t.equal(verdictOf(target, `/${name}.js`), 'baked', `${name} is baked`);
    for (const name of ofTheRun) t.equal(verdictOf(target, `/program/${name}.js`), 'packed', `${name} is packed`);
    await compare(t, target, { args: [...same, ...ofTheRun] }, 'all, by the entry');
    await compare(t, target, { args: ['through', ...ofTheRun, ...same] }, 'all, by another module');
    for (const name of same) await compare(t, target, { args: ['through', name] });
  });
}
