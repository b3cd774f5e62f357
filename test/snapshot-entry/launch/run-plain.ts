// Going plain after boot: the entry runs in this very process, and sees what plain Node shows it.
import t from 'tap';
import { nodeBinaries } from '../../target/harness/binaries.js';
import { run, runThrough } from '../harness/programs.js';

const files = {
  'package.json': '{}',
  'main.js': `const { argv, argv0, execArgv, execPath, pid } = process;
process.stdout.write(JSON.stringify({ argv, argv0, execArgv, execPath, isMain: require.main === module, pid }));
process.exitCode = 3;`,
};

for (const { major, path: node } of nodeBinaries()) {
  t.test(`node ${major}`, async (t) => {
    const main = `${t.testdir(files)}/main.js`;
    const plain = run(node, ['--no-deprecation', main, 'a b', '--flag']);
    const gone = runThrough('gone-plain', node, [main, 'a b', '--flag']);
    const { pid, execArgv, ...seen } = JSON.parse(gone.stdout);
    const { pid: _pid, execArgv: plainArgv, ...expected } = JSON.parse(plain.stdout);
    t.same(seen, expected);
    t.equal(pid, gone.pid, 'no second process');
    t.equal(gone.stderr, '');
    const hasExecve = run(node, ['-p', 'typeof process.execve']).stdout.trim() === 'function';
    if (hasExecve) t.same(execArgv, plainArgv);
  });
}
