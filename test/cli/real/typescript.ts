// The TypeScript compiler. It starts itself deep inside one file, so a build may find nothing to gain: either path.

import { realProgram } from '../cases/real.js';

const options = { target: 'es2015', lib: ['es2015'], types: [], strict: true, skipLibCheck: true };
const files = {
  'tsconfig.json': JSON.stringify({
    compilerOptions: { ...options, outDir: 'out', declaration: true },
    include: ['src'],
  }),
  'src/shape.ts': 'export interface Shape { readonly area: number }\nexport const unit: Shape = { area: 1 };\n',
  'src/main.ts':
    "import { unit, type Shape } from './shape';\nexport const twice = (s: Shape): number => s.area * 2;\ntwice(unit);\n",
  'bad/tsconfig.json': JSON.stringify({ compilerOptions: { ...options, noEmit: true } }),
  'bad/error.ts': "export const n: number = 'text';\nexport const missing = nowhere;\n",
};

await realProgram({
  corpus: 'typescript',
  entry: 'node_modules/typescript/bin/tsc',
  train: ['--version', '--help'],
  files: () => files,
  cases: [
    { args: ['--version'], path: 'either' },
    { args: ['--help'], path: 'either' },
    { args: ['-p', '.'], path: 'either' },
    { args: ['-p', 'bad'], path: 'either' },
    { args: ['-p', 'bad'], path: 'either', terminal: {} },
    { args: ['--nonsense'], path: 'either' },
  ],
});
