// A request that would lead elsewhere now: by a link that was moved, or by a file where there was none. Plain Node notices;
// so must the artifact. What changes nothing of that costs no speed.

import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { build, type Target, verdictOf } from '../harness/build.js';
import { compare, debugLine } from '../harness/compare.js';
import { write } from '../harness/files.js';
import { nodes, type TestNode } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';

t.setTimeout(900_000);

const inTry = (request: string): string =>
  `(() => { try { return require('${request}'); } catch (e) { return e.code; } })()`;

/** All that is printed comes from baked modules. */
const files = {
  'package.json': '{ "name": "program", "version": "1.0.0" }',
  'cli.js':
    "'use strict';\nconst main = require('./lib/main');\nconsole.log(JSON.stringify([main, main.late()], null, 1));\n",
  'lib/main.js': `'use strict';
const local = ${inTry('../config.local')};
const optional = ${inTry('optional-thing')};
module.exports = {
  late: () => ${inTry('./late')},
  local,
  optional,
  settings: require('./settings'),
  parts: require('./parts'),
  named: require('./named'),
  current: require('./current'),
  theme: require('./theme/colours'),
  dep: require('dep'),
  scoped: require('@scope/tool/lib/deep'),
  linked: require('linked'),
  generator: require('generator'),
  made: require('.made/client'),
  patched: require('patched'),
};
`,
  'lib/settings.json': '"settings.json"',
  'lib/parts/index.js': "module.exports = 'parts/index.js';\n",
  'lib/named.js': "module.exports = 'named.js';\n",
  'lib/one.js': "module.exports = 'one';\n",
  'lib/two.js': "module.exports = 'two';\n",
  'themes/dark/colours.js': "module.exports = 'dark';\n",
  'themes/light/colours.js': "module.exports = 'light';\n",
  'packages/linked/package.json': '{ "name": "linked", "version": "1.0.0" }',
  'packages/linked/index.js': "module.exports = 'linked';\n",
  'elsewhere/linked/package.json': '{ "name": "linked", "version": "1.0.0" }',
  'elsewhere/linked/index.js': "module.exports = 'linked elsewhere';\n",
  'node_modules/.package-lock.json': '{}',
  'node_modules/dep/package.json': '{ "name": "dep", "version": "1.0.0", "imports": { "#inner": "hash-dep" } }',
  'node_modules/dep/index.js': "module.exports = ['dep', require('shared'), require('#inner')];\n",
  'node_modules/shared/package.json': '{ "name": "shared", "version": "1.0.0" }',
  'node_modules/shared/index.js': "module.exports = 'shared';\n",
  'node_modules/hash-dep/package.json': '{ "name": "hash-dep", "version": "1.0.0" }',
  'node_modules/hash-dep/index.js': "module.exports = 'hash-dep';\n",
  'node_modules/@scope/tool/package.json': '{ "name": "@scope/tool", "version": "1.0.0" }',
  'node_modules/@scope/tool/lib/deep.js': "module.exports = 'deep';\n",
  'node_modules/generator/package.json': '{ "name": "generator", "version": "1.0.0" }',
  'node_modules/generator/index.js': `'use strict';
const fs = require('fs');
const path = require('path');
const client = ${inTry('./client')};
const far = ${inTry('.far/client')};
const flag = fs.existsSync(path.join(__dirname, 'flag'));
module.exports = { client, far, flag, plugins: fs.readdirSync(path.join(__dirname, 'plugins')).sort() };
`,
  'node_modules/generator/plugins/a.txt': 'a',
  'node_modules/.made/client/index.js': "module.exports = 'made as a stub';\n",
  'node_modules/patched/package.json': '{ "name": "patched", "version": "1.0.0" }',
  'node_modules/patched/index.js': "module.exports = 'patched once';\n",
};

function link(target: string, place: string): void {
  rmSync(place, { recursive: true, force: true });
  symlinkSync(target, place);
}

function writeProgram(folder: string): void {
  write(folder, files);
  // Unpacked long before one of its files was written.
  utimesSync(join(folder, 'node_modules/patched/package.json'), 1_700_000_000, 1_700_000_000);
  link('one.js', join(folder, 'lib/current.js'));
  link('../themes/dark', join(folder, 'lib/theme'));
  link('../packages/linked', join(folder, 'node_modules/linked'));
}

type Change = (at: (name: string) => string) => void;

const text = (value: string): string => `module.exports = '${value}';\n`;
const make =
  (name: string, value: string): Change =>
  (at) =>
    write(at(''), { [name]: value });

/** A package of the same version, copied with its times. */
const copied =
  (name: string): Change =>
  (at) => {
    execFileSync('cp', ['-a', at(name), at('copy')]);
    rmSync(at(name), { recursive: true });
    symlinkSync(at('copy'), at(name));
  };

/** After each of these, plain Node does something else than before, or would from another file. */
const telling: Record<string, Change> = {
  'a file that was required in vain': make('config.local.js', text('local')),
  'a data file that was required in vain': make('config.local.json', '"local data"'),
  'a folder that was required in vain': make('config.local/index.js', text('local folder')),
  'a package that was required in vain': make('node_modules/optional-thing/index.js', text('optional')),
  'a package in the first node_modules of its folder': make('lib/node_modules/optional-thing.js', text('near')),
  'a script before the data of the same name': make('lib/settings.js', text('settings.js')),
  'a file before the folder of the same name': make('lib/parts.js', text('parts.js')),
  'a file of the very name': make('lib/named', text('named')),
  'another version in the dependent package': make('node_modules/dep/node_modules/shared/index.js', text('nested')),
  'a package nearer than the one that was found': make('lib/node_modules/dep/index.js', text('near dep')),
  'a nearer scope': make('lib/node_modules/@scope/tool/lib/deep.js', text('near scope')),
  'a nearer package of a map of imports': make(
    'node_modules/dep/node_modules/hash-dep/index.js',
    text('near hash-dep'),
  ),
  'a file beside the package of that name': make('node_modules/dep.js', text('dep.js')),
  'a file generated into a package': make('node_modules/generator/client/index.js', text('generated')),
  'a file generated beside the packages': make('node_modules/.far/client.js', text('far')),
  'a generated file written anew': make('node_modules/.made/client/index.js', text('made anew')),
  'a file of a package that was written after it was unpacked': make('node_modules/patched/index.js', text('again')),
  'a file that a package looked for': make('node_modules/generator/flag', ''),
  'a file in a folder that a package listed': make('node_modules/generator/plugins/b.txt', 'b'),
  'a package.json that says how files are loaded': make('lib/package.json', '{ "type": "module" }'),
  'a link to a file': (at) => link('two.js', at('lib/current.js')),
  'a link to a folder': (at) => link('../themes/light', at('lib/theme')),
  'the link of a workspace': (at) => link('../elsewhere/linked', at('node_modules/linked')),
  'a package in place of a link': (at) => {
    rmSync(at('node_modules/linked'));
    execFileSync('cp', ['-a', at('elsewhere/linked'), at('node_modules/linked')]);
  },
  'a workspace in another folder': (at) => {
    renameSync(at('packages'), at('workspaces'));
    link('../workspaces/linked', at('node_modules/linked'));
  },
  'a link in place of a package': (at) => {
    mkdirSync(at('dev'));
    execFileSync('cp', ['-a', at('node_modules/shared'), at('dev/shared')]);
    appendFileSync(at('dev/shared/index.js'), "module.exports = 'shared, as it is developed';\n");
    link('../dev/shared', at('node_modules/shared'));
  },
  'a link to a copy of a package': copied('node_modules/dep'),
  'a link to a copy of a scope': copied('node_modules/@scope'),
  'a link to a copy of all packages': copied('node_modules'),
  'a link in place of a file': (at) => link('two.js', at('lib/one.js')),
  'a link that leads nowhere': (at) => link('gone.js', at('lib/current.js')),
};

/** None of these changes what any request led to on which what was built relies. */
const harmless: Record<string, Change> = {
  'files and folders beside the sources': (at) => {
    write(at(''), { 'debug.log': 'x', 'lib/other.js': 'x', 'lib/named/notes.txt': 'x', 'lib/settings/x': 'x' });
    write(at('node_modules/dep'), { 'other.js': 'x', 'node_modules/.cache/x': 'x' });
    write(at('node_modules/generator'), { 'other.json': '{}', '.cache/x': 'x' });
  },
  'the same links, made anew': (at) => {
    link('one.js', at('lib/current.js'));
    link('../themes/dark', at('lib/theme'));
    link('../packages/linked', at('node_modules/linked'));
  },
  'another package': (at) => {
    write(at('node_modules'), {
      '.package-lock.json': '{ "more": true }',
      'other/index.js': 'x',
      '@scope/other/a.js': '',
    });
    write(at('lib/node_modules'), { 'other/index.js': 'x', '.cache/x': 'x', '@scope/other/a.js': '' });
    link('../packages/linked', at('node_modules/other-link'));
  },
  'a file that a function looked for in vain, which looks again': make('lib/late.js', text('late')),
  'a file that has come and gone where one is listed': (at) => {
    writeFileSync(at('node_modules/generator/plugins/b.txt'), '');
    rmSync(at('node_modules/generator/plugins/b.txt'));
  },
};

/** Runs `change`, compares, and puts the program back with the times it was built with. */
async function changed(
  t: Test,
  target: Target,
  folder: string,
  label: string,
  change: Change,
  path: 'plain' | 'accelerated',
) {
  const keep = `${folder}.keep`;
  execFileSync('cp', ['-a', folder, keep]);
  change((name) => join(folder, name));
  await compare(t, target, { args: [], path }, label);
  rmSync(folder, { recursive: true });
  renameSync(keep, folder);
}

/** A build that finds the artifact up to date would leave it plain. */
async function rebuilt(t: Test, { node, entry, out }: Target, folder: string): Promise<void> {
  link('two.js', join(folder, 'lib/current.js'));
  const target = await build(t, node, { entry, out, train: [''] });
  const seen = await compare(t, target, { args: [] }, 'built again after a link was moved');
  t.match(seen.stdout, '"current": "two"');
}

/** All of them on one version, a fifth of them on each other one. */
function shareOf({ name, major }: TestNode): [string, Change][] {
  return Object.entries(telling).filter((_one, index) => name === 'v24' || index % 5 === (major / 2) % 5);
}

for (const node of nodes(t)) {
  await t.test(`requests that lead elsewhere, Node ${node.name}`, async (t) => {
    const folder = join(scratch(t, 'sources'), 'program');
    writeProgram(folder);
    const target = await build(t, node, { entry: join(folder, 'cli.js'), train: [''] });
    for (const file of ['lib/main.js', 'generator/index.js', '.made/client/index.js']) {
      t.equal(verdictOf(target, file), 'baked', `${file} is baked`);
    }
    const all = { args: [] };
    await compare(t, target, all, 'as it was built');
    for (const [label, change] of shareOf(node)) await changed(t, target, folder, label, change, 'plain');
    for (const [label, change] of Object.entries(harmless)) {
      await changed(t, target, folder, label, change, 'accelerated');
    }
    const shared = join(target.ground, 'other-home/.node_modules/optional-thing');
    write(shared, { 'index.js': text('optional, from home') });
    const HOME = join(target.ground, 'other-home');
    await compare(t, target, { ...all, path: 'plain', env: { HOME } }, 'a package in the home of a run');
    t.match(await debugLine(target, { ...all, env: { HOME } }), `${shared} is there now`);
    await compare(t, target, { ...all, env: { HOME: join(target.ground, 'no-home') } }, 'another home without one');
    if (node.name === 'v24') await rebuilt(t, target, folder);
    renameSync(folder, `${folder}-moved`);
    symlinkSync(`${folder}-moved`, folder);
    await compare(t, target, { ...all, path: 'plain' }, 'a link in place of the program');
    t.match(await debugLine(target, all), `${target.entry} leads elsewhere now`);
  });
}
