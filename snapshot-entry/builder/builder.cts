// Runs in `node --build-snapshot`, started by launch/read-builder.cts: bakes what the plan says and leaves launch/main.cts
// to be run at launch. argv: PLAN (JSON, bake-plan.cts). A module that fails here ends the process with a line that names
// it: src/bake/ reads it.
//
// No function of this folder may be reachable when the heap is written: it would keep the whole text of this script in
// every user's process. What has to outlive the build is made by a function of launch/.
import fs = require('node:fs');

import { Guards, withStandInStreams } from '../launch/guards.cjs';
import { RequireSwitch } from '../launch/loader-shapes.cjs';
import { main } from '../launch/main.cjs';
import { NodeModules } from '../launch/node-module.cjs';
import { type PristineNavigator, pristineNavigator } from '../launch/pristine-navigator.cjs';
import { quickLook } from '../launch/quick-look.cjs';
import { Registry } from '../launch/registry.cjs';
import { Stage } from '../launch/replay.cjs';
import type { Prepared } from '../launch/state.cjs';
import { keepingConsole } from '../launch/whole-console.cjs';
import { ownWorkerFlags } from '../launch/worker-flags.cjs';
import type { BakePlan, PlannedModule, SharedReadPlan } from '../shared/bake-plan.cjs';
import { loadedBuiltins } from '../shared/loaded-builtins.cjs';
import { SETTINGS, sharedObject } from '../shared/shared-names.cjs';
import { Evaluator } from './build-evaluate.cjs';
import { compileCalled, withoutBaseline } from './compile-called.cjs';
import { loaderShapes } from './forge.cjs';
import { type Internals, openInternals, withLateGlobals } from './internals.cjs';
import { withLateFeatures } from './late-features.cjs';
import { notingBindings } from './noting-bindings.cjs';
import { sealExports } from './seal-exports.cjs';
import { sealLoader } from './seal-loader.cjs';
import { SealMaker } from './seal-maker.cjs';
import { sealRealm } from './seal-realm.cjs';
import { sealBoth, sealSettings } from './settings.cjs';

/** Written to stderr before the path of the module that could not be evaluated. */
const FAILED = 'v8-snap: failed module ';

function readPlan(): BakePlan {
  return JSON.parse(fs.readFileSync(process.argv[2] ?? '', 'utf8'));
}

/** Positions of what one of the modules reads. */
function readersOf({ modules }: BakePlan): Set<number> {
  return new Set(modules.flatMap(({ reads }) => reads));
}

/** Only what these modules read: a trial bakes fewer than the plan knows of, and must not load others' built-ins. */
function sealReads(plan: BakePlan, builtin: (name: string) => unknown): [SealMaker, PristineNavigator | null] {
  const seal = new SealMaker();
  const readers = readersOf(plan);
  let navigator: PristineNavigator | null = null;
  for (const [index, read] of plan.reads.entries()) {
    // A missing owner has no members that could change; its own absence is sealed where it was read.
    const holder = (readers.has(index) ? sharedObject(read.owner, builtin) : null) ?? {};
    const isNavigator = holder === globalThis && read.member === 'navigator';
    if (isNavigator) navigator = pristineNavigator();
    if (isNavigator && navigator !== null) seal.addReadable(navigator, read.member);
    else if (read.member === SETTINGS) seal.addWhole(sealSettings(read.owner, builtin));
    else if (isSettable(read, holder)) seal.addWhole(sealBoth(holder, read.member));
    else seal.addRead(holder, read.member);
  }
  return [seal, navigator];
}

/** `fs.ReadStream`: what is assigned to it goes where no property shows it. */
function isSettable({ owner, member }: SharedReadPlan, holder: object): boolean {
  return owner.startsWith('node:') && Object.getOwnPropertyDescriptor(holder, member)?.set !== undefined;
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
function sealDependencies(registry: Registry, seal: SealMaker): void {
  for (const baked of registry.all()) if (baked.lazy === null) baked.exportsAtBuild = baked.module.exports;
  const needed = new Set(registry.all().flatMap(({ loads }) => loads.map(({ baked }) => baked)));
  for (const baked of needed) {
    if (baked.lazy === null) [baked.sealedFrom, baked.sealedTo] = sealExports(seal, baked.module.exports);
  }
}

/**
 * All that the heap keeps. Nothing of the plan's modules and of the evaluator may stay reachable: they are a quarter of a
 * large program's heap, and every byte is read at each start. So nothing that outlives this function closes over them.
 */
function prepare(
  plan: BakePlan,
  builtin: (name: string) => unknown,
  { validateString }: Internals,
): Omit<Prepared, 'bindings' | 'mendConsole' | 'workerFlags' | 'look'> {
  for (const name of plan.builtins ?? []) builtin(name);
  const realm = sealRealm();
  const takeBackLateFeatures = withLateFeatures(plan.late ?? []);
  const [reads, navigator] = sealReads(plan, builtin);
  const [indexes, readRanges] = layOutReads(plan.modules);
  const guards = new Guards(plan.guards, plan.artifactId, builtin);
  const requires = new RequireSwitch();
  const shapes = loaderShapes(plan.frames, requires, validateString);
  const stage = new Stage(shapes);
  const exports = new SealMaker();
  const seals = { realm, exports: exports.seal, reads: reads.seal, readIndexes: indexes };
  const registry = new Registry({ ...seals, guards, stage });
  const evaluator = new Evaluator({ modules: plan.modules, registry, shapes, stage, builtin, readRanges });
  const answerNoMore = requires.answerBy(evaluator);
  const restoreStreams = withStandInStreams(plan, builtin);
  evaluateAll(plan, evaluator);
  restoreStreams();
  takeBackLateFeatures();
  answerNoMore();
  evaluator.linkHeads();
  evaluator.linkDeferred();
  sealDependencies(registry, exports);
  const { modules: _modules, reads: _reads, guards: _guards, frames: _frames, ...others } = plan;
  const { builtins: _builtins, late: _late, ...kept } = others;
  const builtinsAtBuild = loadedBuiltins()?.length ?? Number.NaN;
  const loader = sealLoader(plan.modules.map(({ file }) => file));
  return { plan: kept, registry, shapes, requires, loader, navigator, builtinsAtBuild };
}

function bake(plan: BakePlan): void {
  const internals = openInternals(NodeModules._load);
  const workerFlags = ownWorkerFlags(internals);
  // Before any module may change it.
  const mendConsole = keepingConsole();
  const takeBackLateGlobals = withLateGlobals(internals);
  const takeBackBaseline = withoutBaseline(internals);
  const made = prepare(plan, require as (name: string) => unknown, internals);
  compileCalled(plan.modules, process.argv[1] ?? '');
  forgetLastMatch();
  takeBackBaseline();
  // Node keeps the builder's arguments in the heap, and replaces them at launch. What a module kept of them stays.
  process.argv.length = 1;
  takeBackLateGlobals();
  // What there is at a launch decides.
  for (const known of internals.packages) known.clear();
  const bindings = plan.remakesNotes ? notingBindings(internals) : null;
  const prepared: Prepared = { ...made, workerFlags, mendConsole, bindings, look: quickLook(internals) };
  // The function itself: one that calls it would be of this script.
  internals.startupSnapshot.setDeserializeMainFunction(main, prepared);
}

/** V8 keeps the text that a pattern was last tried on: `RegExp.input`. It may be a variable's. */
function forgetLastMatch(): void {
  /(?:)/.test('');
}

withoutWarnings(() => bake(readPlan()));
