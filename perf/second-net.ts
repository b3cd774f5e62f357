// What do baked modules change outside of themselves? Plans each program as a build does, and compares the heaps of
// builders (src/bake/heap-views.ts): with all modules baked and with none; and, in steps, with more of them and with fewer,
// for the state of other modules. Prints what differs; ends with 1 where something of what all share does. Usage:
// second-net.js [--steps N] NAME… (of the corpus), or [--steps N] --entry FILE ARGUMENTS (a training line).

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { BakePlan } from '../snapshot-entry/shared/bake-plan.cjs';
import { BakedTexts } from '../src/bake/baked-texts.js';
import { closedPrefix, HeapViews } from '../src/bake/heap-views.js';
import { openCache } from '../src/cache/content-cache.js';
import { resolveEntry } from '../src/entry/resolve-entry.js';
import { knownNode } from '../src/pipeline/known-node.js';
import { planWorld } from '../src/pipeline/make-world.js';
import { PhaseClock } from '../src/pipeline/phases.js';
import { worldOf } from '../src/target/environment.js';
import { lastingGraph } from '../src/trace/lasting.js';
import { traceProgram } from '../src/trace/run.js';
import { corpusBin, node as nodeBinary } from './places.js';

/** Lines that need no input. */
const PROGRAMS: Readonly<Record<string, { readonly bin: string; readonly line: readonly string[] }>> = {
  babel: { bin: 'babel', line: ['--help'] },
  eslint: { bin: 'eslint', line: ['--help'] },
  firebase: { bin: 'firebase', line: ['--version'] },
  mocha: { bin: '_mocha', line: ['--help'] },
  npm: { bin: 'npm', line: ['config', 'ls'] },
};

/** A machine that does other things, too. */
const TIMEOUT_MS = 120_000;
const SHOWN = 40;

interface Planned {
  readonly plan: BakePlan;
  readonly views: HeapViews;
}

async function planOf(file: string, line: readonly string[], folder: string): Promise<Planned> {
  const { env } = process;
  const cache = await openCache(env);
  const node = await knownNode(nodeBinary, cache);
  const entry = await resolveEntry(file, process.cwd());
  const target = { entry, name: entry.name, node, isPinned: true, nodePath: '' };
  const silent = { phase: () => undefined, note: () => undefined };
  const run = { cwd: folder, env, timeoutMs: TIMEOUT_MS, lines: [line] };
  const traced = { entry: entry.argv1, node: node.path, nodeFlags: entry.nodeFlags, onProgress: () => undefined };
  const graph = lastingGraph(await traceProgram({ ...traced, ...run }), null);
  const program = { target, graph, ...run, mayWait: true, relaxedColumns: false, texts: new BakedTexts() };
  const world = { isTerminal: false, variables: worldOf(env), folder };
  const planned = await planWorld({ ...program, clock: new PhaseClock(silent), progress: silent, cache }, world);
  return { plan: planned.bakePlan, views: new HeapViews(planned.builder) };
}

async function show(what: string, { views }: Planned, before: BakePlan, after: BakePlan): Promise<number> {
  const start = performance.now();
  const changes = await views.changes(before, after);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${what}: ${before.modules.length} to ${after.modules.length} modules, ${changes.length} changes, ${seconds} s`,
  );
  for (const { path, before: was, after: is } of changes.slice(0, SHOWN)) console.log(`  ${path}: ${was} → ${is}`);
  return changes.length;
}

async function examine(name: string, file: string, line: readonly string[], steps: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'second-net-'));
  try {
    const planned = await planOf(file, line, folder);
    const { plan, views } = planned;
    const withFirst = (count: number) => ({ ...plan, modules: closedPrefix(plan.modules, count) });
    const changes = await show(name, planned, withFirst(0), plan);
    if (changes > 0) console.log(`  by ${(await views.culprits(plan)).join(', ')}`);
    for (let step = 1; step < steps; step++) {
      const at = (part: number) => Math.round((plan.modules.length * part) / steps);
      await show(`${name}, step ${step}`, planned, withFirst(at(step)), withFirst(at(step + 1)));
    }
    return changes;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { steps: { type: 'string', default: '1' }, entry: { type: 'string' } },
});
const steps = Number(values.steps);
let changes = 0;
if (values.entry !== undefined) changes += await examine(values.entry, resolve(values.entry), positionals, steps);
else {
  for (const name of positionals.length > 0 ? positionals : Object.keys(PROGRAMS)) {
    const { bin, line } = PROGRAMS[name] ?? { bin: name, line: ['--help'] };
    changes += await examine(name, corpusBin(name, bin), line, steps);
  }
}
process.exitCode = changes > 0 ? 1 : 0;
