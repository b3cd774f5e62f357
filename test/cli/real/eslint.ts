// eslint: its own rules, a plugin and a configuration of the project, standard input, errors of each kind.

import { realProgram } from '../cases/real.js';

const files = {
  '.eslintrc.json': JSON.stringify({
    root: true,
    extends: 'eslint:recommended',
    parserOptions: { ecmaVersion: 2022 },
    plugins: ['own'],
    rules: { 'own/no-foo': 'error', semi: ['error', 'always'], quotes: 'warn' },
    env: { node: true },
  }),
  'good.js': '"use strict";\nmodule.exports = (a) => a + 1;\n',
  'bad.js': "var foo = 'x'\nif (foo == undefinedThing) { }\n",
  'broken.js': 'let = = 1;\n',
  'none/.eslintrc.json': '{ "root": true, "extends": "not-there" }',
  'none/x.js': '1;\n',
  'node_modules/eslint-plugin-own/package.json':
    '{ "name": "eslint-plugin-own", "version": "1.0.0", "main": "index.js" }',
  'node_modules/eslint-plugin-own/index.js':
    "module.exports = { rules: { 'no-foo': { create: (c) => ({ Identifier(n) { if (n.name === 'foo') c.report({ node: n, message: 'no foo' }); } }) } } };\n",
};

await realProgram({
  corpus: 'eslint',
  entry: 'node_modules/eslint/bin/eslint.js',
  train: ['--version', '--help', 'good.js'],
  on: ['v20', 'v24'],
  files: () => files,
  bakedShare: 215 / 226,
  cases: [
    { args: ['--version'] },
    { args: ['--help'] },
    { args: [] },
    { args: ['good.js'] },
    { args: ['bad.js'] },
    { args: ['.'], terminal: {} },
    { args: ['--format', 'json', 'bad.js'] },
    { args: ['--format', 'unix', '--fix', 'bad.js'] },
    { args: ['broken.js'] },
    { args: ['none/x.js'] },
    { args: ['missing.js'] },
    { args: ['--no-such-option'] },
    { args: ['--stdin', '--stdin-filename', 'in.js'], stdin: { text: 'var foo = 1\n' } },
    { args: ['--print-config', 'good.js'] },
  ],
});
