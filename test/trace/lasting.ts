// What has gone since the training runs, or goes with their sandbox, was never traced.
import t from 'tap';
import { lastingGraph } from '../../src/trace/lasting.js';
import { graphOf, tracedModule } from '../graph/harness/graphs.js';

t.test('modules and resolutions that last', async (t) => {
  const dir = t.testdir({ 'cli.js': '', 'kept.js': '', sandbox: { 'config.js': '' }, 'sandbox-not.js': '' });
  const [cli, kept, other] = [`${dir}/cli.js`, `${dir}/kept.js`, `${dir}/sandbox-not.js`];
  const [config, gone] = [`${dir}/sandbox/config.js`, `${dir}/gone.js`];
  const modules = {
    [cli]: { loads: [{ request: './gone', target: gone }] },
    [gone]: { parent: cli },
    [config]: { parent: cli },
    [kept]: { parent: config, during: gone },
    [other]: { parent: cli, during: kept },
  };
  const resolutions = [
    { from: cli, request: './gone', target: gone },
    { from: cli, request: 'fs', target: 'node:fs' },
    { from: cli, request: 'none', target: null },
    { from: config, request: 'fs', target: 'node:fs' },
    { from: cli, request: './kept', target: kept },
  ];
  const graph = graphOf(modules, { entry: cli, resolutions });
  const lasting = lastingGraph(graph, `${dir}/sandbox`);
  t.same(lasting.modules, [
    tracedModule(cli, 0, { loads: [{ request: './gone', target: gone }], during: undefined }),
    tracedModule(kept, 3, { during: undefined }),
    tracedModule(other, 4, { parent: cli, during: kept }),
  ]);
  t.same(
    lasting.resolutions.map(({ request }) => request),
    ['fs', 'none', './kept'],
  );
  t.equal(lastingGraph(graph, null).modules.length, 4, 'without a sandbox only what is gone');
});
