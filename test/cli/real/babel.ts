// @babel/cli with preset-env.

import { join } from 'node:path';
import { realProgram } from '../cases/real.js';

await realProgram({
  corpus: 'babel',
  entry: 'node_modules/@babel/cli/bin/babel.js',
  train: ['--version', '--help', 'src --out-dir lib'],
  on: ['v22', 'v24'],
  files: (corpus) => ({
    'package.json': '{ "name": "project", "version": "1.0.0" }',
    'babel.config.js': `module.exports = { presets: [[${JSON.stringify(join(corpus, 'node_modules/@babel/preset-env'))}, { targets: { ie: 11 } }]] };\n`,
    'src/a.js': 'export const f = async ({ a, ...rest }) => a ?? rest?.b;\nclass A { #x = 1; }\n',
    'src/b.js': "import { f } from './a';\nfor (const x of [1]) f(`a` + x);\n",
    'broken.js': 'const = 1;\n',
  }),
  env: { BROWSERSLIST_IGNORE_OLD_DATA: '1' },
  mask: [[/\(\d+ms\)/g, '(N ms)']],
  bakedShare: 0.75,
  cases: [
    { args: ['--version'] },
    { args: ['--help'] },
    { args: ['src', '--out-dir', 'lib', '--source-maps'] },
    { args: ['src/a.js'] },
    { args: ['broken.js'] },
    { args: ['--filename', 'x.js'], stdin: { text: 'const y = () => 1;' } },
    { args: ['--no-such-option'] },
    { args: [], stdin: 'empty' },
  ],
});
