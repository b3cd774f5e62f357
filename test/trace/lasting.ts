// What has gone since the training runs, or goes with their sandbox, was never traced.
import t from 'tap';
import type { Graph } from '../../src/graph/types.js';
import { lastingGraph } from '../../src/trace/lasting.js';

t.test('modules and resolutions that last', async (t) => {
  const dir = t.testdir({ 'cli.js': '', 'kept.js': '', sandbox: { 'config.js': '' }, 'sandbox-not.js': '' });
  const [cli, kept, other] = [`${dir}/cli.js`, `${dir}/kept.js`, `${dir}/sandbox-not.js`];
  const [config, gone] = [`${dir}/sandbox/config.js`, `${dir}/gone.js`];
  const graph = {
    entry: cli,
    modules: [
      { file: cli, parent: null, loads: [{ request: './gone', target: gone }] },
      { file: gone, parent: cli, loads: [] },
      { file: config, parent: cli, loads: [] },
      { file: kept, parent: config, during: gone, loads: [] },
      { file: other, parent: cli, during: kept, loads: [] },
    ],
    resolutions: [
      { from: cli, request: './gone', target: gone },
      { from: cli, request: 'fs', target: 'node:fs' },
      { from: cli, request: 'none', target: null },
      { from: config, request: 'fs', target: 'node:fs' },
      { from: cli, request: './kept', target: kept },
    ],
  } as unknown as Graph;
  const lasting = lastingGraph(graph, `${dir}/sandbox`);
  t.same(lasting.modules, [
    { file: cli, parent: null, loads: [{ request: './gone', target: gone }] },
    { file: kept, parent: null, loads: [] },
    { file: other, parent: cli, during: kept, loads: [] },
  ]);
  t.same(
    lasting.resolutions.map(({ request }) => request),
    ['fs', 'none', './kept'],
  );
  t.equal(lastingGraph(graph, null).modules.length, 4, 'without a sandbox only what is gone');
});
