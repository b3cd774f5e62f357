import { existsSync, readFileSync, realpathSync } from 'node:fs';
import t from 'tap';
import { parseRecording } from '../../src/trace/recording.js';
import { nodeBinaries } from '../target/harness/binaries.js';
import { run } from './harness/programs.js';

/** Each prints what it can see; plain and traced must agree to the byte. */
const PROGRAMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'an uncaught throw deep in a load': {
    'cli.js': `require('./a')`,
    'a.js': `require('./b')`,
    'b.js': `function f() { throw new TypeError('boom') }; f()`,
  },
  'a missing module, caught and uncaught': {
    'cli.js': `try { require('nope') } catch (error) { console.log(error, error.stack, Object.keys(error)) }; require('./none')`,
  },
  'a failed look-up under a formatter and a limit of its own': {
    'cli.js': `Error.stackTraceLimit = 3; try { require('x1') } catch (e) { console.log(e.stack, Error.stackTraceLimit) };
      console.log(Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit'))`,
  },
  'exit in the middle of a load': {
    'cli.js': `process.on('exit', (code) => console.log('exit', code, process.listenerCount('exit') > 0)); require('./a')`,
    'a.js': `process.exit(7)`,
  },
  'an exit listener that throws': {
    'cli.js': `process.on('exit', () => { throw new Error('late') })`,
  },
  'an unhandled rejection': { 'cli.js': `Promise.reject(new Error('rejected'))` },
  'what a program sees of its start': {
    'cli.js': `const Module = require('module');
      console.log(process.execArgv, process.argv.length, process._preload_modules, Object.keys(process.env).sort());
      console.log(Object.keys(require.cache), Object.keys(Module._pathCache), module.parent, module.children.length);
      console.log(process.listenerCount('exit'), process.eventNames(), Object.keys(process), Object.getOwnPropertyNames(globalThis));
      console.log(require.main === module, Object.keys(Module.prototype), Object.keys(module), typeof process.emit);`,
  },
  'callers by their frames': {
    'cli.js': `require('./a')`,
    'a.js': `Error.prepareStackTrace = (_, frames) => frames.map((f) => f.getFileName() + ':' + f.getLineNumber() + ':' + f.getTypeName());
      const seen = {}; Error.captureStackTrace(seen); console.log(seen.stack); require('node:fs'); console.log(new Error().stack.length);`,
  },
  'children and forks, which are not traced': {
    'cli.js': `const { spawnSync, fork } = require('child_process');
      console.log(spawnSync(process.execPath, ['-p', 'process.execArgv.length + Object.keys(process.env).length']).stdout.toString());
      fork(__dirname + '/child.js').on('exit', (code) => console.log('child', code))`,
    'child.js': `console.log(process.execArgv, Object.keys(process.env).filter((name) => /SNAP/.test(name)))`,
  },
  'a worker': {
    'cli.js': `new (require('worker_threads').Worker)(__dirname + '/worker.js')`,
    'worker.js': `console.log(process.execArgv, Object.keys(require.cache), process._preload_modules)`,
  },
  'fs patched, and array methods broken': {
    'cli.js': `const fs = require('fs');
      for (const name of ['openSync', 'writeSync', 'closeSync', 'writeFileSync']) fs[name] = () => { throw new Error('patched') };
      process.emit = ((original) => function (...all) { return original.apply(this, all) })(process.emit);
      process.reallyExit = ((original) => (code) => original.call(process, code))(process.reallyExit);
      process.chdir('/'); process.exitCode = 4; console.log('done')`,
  },
  'a module that drops its own cache entry': {
    'cli.js': `console.log(require('./a') === require('./a'))`,
    'a.js': `delete require.cache[__filename]; module.exports = {}; require('./b')`,
    'b.js': '',
  },
};

for (const { major, path: node } of nodeBinaries()) {
  for (const [name, files] of Object.entries(PROGRAMS)) {
    t.test(`${name}, node ${major}`, async (t) => {
      const folder = realpathSync(t.testdir({ 'package.json': '{}', ...files }));
      const recording = `${realpathSync(t.testdirName)}/../${name.replace(/\W+/g, '-')}-${major}.json`;
      const plain = run(folder, node);
      const traced = run(folder, node, recording);
      t.same(traced, plain);
      t.ok(existsSync(recording), 'and a recording was written');
      const { modules } = parseRecording(readFileSync(recording, 'utf8'), recording);
      t.equal(modules[0]?.file, `${folder}/cli.js`);
    });
  }
}
