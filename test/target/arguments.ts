// Which of the arguments behind its script Node reads itself: those that a launcher knows, and no others.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { readBehindScript } from '../../src/target/environment.js';
import { cleanEnvironment, nodeBinaries } from './harness/binaries.js';

t.setTimeout(300_000);

const entry = 'process.stdout.write(JSON.stringify([process.execArgv, process.argv.slice(2)]))';

for (const { major, path } of nodeBinaries()) {
  t.test(`node ${major}: all flags that it knows, behind a script`, async (t) => {
    const dir = t.testdir({ 'entry.cjs': entry });
    const run = (args: readonly string[]) => {
      const { status, stdout } = spawnSync(path, args, { cwd: dir, env: cleanEnvironment(), encoding: 'utf8' });
      return { status, stdout };
    };
    const untouched = (args: readonly string[]) => ({ status: 0, stdout: JSON.stringify([[], args]) });
    const known = new Set(run(['--help']).stdout.match(/(?<![\w-])--[a-z0-9][a-z0-9-]*/g));
    t.ok(known.size > 100, 'its help lists them');
    const others = [...known].filter((flag) => !readBehindScript.some(({ prefix }) => flag.startsWith(prefix)));
    const all = others.map((flag) => `${flag}=absent`);
    t.same(run([join(dir, 'entry.cjs'), ...all]), untouched(all), 'it reads none of the others');
    const files = [['--env-file=absent'], ['--env-file', 'absent']];
    const configs = [['--experimental-config-file=absent'], ['--', '--experimental-default-config-file']];
    for (const args of major < 22 ? files : [...files, ...configs]) {
      t.notSame(run([join(dir, 'entry.cjs'), ...args]), untouched(args), args.join(' '));
    }
  });
}
