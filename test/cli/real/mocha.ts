// mocha: a passing and a failing suite, ES modules, parallel workers, standard reporters.

import { realProgram } from '../cases/real.js';

await realProgram({
  corpus: 'mocha',
  entry: 'node_modules/mocha/bin/mocha.js',
  train: ['--version', '--help', 'pass.js'],
  files: () => ({
    'pass.js':
      "const assert = require('node:assert');\ndescribe('sums', () => { it('adds', () => assert.equal(1 + 1, 2)); it('waits', async () => { await null; }); });\n",
    'fail.js':
      "const assert = require('node:assert');\ndescribe('fails', () => { it('differs', () => assert.deepEqual({ a: 1, b: [1] }, { a: 2, b: [1] })); it('throws', () => { throw new TypeError('thrown'); }); it.skip('skipped'); });\n",
    'module.mjs':
      "import assert from 'node:assert';\ndescribe('a module', () => { it('works', () => assert.ok(import.meta.url)); });\n",
    'broken.js': 'describe(;\n',
    'hook.js': "exports.mochaHooks = { beforeEach() { console.log('hook'); } };\n",
  }),
  // Of a second and more on a slow machine.
  mask: [[/\(?\b\d+m?s\b\)?/g, 'N ms']],
  bakedShare: 0.85,
  cases: [
    { args: ['--version'] },
    { args: ['--help'] },
    { args: ['pass.js'] },
    { args: ['fail.js'] },
    { args: ['pass.js', 'fail.js'], terminal: {} },
    { args: ['module.mjs'] },
    { args: ['broken.js'] },
    { args: ['--require', './hook.js', 'pass.js'] },
    { args: ['--reporter', 'dot', 'fail.js'] },
    { args: ['--reporter', 'tap', 'pass.js', 'fail.js'] },
    { args: ['--parallel', '--jobs', '2', 'pass.js'] },
    { args: ['missing.js'] },
  ],
});
