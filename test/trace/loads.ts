import { realpathSync } from 'node:fs';
import t from 'tap';
import { nodeBinaries } from '../target/harness/binaries.js';
import { loadsOf, order, short, traced } from './harness/programs.js';

for (const { major, path: node } of nodeBinaries()) {
  t.test(`loads, node ${major}`, async (t) => {
    t.test('are in order, with their requests, built-ins included', async (t) => {
      const folder = realpathSync(
        t.testdir({
          'package.json': '{}',
          'cli.js': `const a = require('./a'); const fs = require('node:fs'); require('os'); require('./a.js'); require('./sub');`,
          'a.js': `exports.b = require("./b"); require('fs')`,
          'b.js': `const p = require(\`node:path\`), q = (0, require)('node:util')`,
          sub: { 'index.js': `require('../b'); module.exports = require('./data')`, 'data.json': '{"x": 1}' },
        }),
      );
      const graph = await traced(folder, node);
      t.same(order(graph, folder), ['cli.js', 'a.js', 'b.js', 'sub/index.js', 'sub/data.json']);
      t.same(loadsOf(graph, folder, 'cli.js'), ['./a a.js', 'node:fs node:fs', 'os node:os', './sub sub/index.js']);
      t.same(loadsOf(graph, folder, 'a.js'), ['./b b.js', 'fs node:fs']);
      t.same(loadsOf(graph, folder, 'b.js'), ['node:path node:path', 'node:util node:util']);
      t.same(loadsOf(graph, folder, 'sub/index.js'), ['../b b.js', './data sub/data.json']);
      t.same(
        graph.modules.map(({ format, parent }) => [format, parent && short(parent, folder)]),
        [
          ['commonjs', null],
          ['commonjs', 'cli.js'],
          ['commonjs', 'a.js'],
          ['commonjs', 'cli.js'],
          ['json', 'sub/index.js'],
        ],
      );
      t.equal(graph.modules[4]?.bytes, 8);
      for (const { selfMs, totalMs } of graph.modules) t.ok(selfMs >= 0 && totalMs >= selfMs);
    });

    t.test('of which Node warns, in every module of a folder', async (t) => {
      const folder = realpathSync(
        t.testdir({
          'package.json': '{}',
          'cli.js': `require('./' + process.argv[2]); require('fine')`,
          'a.js': `require('moved'); require('./b')`,
          'b.js': `require('moved')`,
          sub: { 'c.js': `require('moved'); try { require('nope') } catch {}` },
          node_modules: {
            moved: { 'package.json': '{ "main": "gone.js" }', 'index.js': '' },
            fine: { 'index.js': '' },
          },
        }),
      );
      const graph = await traced(folder, node, { lines: [['a'], ['b'], ['sub/c']] });
      const warned = graph.resolutions.filter(({ warns }) => warns);
      t.same(warned.map(({ from, request }) => `${short(from, folder)} ${request}`).sort(), [
        ...['a.js moved', 'b.js moved', 'sub/c.js moved'],
      ]);
    });

    t.test('in a circle, and from a folder that asked before', async (t) => {
      const folder = realpathSync(
        t.testdir({
          'package.json': '{}',
          'cli.js': `require('./a')`,
          'a.js': `require('./b'); require('./c')`,
          'b.js': `require('./a'); require('./c')`,
          'c.js': '',
        }),
      );
      const graph = await traced(folder, node);
      t.same(order(graph, folder), ['cli.js', 'a.js', 'b.js', 'c.js']);
      t.same(loadsOf(graph, folder, 'a.js'), ['./b b.js', './c c.js']);
      t.same(loadsOf(graph, folder, 'b.js'), ['./a a.js', './c c.js']);
    });

    t.test('by one of several names that lead there from a folder', async (t) => {
      const folder = realpathSync(
        t.testdir({
          'package.json': '{}',
          'cli.js': `require('./lib/a'); require('./lib/b'); require('./lib/c'); require('./lib/d')`,
          lib: {
            'a.js': `require('./x')`,
            'b.js': `require('../lib/x')`,
            'c.js': `require('./x')`,
            'd.js': `require('../lib/x')`,
            'x.js': '',
          },
        }),
      );
      const graph = await traced(folder, node);
      const known = graph.resolutions.map(({ from, request }) => `${short(from, folder)} ${request}`);
      for (const asked of ['lib/a.js ./x', 'lib/b.js ../lib/x', 'lib/c.js ./x', 'lib/d.js ../lib/x'])
        t.ok(known.includes(asked), asked);
      t.equal(loadsOf(graph, folder, 'lib/c.js').length, 1, 'of each target, one request is its load');
    });

    t.test('that fail are resolutions without a target', async (t) => {
      const folder = realpathSync(
        t.testdir({
          'package.json': '{}',
          'cli.js': `try { require('nope') } catch {}; try { require('./throws') } catch {}; require('./after');
            try { require.resolve('neither') } catch {}; require.resolve('./after')`,
          'throws.js': `require('./inner'); throw new Error('x')`,
          'inner.js': '',
          'after.js': '',
        }),
      );
      const graph = await traced(folder, node);
      const failed = graph.resolutions.filter(({ target }) => target === null);
      const [from, code] = [`${folder}/cli.js`, 'MODULE_NOT_FOUND'];
      t.same(failed, [{ from, request: 'nope', target: null, code, during: [from] }]);
      t.same(order(graph, folder), ['cli.js', 'throws.js', 'inner.js', 'after.js']);
      t.equal(graph.modules.find(({ file }) => file.endsWith('after.js'))?.parent, `${folder}/cli.js`);
      t.notOk(graph.modules.find(({ file }) => file.endsWith('after.js'))?.during);
    });

    t.test('that fail, with the modules that were being evaluated', async (t) => {
      const folder = realpathSync(
        t.testdir({
          'package.json': '{}',
          'cli.js': `const { ask } = require('./ask'); require('./a'); require('./b'); require('./b2');
            setTimeout(() => { ask('x'); ask('late'); })`,
          'ask.js': `exports.ask = (name) => { try { require(name) } catch {} }; exports.ask('own')`,
          'a.js': `require('./ask').ask('x')`,
          'b.js': `require('./ask').ask('x')`,
          'b2.js': `require('./ask').ask('x'); require('./b')`,
        }),
      );
      const lines = [[], []];
      const graph = await traced(folder, node, { lines });
      const failed = graph.resolutions.filter(({ target }) => target === null);
      const names = failed.map(({ request, during }) => [request, during?.map((file) => short(file, folder))]);
      t.same(names, [
        ['own', ['ask.js']],
        ['x', ['a.js', 'b.js', 'b2.js']],
        ['late', undefined],
      ]);
    });

    t.test('at run time are resolutions, and no loads of their requirer', async (t) => {
      const folder = realpathSync(
        t.testdir({
          'package.json': '{}',
          'cli.js': `const lazy = require('./lazy'); require('./caller'); setTimeout(() => lazy('./late'), 1)`,
          'lazy.js': `module.exports = (name) => require(name)`,
          'caller.js': `require('./lazy')('./early')`,
          'early.js': '',
          'late.js': '',
        }),
      );
      const graph = await traced(folder, node);
      t.same(loadsOf(graph, folder, 'lazy.js'), []);
      const early = graph.modules.find(({ file }) => file.endsWith('early.js'));
      t.equal(early?.parent, `${folder}/lazy.js`);
      t.equal(early?.during, `${folder}/caller.js`, 'who called the requirer is known');
      t.notOk(graph.modules.find(({ file }) => file.endsWith('late.js'))?.during);
      const lazily = graph.resolutions.filter(({ from }) => from === `${folder}/lazy.js`);
      t.same(
        lazily.map(({ request }) => request),
        ['./early', './late'],
      );
    });

    t.test('of several lines make one graph', async (t) => {
      const folder = realpathSync(
        t.testdir({
          'package.json': '{}',
          'cli.js': `require('./common'); require('./' + process.argv[2]); process.exit(Number(process.argv[3]))`,
          'common.js': '',
          'one.js': '',
          'two.js': `throw new Error('two')`,
        }),
      );
      const graph = await traced(folder, node, { lines: [['one', '0'], ['one', '3'], ['two']] });
      t.same(order(graph, folder), ['cli.js', 'common.js', 'one.js', 'two.js']);
      t.same(
        graph.modules.map(({ lines }) => lines),
        [[0, 1, 2], [0, 1, 2], [0, 1], [2]],
      );
      t.same(
        graph.runs.map(({ exitCode }) => exitCode),
        [0, 3, 1],
      );
      t.same(loadsOf(graph, folder, 'cli.js'), ['./common common.js', './one one.js', './two two.js']);
    });

    t.test('of ES modules do no harm', async (t) => {
      const folder = realpathSync(
        t.testdir({
          'package.json': '{}',
          'cli.js': `require('./a'); import('./m.mjs').then((m) => console.log(m.default))`,
          'a.js': '',
          'm.mjs': `import b from './b.js'; export default b`,
          'b.js': `module.exports = require('./c.js')`,
          'c.js': '',
        }),
      );
      const graph = await traced(folder, node);
      t.same(graph.runs[0]?.exitCode, 0);
      t.same(order(graph, folder).slice(0, 2), ['cli.js', 'a.js']);
      t.equal(graph.entryFormat, 'commonjs');
    });
  });
}
