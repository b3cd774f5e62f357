// What the load of a quiet built-in takes from others: seen by accessors in the place of their members, on each version.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { takenAtLoad } from '../../src/target/unsafe.js';
import { MAJORS, nodeFor } from './graph-of.js';

const QUIET = ['net', 'tty', 'child_process', 'worker_threads', 'crypto'];

/** Not what `process` has, nor globals: guards compare those for every module, or nobody can change them. */
const SCRIPT = `
const others = ['buffer', 'stream', 'stream/promises', 'string_decoder', 'util', 'util/types', 'timers', 'timers/promises',
  'events', 'diagnostics_channel', 'url', 'path', 'fs', 'os', 'async_hooks', 'querystring'];
// To look at others loads streams.
const ofUtil = ['inspect', 'deprecate', 'promisify', 'inherits', 'format', 'debuglog', 'types', 'isDeepStrictEqual'];
const [, , asked] = process.argv;
const { getBuiltinModule } = process;
const seen = new Set();
for (const name of others) {
  const exports = getBuiltinModule(name);
  for (const key of name === 'util' ? ofUtil : Object.keys(exports)) {
    const { value, configurable, enumerable } = Object.getOwnPropertyDescriptor(exports, key);
    if (value === undefined || !configurable) continue;
    let current = value;
    const get = () => { seen.add(name + '.' + key); return current; };
    Object.defineProperty(exports, key, { configurable, enumerable, get, set: (other) => { current = other; } });
  }
}
const printed = process._rawDebug;
seen.clear();
getBuiltinModule(asked);
printed([...seen].sort().join());`;

/** A file: Node reads a script on its standard input through a stream. */
const script = join(t.testdir({ 'script.js': SCRIPT }), 'script.js');

function takenBy(node: string, name: string): string[] {
  const { stderr } = spawnSync(node, [script, name], { encoding: 'utf8' });
  return stderr.trim().split(',');
}

for (const name of QUIET) {
  t.test(name, async (t) => {
    const known = (takenAtLoad(`node:${name}`) ?? []).map(({ owner, member }) => `${owner.slice(5)}.${member}`);
    const found = new Set(MAJORS.flatMap((major) => takenBy(nodeFor(major).path, name)));
    t.ok(found.size > 2, 'the accessors see something');
    t.same([...found].sort(), [...known].sort());
  });
}

t.test('others may look at more', async (t) => {
  for (const name of ['node:http', 'node:assert', 'net', './net.js']) t.equal(takenAtLoad(name), undefined);
});
