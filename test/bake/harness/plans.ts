// Tiny plans for a real node: modules by name, with what they require.
import { chmodSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Test } from 'tap';
import type { BakePlan, PlannedModule } from '../../../snapshot-entry/shared/bake-plan.cjs';
import type { Builder } from '../../../src/bake/builder-run.js';
import { EnvironmentPair } from '../../../src/bake/prove.js';
import type { Placed } from '../../../src/bake/search.js';
import { prepareBuilder } from '../../../src/pipeline/prepare-builder.js';
import { NO_STAMPS } from '../../../src/stamps/source-stamps.js';
import { framesOf } from '../../snapshot-entry/harness/programs.js';
import { nodeBinaries } from '../../target/harness/binaries.js';

export interface Bench {
  readonly builder: Builder;
  readonly pair: EnvironmentPair;
  /** Writes the modules; `./x.js` and `node:x` requests are found in the sources. */
  plan(sources: Readonly<Record<string, string>>): BakePlan;
  file(name: string): string;
}

const REQUEST = /\brequire\('([^']+)'\)/g;

function planned(folder: string, name: string, source: string): PlannedModule {
  const requests = [...source.matchAll(REQUEST)].map(([, asked]): [string, string] => {
    const request = asked as string;
    return [request, request.startsWith('node:') ? request : path.join(folder, request)];
  });
  return {
    file: path.join(folder, name),
    format: 'commonjs',
    requests,
    heads: [],
    reads: [],
    guards: [],
    isLazy: false,
    standIns: [],
  };
}

/** What was baked. */
export function filesOf({ baked }: Placed): string[] {
  return baked.map(({ file }) => file);
}

/** A builder for a node (undefined where it is not installed), in a folder of the test's own. */
export async function openBench(t: Test, wanted = 24): Promise<Bench | undefined> {
  const node = nodeBinaries().find(({ major }) => major === wanted);
  if (node === undefined) return undefined;
  const root = realpathSync(t.testdir({ work: {}, app: {} }));
  const [work, app] = [path.join(root, 'work'), path.join(root, 'app')];
  mkdirSync(app, { recursive: true });
  chmodSync(work, 0o700);
  const builder = await prepareBuilder(work, node.path, {});
  const frames = framesOf(node.path);
  const plan = (sources: Readonly<Record<string, string>>): BakePlan => {
    for (const [name, source] of Object.entries(sources)) writeFileSync(path.join(app, name), source);
    return {
      artifactId: 'ab'.repeat(16),
      entry: path.join(app, 'cli.js'),
      argv1: path.join(app, 'cli.js'),
      nodeFlags: [],
      node: { version: node.version, arch: process.arch, v8Tag: 0 },
      importsDynamically: false,
      isTerminal: false,
      remakesNotes: true,
      frames,
      reads: [],
      guards: [],
      ...NO_STAMPS,
      modules: Object.entries(sources).map(([name, source]) => planned(app, name, source)),
    };
  };
  return { builder, pair: new EnvironmentPair(builder, work), plan, file: (name) => path.join(app, name) };
}
