// A program whose sub-commands change settings of Node while their modules load. Each command loads the module of its
// own alone; what any of them shows must not depend on what others would have set, nor lose what its own sets.
import { join } from 'node:path';
import t from 'tap';
import { build, verdictOf } from '../harness/build.js';
import { compare } from '../harness/compare.js';
import { write } from '../harness/files.js';
import { nodes } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';

t.setTimeout(600_000);

/** By command: what its module does at load, on lines that can be taken for any other. */
const SETTINGS: Readonly<Record<string, string>> = {
  depth: "require('util').inspect.defaultOptions.depth = 0;",
  options: "Object.assign(require('util').inspect.defaultOptions, { compact: false, sorted: true });",
  colors: "require('util').inspect.colors.red = [1, 2]; require('util').inspect.styles.number = 'red';",
  water: "require('stream').setDefaultHighWaterMark(false, 1234);",
  listeners: "require('events').setMaxListeners(3);",
  inherited: "require('stream').Readable.defaultMaxListeners = 4;",
  rejections: "require('events').captureRejections = true;",
  pool: 'Buffer.poolSize = 16;',
  bytes: "require('buffer').INSPECT_MAX_BYTES = 3;",
  escape: "require('querystring').escape = (text) => '<' + text + '>';",
  family: "require('net').setDefaultAutoSelectFamilyAttemptTimeout(321);",
  order: "require('dns').promises.setDefaultResultOrder('ipv4first');",
  timeline: 'performance.setResourceTimingBufferSize(2);',
  list: "require('net').BlockList.isBlockList = () => 'mine';",
  stdout: 'console._stdout = { write: (text) => process.stderr.write(text) };',
};

/** What a module does with the asynchronous context of its load, and what the program finds of it afterwards. */
const CONTEXTS: Readonly<Record<string, string>> = {
  enter: 'als.enterWith({ root: 1 }); exports.find = () => als.getStore();',
  ran: 'exports.at = als.run(5, () => als.getStore()); exports.find = () => [exports.at, als.getStore()];',
  bound: 'exports.find = AsyncLocalStorage.bind(() => outer.getStore());',
  snapshot: 'const all = AsyncLocalStorage.snapshot(); exports.find = () => all(() => outer.getStore());',
  resource:
    "const { AsyncResource } = require('async_hooks'); const made = new AsyncResource('Mine'); exports.find = () => made.runInAsyncScope(() => outer.getStore());",
  emitter:
    "const { EventEmitterAsyncResource } = require('events'); const made = new EventEmitterAsyncResource({ name: 'Mine' }); exports.find = () => made.asyncResource.runInAsyncScope(() => outer.getStore());",
  read: 'const seen = outer.getStore(); exports.find = () => seen;',
  alone: 'exports.find = () => als.run(6, () => [als.getStore(), outer.getStore()]);',
};

/** Says what each setting is by what depends on it. */
const SHOW = `
const util = require('util'), events = require('events'), { Readable } = require('stream'), net = require('net');
const quote = (name, value) => process.stdout.write(name + ': ' + JSON.stringify(value) + '\\n');
quote('inspect', util.inspect({ z: [{ b: { c: 1 } }], a: 1 }, { colors: true }));
quote('stream', [new Readable().readableHighWaterMark, require('stream').getDefaultHighWaterMark(false)]);
quote('listeners', [events.defaultMaxListeners, new events().getMaxListeners(), events.captureRejections]);
quote('buffers', [Buffer.poolSize, util.inspect(Buffer.alloc(9))]);
quote('query', require('querystring').stringify({ 'a b': 'c d' }));
quote('net', [net.getDefaultAutoSelectFamily(), net.getDefaultAutoSelectFamilyAttemptTimeout(), net.BlockList.isBlockList?.(1)]);
quote('dns', require('dns').getDefaultResultOrder());
performance.onresourcetimingbufferfull = null;
console.log('to the end');
`;

const CLI = `
const { outer } = require('./outer');
const [command, ...names] = process.argv.slice(2);
if (command === 'show') require('./settings/nothing');
else if (command === 'all') for (const name of names) require(name);
else if (command.startsWith('in-')) {
  const module = outer.run('the run', () => require('./contexts/' + command.slice(3)));
  console.log(JSON.stringify([module.find(), outer.run('later', () => module.find())]));
  setTimeout(() => console.log(JSON.stringify(module.find())), 1);
} else require('./settings/' + command);
if (!command.startsWith('in-')) require('./show');
`;

const contextStart =
  "const { AsyncLocalStorage } = require('async_hooks'); const als = new AsyncLocalStorage(); const { outer } = require('../outer');\n";

function files(): Record<string, string> {
  const made: Record<string, string> = {
    'package.json': '{ "name": "settings" }',
    'cli.js': CLI,
    'show.js': `module.exports = undefined;${SHOW}`,
    'outer.js': "exports.outer = new (require('async_hooks').AsyncLocalStorage)();",
    'settings/nothing.js': 'exports.nothing = true;',
  };
  for (const [name, text] of Object.entries(SETTINGS))
    made[`settings/${name}.js`] = `${text}\nexports.name = '${name}';`;
  for (const [name, text] of Object.entries(CONTEXTS)) made[`contexts/${name}.js`] = contextStart + text;
  return made;
}

for (const node of nodes(t)) {
  await t.test(`settings of built-ins, Node ${node.name}`, async (t) => {
    const folder = join(scratch(t, 'builtin-state'), 'program');
    write(folder, files());
    const inContext = Object.keys(CONTEXTS).map((name) => `in-${name}`);
    const settings = ['nothing', ...Object.keys(SETTINGS)].map((name) => `./settings/${name}`);
    const contexts = Object.keys(CONTEXTS).map((name) => `./contexts/${name}`);
    // Of all that is compared below no line is trained: the build's own comparison must not have seen it.
    const train = [['all', ...contexts, ...settings].join(' ')];
    const target = await build(t, node, { entry: join(folder, 'cli.js'), train });
    for (const command of ['show', ...Object.keys(SETTINGS), ...inContext])
      await compare(t, target, { args: [command] });
    for (const name of Object.keys(SETTINGS))
      t.not(verdictOf(target, `settings/${name}.js`), 'baked', `${name} is packed`);
    for (const name of ['settings/nothing.js', 'contexts/alone.js', 'outer.js'])
      t.equal(verdictOf(target, name), 'baked', `${name} is baked`);
  });
}
