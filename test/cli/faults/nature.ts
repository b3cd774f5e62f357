// What a heap would turn into something else: a program whose modules keep such things does with them what it does in plain
// Node, however it keeps them. No training line uses them, so what is compared afterwards finds nothing.
import { join } from 'node:path';
import t from 'tap';
import { build, verdictOf } from '../harness/build.js';
import { compare } from '../harness/compare.js';
import { corpus } from '../harness/corpus.js';
import { write } from '../harness/files.js';
import { nodes } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';

t.setTimeout(600_000);

/** Modules by command: each exports `use`, which no training line calls. */
const modules = {
  cell: [
    "'use strict';",
    'const cell = new Int32Array(new SharedArrayBuffer(4));',
    'exports.use = () => Atomics.wait(cell, 0, 0, 1);',
  ],
  generator: [
    'function* give() { const shared = new SharedArrayBuffer(8); yield 1; yield shared; }',
    'const given = give();',
    'given.next();',
    'exports.use = () => Object.prototype.toString.call(given.next().value) + require("util").types.isSharedArrayBuffer(given.return().value);',
  ],
  growable: [
    'class Memory { #shared = new SharedArrayBuffer(8, { maxByteLength: 16 }); use() { this.#shared.grow?.(12); return this.#shared.byteLength; } }',
    'module.exports = new Memory();',
  ],
  view: [
    'const held = Promise.resolve(new DataView(new SharedArrayBuffer(8), 2));',
    'exports.use = () => held.then((view) => String(view.buffer));',
  ],
  weak: ["const weak = new WeakRef({ value: 'there' });", 'exports.use = () => weak.deref()?.value;'],
  cache: [
    "const cache = new Map([['x', new WeakRef({ value: 'there' })]]);",
    "exports.use = () => cache.get('x').deref()?.value;",
  ],
  global: ["const known = new WeakMap([[globalThis, 'known']]);", 'exports.use = () => known.get(globalThis);'],
  file: [
    "const fs = require('fs');",
    'const opened = fs.openSync(__filename);',
    'exports.use = () => fs.readSync(opened, Buffer.alloc(8));',
  ],
  timeout: [
    'const signal = AbortSignal.timeout(10);',
    "exports.use = () => new Promise((done) => signal.aborted ? done('aborted') : signal.addEventListener('abort', () => done('aborted')));",
  ],
  strong: [
    'exports.target = { value: 1 };',
    'const weak = new WeakRef(exports.target);',
    'exports.use = () => weak.deref() === exports.target;',
  ],
  tested: [
    "const length = Object.getOwnPropertyDescriptor(SharedArrayBuffer.prototype, 'byteLength').get;",
    'length.call(new SharedArrayBuffer(0));',
    'exports.use = () => length.call(new SharedArrayBuffer(3));',
  ],
};

const CLI = `'use strict';
const [command, ...rest] = process.argv.slice(2);
if (command === 'logs') require('./logs').use(...rest);
else if (command !== undefined) {
  const loaded = ${JSON.stringify(Object.keys(modules))}.map((name) => [name, require('./' + name)]);
  const asked = loaded.find(([name]) => name === command);
  // A program with a timer of its own ends when that is over.
  const running = setTimeout(() => undefined, 2000);
  Promise.resolve(asked && asked[1].use()).then((answer) => { console.log(command, answer); clearTimeout(running); });
}
`;

/** Its pipe is full until the reader wakes up: what is written meanwhile is refused, and tried again after a sleep. */
const LOGS = `'use strict';
const { spawn } = require('child_process');
const SonicBoom = require('sonic-boom');
exports.use = (size, kind) => {
  const reader = spawn('sh', ['-c', 'sleep 0.5; wc -c'], { stdio: ['pipe', 'inherit', 'inherit'] });
  const stream = new SonicBoom({ fd: reader.stdin._handle.fd, sync: true });
  const log = kind === 'pino' ? require('pino')({ base: null, timestamp: false }, stream) : { info: (text) => stream.write(text) };
  for (let left = Number(size); left > 0; left -= 1000) log.info('x'.repeat(999) + '\\n');
  stream.flushSync();
  reader.stdin.end();
};
`;

for (const node of nodes(t, ['v22', 'v24', 'v26'])) {
  await t.test(`what a heap does not keep, Node ${node.name}`, async (t) => {
    const faults = corpus(t, 'faults');
    if (faults === undefined) return;
    const program = scratch(t, 'nature');
    const files = Object.fromEntries(Object.entries(modules).map(([name, lines]) => [`${name}.js`, lines.join('\n')]));
    const logs = LOGS.replace(/require\('(sonic-boom|pino)'\)/g, (_all, name: string) => {
      return `require(${JSON.stringify(join(faults, 'node_modules', name))})`;
    });
    write(program, { ...files, 'logs.js': logs, 'cli.js': CLI, 'package.json': '{}' });
    const train = ['load', 'logs 10', 'logs 10 pino'];
    const target = await build(t, node, { entry: join(program, 'cli.js'), train });
    for (const name of ['/strong.js', '/tested.js', '/cell.js', 'sonic-boom/index.js'])
      t.equal(verdictOf(target, name), 'baked', `${name} is baked`);
    for (const name of ['/generator.js', '/weak.js', '/cache.js', 'atomic-sleep/index.js'])
      t.equal(verdictOf(target, name), 'packed', `${name} is packed`);
    for (const name of Object.keys(modules)) await compare(t, target, { args: [name] });
    await compare(t, target, { args: ['logs', '1000000'] }, 'sonic-boom into a full pipe');
    await compare(t, target, { args: ['logs', '1000000', 'pino'] }, 'pino into a full pipe');
  });
}
