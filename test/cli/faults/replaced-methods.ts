// A program replaces what the language can do, and counts the calls. What loads its modules is Node's own code in a plain
// run, which calls next to nothing that a program can replace (`Buffer.isEncoding`, to read a file); ours never calls more.
import { join } from 'node:path';
import t from 'tap';
import { build, verdictOf } from '../harness/build.js';
import { runAccelerated, runPlain } from '../harness/compare.js';
import { write } from '../harness/files.js';
import { nodes } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';

const files: Readonly<Record<string, string>> = {
  'package.json': '{}',
  'lib/plain.js': "exports.v = 'plain'",
  'lib/baked.js': "const a = require('./leaf'); exports.v = 'baked ' + a.v",
  'lib/leaf.js': "exports.v = require('./data.json').v",
  'lib/data.json': '{ "v": "data" }',
  'lib/packed.js':
    "exports.v = 'packed ' + typeof process.pid; require('./baked'); require('./leaf'); require.resolve('./leaf')",
  'lib/evaluates.js': "exports.v = (0, eval)('1') + typeof process.pid",
  'lib/wide.js': "exports.v = '\u2713' + typeof process.pid",
  'lib/colored.js': "exports.v = process.env.TERM === 'x' ? 1 : process.env.COLORTERM === 'y' ? 2 : 3",
  'lib/terminal.js': 'exports.v = typeof process.stdout.isTTY',
  'lib/unseen.js': "exports.v = 'unseen'",
};

/** Everything that a name leads to, replaced by what counts; `when`: before which module. */
const entry = `const { apply, construct, ownKeys, getOwnPropertyDescriptor, defineProperty, getPrototypeOf } = Reflect;
const { stringify } = JSON;
const { writeSync } = require('fs');
const vm = require('vm'), Module = require('module');
const [which, when] = process.argv.slice(2);
const list = getPrototypeOf([].values());
const iterators = [list, getPrototypeOf(new Map().keys()), getPrototypeOf(new Set().keys()), getPrototypeOf(list)];
const families = {
  iterators: [...iterators],
  lists: [Array, Array.prototype],
  texts: [String, String.prototype, RegExp.prototype],
  maps: [Map.prototype, Set.prototype, WeakMap.prototype, WeakSet.prototype],
  functions: [Function.prototype],
  objects: [Object, Object.prototype, Reflect, JSON, Math, Symbol],
  bytes: [Buffer, Buffer.prototype, getPrototypeOf(Uint8Array.prototype)],
  loading: [vm, vm.Script.prototype],
};
const counts = { __proto__: null };
let on = false;
function count(label, holder, key) {
  const { value, configurable } = getOwnPropertyDescriptor(holder, key);
  if (typeof value !== 'function' || configurable !== true || key === 'constructor') return;
  const name = label + '.' + (typeof key === 'symbol' ? 'symbol' : key);
  const counting = new Proxy(value, {
    apply(target, self, args) { if (on) counts[name] = (counts[name] || 0) + 1; return apply(target, self, args); },
    construct(target, args, type) { if (on) counts[name] = (counts[name] || 0) + 1; return construct(target, args, type); },
  });
  defineProperty(holder, key, { value: counting, writable: true, configurable: true });
}
function replace() {
  const chosen = families[which];
  for (let i = 0; i < chosen.length; i++) {
    const keys = ownKeys(chosen[i]);
    for (let k = 0; k < keys.length; k++) count(which + i, chosen[i], keys[k]);
  }
}
const names = ['plain', 'baked', 'packed', 'evaluates', 'wide', 'colored', 'terminal', 'leaf', 'unseen'];
for (let i = 0; i < names.length; i++) {
  if (names[i] === 'unseen' && which === undefined) continue;
  if (names[i] === when) replace();
  on = true;
  const { v } = require('./lib/' + names[i]);
  on = false;
  writeSync(1, names[i] + ' ' + v + '\\n');
}
writeSync(1, stringify(counts) + '\\n');
`;

interface Counted {
  readonly shown: string;
  readonly counts: Readonly<Record<string, number>>;
}

function countsOf(stdout: string): Counted {
  const lines = stdout.trimEnd().split('\n');
  return { counts: JSON.parse(lines.pop() ?? ''), shown: lines.join('\n') };
}

const FAMILIES = ['iterators', 'lists', 'texts', 'maps', 'functions', 'objects', 'bytes', 'loading'];

t.setTimeout(600_000);

for (const node of nodes(t)) {
  await t.test(`what a program has replaced is not called by us, Node ${node.name}`, async (t) => {
    const folder = scratch(t, 'replaced');
    write(folder, { ...files, 'cli.js': entry });
    const target = await build(t, node, { entry: join(folder, 'cli.js'), train: [''] });
    t.equal(verdictOf(target, '/lib/baked.js'), 'baked');
    for (const name of ['packed', 'evaluates', 'wide'])
      t.equal(verdictOf(target, `/lib/${name}.js`), 'packed', `${name} is packed`);
    for (const family of FAMILIES) {
      for (const before of ['plain', 'packed']) {
        const args = [family, before];
        const plain = await runPlain(target, { args });
        t.match(plain.stdout, /unseen unseen/, 'it runs to its end', { stderr: plain.stderr });
        const { stdout, stderr } = await runAccelerated(target, { args }, { SNAP_DEBUG: '1' });
        t.match(stderr, /^snap: accelerated/, 'by the fast path');
        const [ours, nodes] = [countsOf(stdout), countsOf(plain.stdout)];
        t.equal(ours.shown, nodes.shown, 'it shows the same');
        const more = Object.entries(ours.counts).filter(([name, count]) => count > (nodes.counts[name] ?? 0));
        t.same(more, [], `${family}, before ${before} is required`);
      }
    }
  });
}
