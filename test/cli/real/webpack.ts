// webpack with webpack-cli: help, a bundle, a bundle that fails.

import { realProgram } from '../cases/real.js';

const files = {
  'package.json': '{ "name": "project", "version": "1.0.0" }',
  'webpack.config.js':
    "const path = require('path');\nmodule.exports = { mode: 'production', entry: './src/index.js', output: { path: path.join(__dirname, 'dist') } };\n",
  'src/index.js': "import { a } from './a';\nconst lazy = () => import('./lazy');\nconsole.log(a, lazy);\n",
  'src/a.js': 'export const a = 1;\nexport const unused = 2;\n',
  'src/lazy.js': "export default 'lazy';\n",
  'src/broken.js': "import './not-there';\n",
};

await realProgram({
  corpus: 'webpack',
  entry: 'node_modules/webpack/bin/webpack.js',
  train: ['--version', '--help'],
  on: ['v24', 'v26'],
  files: () => files,
  mask: [[/\bin \d+ ms\b/g, 'in N ms']],
  cases: [
    { args: ['--help'] },
    { args: [] },
    { args: ['build', '--mode', 'development', '--devtool', 'source-map'] },
    { args: ['build', '--entry', './src/broken.js'] },
    { args: [], terminal: {} },
    { args: ['no-such-command'] },
  ],
});
