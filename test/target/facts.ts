import { spawnSync } from 'node:child_process';
import t from 'tap';
import { factsFor, hasExecve, isAtLeast, nodeFacts } from '../../src/target/facts.js';
import { cleanEnvironment, nodeBinaries } from './harness/binaries.js';

t.test('versions are compared by number', async (t) => {
  t.equal(isAtLeast('v22.15.0', '22.15.0'), true);
  t.equal(isAtLeast('v22.9.0', '22.15.0'), false);
  t.equal(isAtLeast('24.0.0-nightly1', '22.15.0'), true);
  t.equal(isAtLeast('nonsense', '22.15.0'), false);
});

t.test('a version that is too old or unknown has no facts', async (t) => {
  t.equal(factsFor('v20.18.0'), undefined);
  t.equal(factsFor('v20.19.0')?.major, 20);
  t.equal(factsFor('v18.20.0'), undefined);
  t.equal(factsFor('v21.0.0'), undefined);
  t.equal(hasExecve('v22.14.0'), false);
  t.equal(hasExecve('v22.15.0'), true);
});

t.test('the table holds one row a major, each first version of its own major', async (t) => {
  t.equal(new Set(nodeFacts.map((row) => row.major)).size, nodeFacts.length);
  for (const row of nodeFacts) t.equal(row.supportedFrom.startsWith(`${row.major}.`), true);
});

for (const { major, path, version } of nodeBinaries()) {
  t.test(`node ${major} is as the table says`, async (t) => {
    const run = spawnSync(path, ['-p', 'typeof process.execve'], { encoding: 'utf8', env: cleanEnvironment() });
    t.equal(run.stdout.trim() === 'function', hasExecve(version));
    t.ok(factsFor(version));
    const tags = [[], ['--min-semi-space-size=32'], ['--max-old-space-size=3000']].map((flags) =>
      spawnSync(path, [...flags, '-p', 'v8.cachedDataVersionTag()'], { encoding: 'utf8', env: cleanEnvironment() }),
    );
    t.match(tags[0]?.stdout, /^\d+\n$/);
    t.equal(new Set(tags.map(({ stdout }) => stdout)).size === 1, factsFor(version)?.heapSizesKeepCaches);
  });
}
