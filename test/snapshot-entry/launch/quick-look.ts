// On each Node version: what Node's own function below `fs` says of a file is what `fs.statSync` says.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { nodeBinaries } from '../../target/harness/binaries.js';

const file = fileURLToPath(new URL('../../../snapshot-entry/launch/quick-look.cjs', import.meta.url));

const script = `
  const { internalBinding } = require('internal/test/binding');
  const { quickLook } = require(${JSON.stringify(file)});
  const look = quickLook({ binding: internalBinding });
  const { statSync } = require('fs');
  const { execPath } = process;
  for (const file of [execPath, '/', '/dev/null', execPath + '.absent']) {
    const [a, b] = [look(file), statSync(file, { throwIfNoEntry: false })];
    const words = [a, b].map((found) => found && [found.mode, found.size, found.mtimeMs].join());
    console.log(words[0] === words[1] ? 'same' : words.join(' not '));
  }
`;

for (const { path, version } of nodeBinaries()) {
  t.test(version, async (t) => {
    const said = execFileSync(path, ['--no-warnings', '--expose-internals', '-e', script]);
    t.equal(said.toString(), 'same\n'.repeat(4));
  });
}
