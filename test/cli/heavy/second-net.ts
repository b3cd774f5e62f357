// The second net over real programs: what their baked modules change outside of themselves, seen by comparing heaps and not
// by any rule of the analysis. Nothing, but for what V8 and Node note for themselves (src/bake/heap-noise.ts).
import { join } from 'node:path';
import t from 'tap';
import { corpus } from '../harness/corpus.js';
import { nodes, pathFolder } from '../harness/nodes.js';
import { repository, scratch } from '../harness/places.js';
import { baseEnvironment, run } from '../harness/run.js';

t.setTimeout(900_000);

for (const node of nodes(t, ['v24'])) {
  for (const name of ['eslint', 'npm', 'mocha', 'babel']) {
    await t.test(`${name}, Node ${node.name}`, async (t) => {
      if (corpus(t, name) === undefined) return;
      const ground = scratch(t, 'second-net');
      const env = baseEnvironment(ground, pathFolder(ground, node));
      const tool = join(repository, 'dist', 'perf', 'second-net.js');
      const result = await run('node', [tool, name], { env, cwd: ground, timeoutMs: 400_000 });
      t.match(result.stdout, new RegExp(`^${name}: 0 to [1-9]\\d+ modules, 0 changes`), 'changes nothing of others');
      t.equal(result.code, 0, result.stderr);
    });
  }
}
