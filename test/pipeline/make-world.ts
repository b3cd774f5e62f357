// One world of a program, from its trace to what the builder is told, with a real node.
import { mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { BakedTexts } from '../../src/bake/baked-texts.js';
import { noCache } from '../../src/cache/content-cache.js';
import { silentProgress } from '../../src/cli/progress.js';
import { resolveEntry } from '../../src/entry/resolve-entry.js';
import { knownNode } from '../../src/pipeline/known-node.js';
import { analysisOf, planWorld, type TracedProgram, type World } from '../../src/pipeline/make-world.js';
import { PhaseClock } from '../../src/pipeline/phases.js';
import { instrument } from '../../src/source/instrument.js';
import { nodes } from '../cli/harness/nodes.js';
import { graphOf } from '../hazards/graph-of.js';
import { remembering } from './harness/remembering.js';

t.setTimeout(120_000);

const FILES = {
  'package.json': '{}',
  'cli.js': `require('./asks.js'); require('./plain.js'); import('./late.mjs').catch(() => 0);`,
  'asks.js': `exports.isTTY = process.stdout.isTTY === true;`,
  'plain.js': `exports.one = 1;`,
};

async function traced(t: Test, binary: string): Promise<TracedProgram & { readonly seen: string[] }> {
  const cwd = realpathSync(t.testdir({ program: FILES, work: {} }));
  const entry = await resolveEntry('./cli.js', path.join(cwd, 'program'));
  const node = await knownNode(binary, noCache);
  const seen: string[] = [];
  return {
    seen,
    target: { entry, name: 'cli', node, isPinned: true, nodePath: '' },
    graph: graphOf(entry.file, binary),
    lines: [[]],
    cwd,
    env: {},
    timeoutMs: 30_000,
    mayWait: true,
    relaxedColumns: false,
    clock: new PhaseClock({ phase: (phase) => seen.push(phase), note: () => undefined }),
    progress: silentProgress(),
    cache: remembering(),
    instrumented: (source) => instrument(source),
    texts: new BakedTexts(),
  };
}

function worldIn(cwd: string, name: string, isTerminal: boolean): World {
  const folder = path.join(cwd, 'work', name);
  mkdirSync(folder, { mode: 0o700 });
  return { isTerminal, variables: { TERM: 'xterm' }, folder };
}

for (const { name, binary } of nodes(t, ['v24'])) {
  t.test(`a world is planned, Node ${name}`, async (t) => {
    const program = await traced(t, binary);
    const { seen, cache } = program as typeof program & { cache: ReturnType<typeof remembering> };
    const pipes = worldIn(program.cwd, 'pipes', false);
    let known = -1;
    const planned = await planWorld(program, pipes, ({ analysis }) => {
      known = cache.kept.size;
      t.same(seen, ['analyse'], 'is told of the analysis before the plan');
      t.ok(analysis.effects.some(({ guard }) => guard !== undefined));
    });
    t.equal(known, 2, 'and when the node has been calibrated, which is kept');
    t.same(seen, ['analyse', 'plan']);
    const files = ['asks.js', 'plain.js'].map((file) => path.join(program.cwd, 'program', file));
    const { bakePlan, plan } = planned;
    t.same(plan.order, files);
    t.match(bakePlan, { isTerminal: false, importsDynamically: true, entry: program.target.entry.file });
    t.same(
      bakePlan.modules.map(({ file }) => file),
      files,
    );
    t.match(bakePlan.guards, [{ kind: 'plain-stream', name: 'stdout' }]);
    t.match(bakePlan.artifactId, /^[0-9a-f]{32}$/);
    t.equal(bakePlan.ownSources.length > 0, true);

    const terminal = await planWorld(program, worldIn(program.cwd, 'terminal', true));
    t.match(terminal.bakePlan, { isTerminal: true, guards: [{ kind: 'terminal-stream', name: 'stdout' }] });
    t.not(terminal.bakePlan.artifactId, bakePlan.artifactId);
  });

  t.test(`what is asked of a world's analysis, Node ${name}`, async (t) => {
    const program = await traced(t, binary);
    const world = { isTerminal: true, variables: { TERM: 'x' }, folder: '/work' };
    const { target, graph, cache, instrumented } = program;
    t.strictSame(analysisOf(program, world), {
      graph,
      node: target.node,
      variables: world.variables,
      isTerminal: true,
      relaxedColumns: false,
      workDir: '/work',
      cache,
      signal: undefined,
      instrumented,
    });
  });
}
