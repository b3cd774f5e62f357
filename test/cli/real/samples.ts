// The bundled samples: CommonJS, yargs, commander, and one with a native addon.

import { realProgram } from '../cases/real.js';

const on = ['v20', 'v24'] as const;
const csv = 'name,amount\nfirst,1\nsecond,2.5\n';

await realProgram({
  corpus: 'samples',
  entry: 'yargs-cli/cli.js',
  train: ['--version', '--help'],
  files: () => ({ 'data.csv': csv }),
  on,
  cases: [
    { args: ['--version'] },
    { args: ['--help'] },
    { args: ['--help'], terminal: { columns: 60 } },
    { args: ['--help'], env: { LANG: 'de_DE.UTF-8', LC_ALL: 'C' } },
    { args: ['columns', 'data.csv'] },
    { args: ['sum', 'data.csv', '--no-such'] },
    { args: ['columns'], stdin: { text: csv } },
    { args: [] },
    { args: ['--get-yargs-completions', 'c'] },
  ],
});

await realProgram({
  corpus: 'samples',
  entry: 'commander-cli/cli.js',
  train: ['--version', '--help'],
  on,
  cases: [
    { args: ['--version'] },
    { args: ['--help'] },
    { args: ['length', '1', 'm', 'km'] },
    { args: ['mass', '2', 'kg', 'g', '--digits', '1'] },
    { args: ['length', 'much', 'm', 'km'] },
    { args: ['length', '1', 'm', 'parsec-or-so'] },
    { args: ['lenght', '1'] },
    { args: [] },
    { args: ['time', '--help'], terminal: { columns: 50 } },
  ],
});

await realProgram({
  corpus: 'samples',
  entry: 'addon-cli/cli.js',
  train: ['data.bin'],
  files: () => ({ 'data.bin': 'The quick brown fox jumps over the lazy dog' }),
  cases: [{ args: ['--version'] }, { args: ['data.bin'] }, { args: ['missing.bin', 'data.bin'] }, { args: [] }],
});

await realProgram({
  corpus: 'samples',
  entry: 'commonjs/bin/outline.js',
  train: ['--version', '--help'],
  files: () => ({ 'a.md': '# One\n\ntext [link](x) &amp;\n\n## Two\n' }),
  on,
  cases: [
    { args: ['--version'] },
    { args: ['--help'] },
    { args: ['toc', 'a.md'] },
    { args: ['no-such'] },
    { args: ['count', 'a.md'] },
  ],
});
