// A packed module is compiled from its wrapped text, with V8's code cache: lines, columns and import() as from the file.
import t from 'tap';
import { nodeBinaries } from '../../target/harness/binaries.js';
import { run, runThrough } from '../harness/programs.js';

const files = {
  'package.json': '{}',
  'main.js': `#!/usr/bin/env node
const first = new Error().stack.split('\\n')[1]; const second = new Error().stack.split('\\n')[1];
import('./esm.mjs').then(({ default: name }) => {
  const third = new Error().stack.split('\\n')[1];
  process.stdout.write(JSON.stringify([first, second, third, name]));
});
`,
  'first-line.js': `const at = new Error().stack.split('\\n')[1]; process.stdout.write(JSON.stringify([at]));`,
  'esm.mjs': 'export default import.meta.url;',
};

for (const { major, path: node } of nodeBinaries()) {
  for (const cached of [[], ['--cached']]) {
    for (const name of ['main.js', 'first-line.js']) {
      t.test(`${name} on node ${major} ${cached}`, async (t) => {
        const main = `${t.testdir(files)}/${name}`;
        const plain = run(node, [main]);
        const packed = runThrough('compiled', node, [main, ...cached]);
        t.equal(packed.stderr, '', 'no warning');
        t.ok(plain.stdout.length > 10);
        t.equal(packed.stdout, plain.stdout);
      });
    }
  }
}
