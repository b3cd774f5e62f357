// npm, offline: what it says of itself and of a project, and a script it runs.

import { realProgram } from '../cases/real.js';

const dependency = (name: string, version: string) => JSON.stringify({ name, version });

await realProgram({
  corpus: 'npm',
  entry: 'node_modules/npm/bin/npm-cli.js',
  train: ['--version', 'ls'],
  files: () => ({
    'package.json': JSON.stringify({
      name: 'project',
      version: '1.0.0',
      dependencies: { one: '^1.0.0' },
      scripts: { hello: 'node -p "[process.argv.length, process.execArgv.length]"', fails: 'exit 5' },
    }),
    'node_modules/one/package.json': dependency('one', '1.2.3'),
    'node_modules/extra/package.json': dependency('extra', '0.0.1'),
    'missing/package.json': JSON.stringify({ name: 'missing', version: '1.0.0', dependencies: { two: '2' } }),
  }),
  env: { npm_config_update_notifier: 'false', npm_config_offline: 'true', npm_config_audit: 'false' },
  mask: [[/\d{4}-\d\d-\d\dT[\w-]+-debug-\d+\.log/g, 'LOG']],
  bakedShare: 0.8,
  cases: [
    { args: ['--version'] },
    { args: ['ls'] },
    { args: ['ls', '--json', '--all'] },
    { args: ['ls'], cwd: 'missing' },
    { args: [] },
    { args: ['prefix'] },
    { args: ['config', 'get', 'registry'] },
    { args: ['pkg', 'get', 'name', 'version'] },
    { args: ['run', 'hello'] },
    { args: ['run', 'fails'] },
    // The spinner appears after a while: only a slow run shows it.
    { args: ['ls', '--no-progress'], terminal: {} },
    { args: ['no-such-command'] },
  ],
});
