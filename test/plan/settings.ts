// Settings of built-ins: on each version of Node, those that are known are there and can be looked at without effect, and
// there are no others that an assignment changes where no property shows it.
import { execFileSync } from 'node:child_process';
import t from 'tap';
import { BY_BUILTIN } from '../../snapshot-entry/builder/settings.cjs';
import { USERS, withSettings } from '../../src/plan/settings.js';
import { MAJORS, nodeFor } from '../hazards/graph-of.js';

/** Compared by their values where they are read (`isSettable` in snapshot-entry/builder/builder.cts), and nothing else goes by them. */
const READ_ALONE =
  /^(?:buffer\.(?:Blob|File|resolveObjectURL)|crypto\.\w+|fs\.\w+|repl\.\w+|util\.(?:parseArgs|Text\w+|MIME\w+))$/;

const SCRIPT = `
const known = JSON.parse(process.argv[1]), { builtinModules } = require('module');
const found = { missing: [], uneven: [], warned: [], settable: [] };
process.on('warning', ({ message }) => found.warned.push(message));
for (const [name, settings] of Object.entries(known)) for (const setting of settings) {
  const read = () => setting.replace('()', '').split('.').reduce((holder, key) => holder[key], require('node:' + name));
  const ask = () => setting.endsWith('()') ? read()(true) : read();
  if (ask() === undefined) found.missing.push(name + '.' + setting);
  if (ask() !== ask()) found.uneven.push(name + '.' + setting);
}
const skipped = /^_|^(?:process|module|console|constants|sys|inspector)/;
for (const name of builtinModules.map((name) => name.replace('node:', ''))) {
  if (skipped.test(name)) continue;
  let exports;
  try { exports = require('node:' + name); } catch { continue; }
  const holders = [[name, exports]];
  for (const key of Object.getOwnPropertyNames(exports)) {
    const { value } = Object.getOwnPropertyDescriptor(exports, key);
    if (typeof value === 'function' && value !== exports) holders.push([name + '.' + key, value]);
  }
  for (const [path, holder] of holders) for (const key of Object.getOwnPropertyNames(holder)) {
    if (Object.getOwnPropertyDescriptor(holder, key).set) found.settable.push(path + '.' + key);
  }
}
setImmediate(() => require('fs').writeSync(1, JSON.stringify(found)));`;

interface Found {
  readonly missing: readonly string[];
  readonly uneven: readonly string[];
  readonly warned: readonly string[];
  readonly settable: readonly string[];
}

for (const major of MAJORS) {
  t.test(`settings of built-ins on Node ${major}`, async (t) => {
    const args = ['--no-warnings', '-e', SCRIPT, JSON.stringify(BY_BUILTIN)];
    const found: Found = JSON.parse(execFileSync(nodeFor(major).path, args, { encoding: 'utf8' }));
    t.same(found.missing, [], 'all are there');
    t.same(found.uneven, [], 'to look at them changes nothing');
    t.same(
      found.warned.filter((message) => !/punycode|experimental/i.test(message)),
      [],
      'nor warns',
    );
    const known = Object.entries(BY_BUILTIN).flatMap(([name, all]) => all.map((setting) => `${name}.${setting}`));
    const others = found.settable.map((name) => name.replace('events.EventEmitter.', 'events.'));
    t.ok(others.length > 5, 'there are such members');
    t.same(
      others.filter((name) => !known.includes(name) && !READ_ALONE.test(name)),
      [],
      'no others',
    );
  });
}

t.test('whose load is compared with them', async (t) => {
  const of = (owner: string, member: string) =>
    withSettings([{ module: '/a.js', owner, member }], (name) => name !== 'node:net').slice(1);
  const settings = (name: string) => ({ module: '/a.js', owner: `node:${name}`, member: '[[settings]]' });
  t.same(of('node:util', 'inspect'), [settings('util'), settings('buffer')]);
  t.same(of('node:events', 'init'), [settings('events'), settings('stream')], 'whoever makes an emitter');
  t.same(of('node:util', 'inherits'), [], 'what goes by none');
  t.same(of('node:fs', 'readFileSync'), []);
  t.same(of('node:net', 'getDefaultAutoSelectFamily'), [], 'no builder may hold that one');
  for (const name of USERS.flatMap(({ goesBy }) => goesBy)) t.ok(BY_BUILTIN[name], name);
});
