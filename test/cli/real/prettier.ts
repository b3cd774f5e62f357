// prettier: several languages, --check, --write, standard input.

import { realProgram } from '../cases/real.js';

const files = {
  '.prettierrc': '{ "singleQuote": true }',
  'good.js': "const a = 'x';\n",
  'bad.ts': 'const   a:number = "x" ;enum E {A,B}\n',
  'style.css': 'a{color:red;b:c}\n',
  'readme.md': '# title\n* a\n* b\n',
  'data.yaml': 'a:   1\nb: [1,2]\n',
  'broken.js': 'const = ;\n',
};

await realProgram({
  corpus: 'prettier',
  entry: 'node_modules/prettier/bin-prettier.js',
  train: ['--version', '--help', '--check good.js'],
  files: () => files,
  mask: [[/\b\d+ms\b/g, 'N ms']],
  cases: [
    { args: ['--version'] },
    { args: ['--help'] },
    { args: ['--check', 'good.js'] },
    { args: ['--check', '.'] },
    { args: ['--stdin-filepath', 'x.ts'], stdin: { text: 'let   x:string="y"' } },
    { args: ['--check', '.'], terminal: {} },
    { args: ['--list-different', 'bad.ts', 'good.js'] },
    { args: ['--write', 'bad.ts', 'style.css', 'readme.md', 'data.yaml'] },
    { args: ['broken.js'] },
    { args: ['--parser', 'json'], stdin: { text: '{"a":1,\n"b":[]}' } },
    { args: ['--no-such-option', 'good.js'] },
    { args: ['--support-info'] },
  ],
});
