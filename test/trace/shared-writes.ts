import { realpathSync } from 'node:fs';
import t from 'tap';
import { cleanEnvironment, nodeBinaries } from '../target/harness/binaries.js';
import { traced, writesOf } from './harness/programs.js';

for (const { major, path: node } of nodeBinaries()) {
  t.test(`writes, node ${major}`, async (t) => {
    t.test('are charged to who made them, in order', async (t) => {
      const folder = realpathSync(
        t.testdir({
          'package.json': '{}',
          'cli.js': `process.env.MODE = 'secret-value'; delete process.env.GONE; process.env.KEPT = 'kept';
            require('./global'); globalThis.own = 1; require('./proto'); require('./builtin'); require('./outer')`,
          'global.js': `globalThis.injected = {}; Error.stackTraceLimit = 50; Error.prepareStackTrace = undefined`,
          'proto.js': `Array.prototype.last = function () {}; String.prototype.trimLeft = () => ''; delete Map.prototype.clear`,
          'builtin.js': `const fs = require('fs'); fs.readFile = () => {}; require('node:os').tmpdir = () => '';
            require('events').EventEmitter.prototype.mine = 1; require('path').sep = '!'`,
          'outer.js': `process.title2 = 1; require('./reader'); process.hrtime = null`,
          'reader.js': '',
        }),
      );
      const graph = await traced(folder, node, { env: { ...cleanEnvironment(), GONE: 'x', KEPT: 'kept' } });
      const writes = writesOf(graph, folder);
      t.same(
        [...writes].sort(),
        [
          'cli.js process.env.MODE',
          'cli.js process.env.GONE',
          'global.js globalThis.injected',
          'global.js Error.stackTraceLimit',
          'global.js Error.prepareStackTrace',
          'cli.js globalThis.own',
          'proto.js Array.prototype.last',
          'proto.js String.prototype.trimLeft',
          'proto.js Map.prototype.clear',
          'builtin.js fs.readFile',
          'builtin.js os.tmpdir',
          'builtin.js events.prototype.mine',
          'builtin.js path.sep',
          'outer.js process.title2',
          'outer.js process.hrtime',
        ].sort(),
      );
      const before = (name: string) =>
        graph.writes
          .slice(...(graph.modules.find(({ file }) => file.endsWith(name))?.writesBefore[0] ?? []))
          .map((w) => w.what);
      t.same(before('/cli.js'), []);
      t.same(before('/global.js'), ['process.env.MODE', 'process.env.GONE'], 'the entry wrote first');
      t.ok(before('/reader.js').includes('process.title2'), 'before its last load');
      t.notOk(before('/reader.js').includes('process.hrtime'), 'after its last load');
      t.notOk(JSON.stringify(graph).includes('secret-value'), 'values of variables are not recorded');
    });

    t.test('to the loader are seen through the hooks that watch it', async (t) => {
      const folder = realpathSync(
        t.testdir({
          'package.json': '{}',
          'cli.js': `require('./patch'); require('./a'); require('./b.txt')`,
          'patch.js': `const Module = require('module'); const original = Module.prototype.require;
            Module.prototype.require = function (id) { return original.apply(this, arguments) };
            const { _resolveFilename } = Module; Module._resolveFilename = (...all) => _resolveFilename(...all);
            Module._extensions['.txt'] = (module) => { module.exports = 'text' };`,
          'a.js': '',
          'b.txt': 'text',
        }),
      );
      const graph = await traced(folder, node);
      t.same(writesOf(graph, folder).sort(), [
        'patch.js Module._extensions..txt',
        'patch.js Module._resolveFilename',
        'patch.js Module.prototype.require',
      ]);
      t.same(
        graph.modules.map(({ format }) => format),
        ['commonjs', 'commonjs', 'commonjs', 'other'],
      );
    });

    t.test('of a program that only reads are none', async (t) => {
      const folder = realpathSync(
        t.testdir({
          'package.json': '{}',
          'cli.js': `const http = require('http'); require('./a'); process.stdout.write(String(process.env.PATH));
            process.on('exit', () => {}); [1].map(String); new Error('x').stack; /x/.test('x'); require('./a')`,
          'a.js': `require('child_process'); require('stream'); require('crypto').createHash('md5'); require('util').inspect({})`,
        }),
      );
      t.same((await traced(folder, node)).writes, []);
    });
  });
}
