// The script that `node --build-snapshot` runs: bakes what the plan says and leaves main.cts to be run at launch.
// argv: PLAN (JSON, bake-plan.cts). A module that fails here ends the process with a line that names it: src/bake/ reads it.
import fs = require('node:fs');

import type { BakePlan, PlannedModule, SharedReadPlan } from './bake-plan.cjs';
import { Evaluator } from './build-evaluate.cjs';
import { loaderShapes, type RequireSwitch } from './forge.cjs';
import { Guards, withStandInStreams } from './guards.cjs';
import { openInternals, withSharedArrayBuffer } from './internals.cjs';
import { main } from './main.cjs';
import { NodeModules } from './node-module.cjs';
import { pristineNavigator } from './pristine-navigator.cjs';
import { Registry } from './registry.cjs';
import { Stage } from './replay.cjs';
import { Seal, sealExports, sealRealm } from './seal.cjs';
import { loadedBuiltins } from './warm-up.cjs';
import { scrubWorkerFlags } from './worker-flags.cjs';

/** Written to stderr before the path of the module that could not be evaluated. */
const FAILED = 'v8-snap: failed module ';

function readPlan(): BakePlan {
  return JSON.parse(fs.readFileSync(process.argv[2] ?? '', 'utf8'));
}

/** Globals that are accessors, of Node's own. */
const ACCESSORS = { Buffer, process };

/** `node:fs`, `node:fs.promises`, `globalThis`, `globalThis.Math`: an object, or null where there is none. */
function holderOf({ owner }: SharedReadPlan, builtin: (name: string) => unknown): object | null {
  const [root = '', ...path] = owner.split('.');
  let holder: unknown = root === 'globalThis' ? globalThis : builtin(root.slice('node:'.length));
  if (root === 'globalThis' && (path[0] === 'Buffer' || path[0] === 'process')) holder = ACCESSORS;
  for (const name of path) {
    if (holder === null || (typeof holder !== 'object' && typeof holder !== 'function')) return null;
    holder = Object.getOwnPropertyDescriptor(holder, name)?.value;
  }
  return holder === null || (typeof holder !== 'object' && typeof holder !== 'function') ? null : holder;
}

function readersOf({ modules }: BakePlan): Map<number, string> {
  return new Map(modules.flatMap(({ file, reads }) => reads.map((index) => [index, file] as const)));
}

/** Only what these modules read: a trial bakes fewer than the plan knows of, and must not load others' built-ins. */
function sealReads(plan: BakePlan, builtin: (name: string) => unknown): Seal {
  const seal = new Seal();
  const readers = readersOf(plan);
  const wasClean = isClean(plan);
  for (const [index, read] of plan.reads.entries()) {
    const reader = readers.get(index);
    // A missing owner has no members that could change; its own absence is sealed where it was read.
    const holder = (reader === undefined ? null : holderOf(read, builtin)) ?? {};
    const navigator = holder === globalThis && read.member === 'navigator' ? pristineNavigator() : null;
    if (navigator === null) seal.add(holder, read.member);
    else seal.addReadable(navigator, read.member);
    // Node loads some members (`util.diff`) when somebody looks at them.
    if (reader !== undefined && wasClean && !isClean(plan)) fail(reader, ABORTING);
  }
  return seal;
}

/** All modules' read indexes in one array, and where each module's stand. */
function layOutReads(modules: readonly PlannedModule[]): [Uint16Array, Map<string, readonly [number, number]>] {
  const ranges = new Map<string, readonly [number, number]>();
  const indexes: number[] = [];
  for (const { file, reads } of modules) {
    ranges.set(file, [indexes.length, indexes.length + reads.length]);
    indexes.push(...reads);
  }
  return [Uint16Array.from(indexes), ranges];
}

/** Runs `bake` with nothing reaching the user: the builder's warnings are about building, not about the program. */
function withoutWarnings(bake: () => void): void {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    bake();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function evaluateAll(plan: BakePlan, evaluator: Evaluator): void {
  for (const { file } of plan.modules) {
    try {
      evaluator.evaluate(file, null);
    } catch (error) {
      fail(file, error instanceof Error ? error.message : String(error));
    }
  }
}

/** Ends the builder, and says which module is not to be baked. */
function fail(file: string, why: string): never {
  fs.writeSync(2, `${FAILED}${JSON.stringify(file)} ${why}\n`);
  return (process as unknown as { reallyExit: (code: number) => never }).reallyExit(70);
}

/** Only what other baked modules saw at their load needs a seal. */
function sealDependencies(registry: Registry): void {
  for (const baked of registry.all()) if (baked.lazy === null) baked.exportsAtBuild = baked.module.exports;
  for (const baked of registry.all()) {
    for (const { baked: load } of baked.loads) if (load.lazy === null) load.seal ??= sealExports(load.module.exports);
  }
}

function bake(plan: BakePlan): void {
  const builtin = require as (name: string) => unknown;
  const internals = openInternals(NodeModules._load);
  const takeBackSharedArrayBuffer = withSharedArrayBuffer(internals);
  for (const name of plan.builtins ?? []) builtin(name);
  const reads = sealReads(plan, builtin);
  const [indexes, readRanges] = layOutReads(plan.modules);
  const guards = new Guards(plan.guards, plan.artifactId, builtin);
  const requires: RequireSwitch = { lookup: unset, resolve: unset, disarm: () => undefined };
  const shapes = loaderShapes(plan.frames, requires);
  const stage = new Stage(shapes);
  const registry = new Registry({ realm: sealRealm(), reads, readIndexes: indexes, guards, stage });
  const evaluator = new Evaluator({
    ...{ modules: plan.modules, registry, shapes, stage, builtin, readRanges },
    onEvaluated: blameFor(plan),
  });
  requires.lookup = (module, request) => evaluator.answer(module, request);
  requires.resolve = (request, module) => evaluator.resolve(module, request);
  const restoreStreams = withStandInStreams(plan, builtin);
  evaluateAll(plan, evaluator);
  restoreStreams();
  forgetLastMatch();
  evaluator.linkHeads();
  evaluator.linkDeferred();
  // Node keeps the builder's arguments in the heap, and replaces them at launch. What a module kept of them stays.
  process.argv.length = 1;
  sealDependencies(registry);
  const { modules: _modules, reads: _reads, guards: _guards, frames: _frames, builtins: _builtins, ...kept } = plan;
  const prepared = { plan: kept, registry, shapes, requires, builtinsAtBuild: loadedBuiltins()?.length ?? Number.NaN };
  takeBackSharedArrayBuffer();
  requireCleanWorkers(plan);
  scrubWorkerFlags(internals.builtins);
  internals.startupSnapshot.setDeserializeMainFunction(() => main(prepared));
}

const ABORTING = 'it loads a built-in that worker threads abort on';

function isClean({ protectsWorkers }: BakePlan): boolean {
  return !protectsWorkers || loadedBuiltins()?.includes('Internal Binding stream_wrap') !== true;
}

/** Names the module that has loaded what worker threads abort on, which a search would find in a dozen builds. */
function blameFor(plan: BakePlan): (file: string) => void {
  if (!plan.protectsWorkers || !isClean(plan)) return () => undefined;
  return (file) => {
    if (!isClean(plan)) fail(file, ABORTING);
  };
}

/** Where the program can start workers, nothing may have loaded what they abort on. */
function requireCleanWorkers(plan: BakePlan): void {
  if (!isClean(plan)) throw new Error(ABORTING);
}

/** V8 keeps the text that a pattern was last tried on: `RegExp.input`. It may be a variable's. */
function forgetLastMatch(): void {
  /(?:)/.test('');
}

function unset(): never {
  throw new Error('asked before it was ready');
}

withoutWarnings(() => bake(readPlan()));
