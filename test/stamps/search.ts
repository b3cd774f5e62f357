// The search ends where Node's own resolver does, on each Node version, whatever a request looks like; and whatever it
// notes is so.
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { brokenFact } from '../../snapshot-entry/shared/facts.cjs';
import { globalFolders } from '../../src/stamps/global-folders.js';
import { Places } from '../../src/stamps/places.js';
import { Search } from '../../src/stamps/search.js';
import { nodeBinaries } from '../target/harness/binaries.js';

const files: Readonly<Record<string, string>> = {
  'package.json':
    '{ "name": "app", "exports": "./lib/self.js", "imports": { "#in/*": "./lib/*.js", "#p": { "default": "p" } } }',
  'lib/self.js': '',
  'lib/x.js': '',
  'lib/x/index.js': '',
  'lib/data.json': '{}',
  'lib/both.json': '{}',
  'lib/both/index.js': '',
  'lib/only/index.json': '{}',
  'lib/dotted.js/index.js': '',
  'lib/dotted.js.js': '',
  'lib/main-file/package.json': '{ "main": "./run" }',
  'lib/main-file/run.js': '',
  'lib/main-folder/package.json': '{ "main": "inner" }',
  'lib/main-folder/inner/index.js': '',
  'lib/main-gone/package.json': '{ "main": "gone.js" }',
  'lib/main-gone/index.js': '',
  'lib/main-lost/package.json': '{ "main": "gone.js" }',
  'lib/broken/package.json': '{',
  'lib/broken/index.js': '',
  'lib/plain': 'no extension',
  'lib/native.node': '',
  'node_modules/p/package.json': '{ "main": "lib/main.js" }',
  'node_modules/p/lib/main.js': '',
  'node_modules/p/lib/other.js': '',
  'node_modules/mapped/package.json': '{ "exports": { ".": "./a.js", "./b": ["./b.js", "./gone.js"], "./no": null } }',
  'node_modules/mapped/a.js': '',
  'node_modules/mapped/b.js': '',
  'node_modules/@s/q/index.js': '',
  'node_modules/file.js': '',
  'node_modules/empty/readme.md': '',
  'lib/node_modules/near/index.js': '',
  'node_modules/near/index.js': '',
  'lib/node_modules/empty-here/readme.md': '',
  'node_modules/empty-here/index.js': '',
  'elsewhere/pkg/index.js': '',
  'elsewhere/pkg/lib/deep.js': '',
  'home/.node_modules/from-home/index.js': '',
  'path/from-path.js': '',
};

const requests = [
  './x',
  './x/',
  './x.js',
  './data',
  './data.json',
  './both',
  './only',
  './dotted.js',
  './main-file',
  './main-folder',
  './main-gone',
  './main-lost',
  './broken',
  './plain',
  './native',
  './none',
  './none/',
  '.',
  './',
  '..',
  '../lib',
  '../lib/x',
  'p',
  'p/lib/other',
  'p/lib/gone',
  'p/',
  'mapped',
  'mapped/b',
  'mapped/no',
  'mapped/unlisted',
  '@s/q',
  '@s/gone',
  '@s',
  'file',
  'file.js',
  'empty',
  'near',
  'empty-here',
  'linked',
  'linked/lib/deep',
  './linked-file',
  './linked-folder/deep',
  'app',
  'app/x',
  '#in/x',
  '#in/gone',
  '#p',
  '#none',
  'from-home',
  'from-path',
  'nowhere',
  'x',
];

function program(t: Test): string {
  const dir = t.testdir({});
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(`${dir}/${name}`), { recursive: true });
    writeFileSync(`${dir}/${name}`, text);
  }
  symlinkSync('../elsewhere/pkg', `${dir}/node_modules/linked`);
  symlinkSync('x.js', `${dir}/lib/linked-file.js`);
  symlinkSync('../node_modules/linked/lib', `${dir}/lib/linked-folder`);
  return dir;
}

const script = `
  const { createRequire, globalPaths } = require('module');
  const { resolve } = createRequire(process.argv[1]);
  const all = JSON.parse(process.argv[2]).map((request) => {
    try { return resolve(request); } catch { return null; }
  });
  console.log(JSON.stringify([all, globalPaths]));
`;

for (const node of nodeBinaries()) {
  t.test(`as Node ${node.version}`, async (t) => {
    const dir = program(t);
    const from = `${dir}/lib/main.js`;
    const env = { HOME: `${dir}/home`, NODE_PATH: `${dir}/path:/none` };
    const asked = ['--no-warnings', '-e', script, from, JSON.stringify([...requests, `${dir}/lib/x`])];
    const [targets, globals] = JSON.parse(execFileSync(node.path, asked, { env, encoding: 'utf8' }));
    t.same(globalFolders(env, node.path), globals);
    const places = new Places();
    const search = new Search(places, globals);
    for (const [index, request] of [...requests, `${dir}/lib/x`].entries()) {
      t.equal(search.follow(from, request, targets[index]), targets[index], `${request} leads to ${targets[index]}`);
    }
    t.equal(search.globalsUsed, 3, 'one was found in the home');
    for (const { folder, facts } of places.stamps()) t.equal(brokenFact(folder, facts), undefined, folder);
  });
}
