// What is analysed again and what is not; which built-ins are asked about, and what follows for who loads them.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import type { BakePlan } from '../../snapshot-entry/shared/bake-plan.cjs';
import { noCache } from '../../src/cache/content-cache.js';
import { bakeInput } from '../../src/pipeline/bake-input.js';
import { knownNode } from '../../src/pipeline/known-node.js';
import { type AnalyseInput, analyse, planProgram } from '../../src/pipeline/plan-program.js';
import type { Plan } from '../../src/plan/types.js';
import { instrument } from '../../src/source/instrument.js';
import { NO_STAMPS } from '../../src/stamps/source-stamps.js';
import { nodes } from '../cli/harness/nodes.js';
import { graphOf } from '../hazards/graph-of.js';
import { inputOf } from '../plan/harness/programs.js';
import { remembering } from './harness/remembering.js';
import { someNode, targetOf } from './harness/targets.js';

const shapes = {
  main: { traced: ['keeps', 'aborts', 'fine'] },
  keeps: { traced: ['node:assert', 'node:path'] },
  aborts: { traced: ['node:crypto'] },
  fine: { traced: ['node:path', 'node:url'] },
};

/** The builtins of the plans that were asked about. */
type Asked = (readonly string[])[];

function program(cache = remembering()) {
  const { graph, analysis, facts } = inputOf(shapes);
  const asked = { compared: [] as Asked, built: [] as Asked };
  const emptyPlan: BakePlan = bakeInput({
    plan: { modules: [], order: [] },
    graph,
    target: targetOf(),
    stamps: NO_STAMPS,
    artifactId: 'ab',
    importsDynamically: false,
  });
  const plan = (): Promise<Plan> =>
    planProgram({
      graph,
      node: someNode,
      variables: {},
      isTerminal: false,
      relaxedColumns: false,
      workDir: '/none',
      cache,
      program: { analysis, facts },
      emptyPlan,
      mayWait: false,
      habits: { env: {}, lines: [] },
      pair: {
        compare: async ({ builtins = [] }) => {
          asked.compared.push(builtins);
          return builtins.includes('assert') ? { same: false, bytes: 1 } : { same: true };
        },
      },
      builder: {
        build: async ({ builtins = [] }) => {
          asked.built.push(builtins);
          if (builtins.includes('crypto')) return { kind: 'died', detail: 'a worker aborts' };
          return { kind: 'built', blob: 'x', blobBytes: 1 };
        },
      },
    });
  return { asked, plan };
}

function codes({ modules }: Plan): Record<string, string> {
  return Object.fromEntries(modules.map(({ file, code }) => [file, code]));
}

t.test('who loads a built-in that keeps its environment, or that workers abort on, is packed', async (t) => {
  const { plan, asked } = program();
  t.same(codes(await plan()), {
    main: 'PLAN_ENTRY',
    keeps: 'PLAN_BUILTIN_KEPT_OUT',
    aborts: 'PLAN_BUILTIN_KEPT_OUT',
    fine: 'PLAN_BAKED',
  });
  const names = new Set([...asked.compared, ...asked.built].flat());
  t.same([...names].sort(), ['assert', 'crypto', 'path', 'url'], 'of no other built-in');
});

t.test('a node is asked about each built-in once', async (t) => {
  const cache = remembering();
  const first = program(cache);
  const expected = codes(await first.plan());
  t.ok(first.asked.compared.length > 0 && first.asked.built.length > 0);
  const second = program(cache);
  t.same(codes(await second.plan()), expected);
  t.same(second.asked, { compared: [], built: [] });
});

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
}

for (const { name, binary } of nodes(t, ['v24'])) {
  t.test(`an analysis holds as long as what went into it does, Node ${name}`, async (t: Test) => {
    const folder = t.testdir({
      'package.json': '{}',
      'cli.js': `require('./a.js');`,
      'a.js': `exports.text = require('fs').readFileSync(__dirname + '/a.txt', 'utf8');`,
      'a.txt': 'one',
    });
    let analysed = 0;
    const common = { node: await knownNode(binary, noCache), cache: remembering(), workDir: folder };
    const input = (more: Partial<AnalyseInput> = {}): AnalyseInput => ({
      ...common,
      graph: graphOf(path.join(folder, 'cli.js'), binary),
      variables: {},
      isTerminal: false,
      relaxedColumns: false,
      instrumented: (source) => {
        analysed++;
        return instrument(source);
      },
      ...more,
    });
    const isAnalysed = async (more: Partial<AnalyseInput> = {}): Promise<boolean> => {
      const before = analysed;
      const { analysis, facts } = await analyse(input(more));
      t.same(analysis.evaluated, [path.join(folder, 'a.js')]);
      t.ok(facts.get(path.join(folder, 'a.js'))?.parsed);
      return analysed > before;
    };
    t.equal(await isAnalysed(), true, 'at first');
    t.equal(await isAnalysed(), false, 'of the same');
    t.equal(await isAnalysed({ isTerminal: true }), true, 'in another world');
    t.equal(await isAnalysed({ variables: { TERM: 'x' } }), true, 'with another variable');
    write(folder, { 'a.txt': 'two' });
    t.equal(await isAnalysed(), true, 'when a file that a module reads is another');
    write(folder, { 'a.js': `exports.size = 1;` });
    t.equal(await isAnalysed(), true, 'when a module is another');
    t.equal(await isAnalysed(), false);
  });
}
