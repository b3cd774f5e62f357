// The analysis script: runs in a snapshot builder (`node --build-snapshot analysis.js PLAN OUT`), evaluates the traced
// modules under traps, writes what it saw and leaves before anything would be serialised.
import EventEmitter = require('node:events');
import fs = require('node:fs');
import Module = require('node:module');
import v8 = require('node:v8');

import { openInternals, withLateGlobals } from '../../../snapshot-entry/builder/internals.cjs';
import { prepareBuiltin, requireBuiltin, setUp } from './builtins.cjs';
import { trapChance } from './chance-traps.cjs';
import { changeTraps } from './change-traps.cjs';
import { trapEmitters } from './emitter-traps.cjs';
import { evaluateAll, evaluated, prepareEvaluation } from './evaluate.cjs';
import { failOnce, trapDescriptors } from './failed-requests.cjs';
import { chargeOpenFiles, trapFs, trapNatives } from './fs-traps.cjs';
import { trapFunctionTexts } from './function-texts.cjs';
import { installHooks } from './hooks.cjs';
import { brandGlobals } from './kept.cjs';
import { trapKeptObjects } from './kept-traps.cjs';
import { globalValue, missing, trapLate, trapUnsafeGlobals } from './late-traps.cjs';
import { isObject, opaque, setUpShared } from './ledger.cjs';
import { trapGlobalMembers, trapProcessMembers, trapVersions } from './member-traps.cjs';
import { trapModules } from './module-traps.cjs';
import { claimNodeState, openNodeState, watchVariables, withChangedFiles } from './node-state.cjs';
import { claimRealm, keepHot, ownerOf, suspects, watchFor } from './ownership.cjs';
import { trapPresence } from './presence-traps.cjs';
import { claimTrappedCalls, trapConsole, trapFeatures, trapProcess } from './process-traps.cjs';
import { chooseWorld } from './run-facts.cjs';
import * as safe from './saved.cjs';
import { openReader } from './scope-reader.cjs';
import type { ProbePlan, ProbeResult } from './shapes.cjs';
import { name, nameGlobals } from './shared-objects.cjs';
import { trapStacks } from './stack-traps.cjs';
import { effects, inputs, loads, quietly, reads, record, recordRead, touches, uses } from './state.cjs';
import { chargeSurvivors, trapMaking } from './survivors.cjs';
import { texts, trapTexts } from './text-traps.cjs';
import { wroteState } from './touched.cjs';
import { trapHiding, trapWeakCollections } from './weak-traps.cjs';
import { trapWriters } from './writer-traps.cjs';

const [planFile = '', outFile = ''] = process.argv.slice(2);
/** `process.exit` without listeners and without the serialisation that would follow. */
function leave(code: number): never {
  return safe.apply(reallyExit, process, [code]) as never;
}
const reallyExit = safe.get(process, 'reallyExit') as safe.Callable;
const plan: ProbePlan = safe.parseJson(fs.readFileSync(planFile, 'utf8'));
const binding = (name: string): unknown => {
  const load: unknown = safe.get(process, 'binding');
  return typeof load === 'function' ? safe.apply(load, process, [name]) : undefined;
};
const fsBinding = binding('fs') as Record<string | symbol, unknown>;
const { openSync, closeSync, writeSync } = fs;
const progress = openSync(plan.progressFile, 'w');

/** Loaded before anything is claimed: loading one changes lazy members of others, which no module shall answer for. */
const COMMON_BUILTINS = [
  'assert',
  'async_hooks',
  'buffer',
  'child_process',
  'constants',
  'crypto',
  'dgram',
  'dns',
  'dns/promises',
  'events',
  'fs',
  'fs/promises',
  'module',
  'net',
  'os',
  'path',
  'perf_hooks',
  'querystring',
  'readline',
  'readline/promises',
  'stream',
  'stream/promises',
  'string_decoder',
  'timers',
  'timers/promises',
  'tty',
  'url',
  'util',
  'util/types',
  'v8',
  'vm',
  'zlib',
];

/** Members of `process` that replace themselves when they are first read. */
const LAZY_PROCESS_MEMBERS = ['allowedNodeEnvironmentFlags', 'finalization', 'features', 'report'];

/** Where the run is, for a caller who finds it hanging or dead. */
function note(file: string): void {
  quietly(() => writeSync(progress, `${file}\n`, null, 'utf8'));
}

function hotObjects(): unknown[] {
  const types = [Object, Array, Function, String, Promise, RegExp];
  return [
    globalThis,
    process,
    Module,
    Module.prototype,
    safe.get(Module, '_extensions'),
    Error,
    Error.prototype,
    ...types.map((type) => type.prototype),
  ];
}

/** Loads what a built-in loads when a member is first read. Not of those that warn when they are: that shows once. */
function readMembers(exports: object): void {
  for (const key of safe.ownKeys(exports)) {
    const get = safe.getOwnPropertyDescriptor(exports, key)?.get;
    if (get !== undefined && safe.indexOf(safe.functionText(get), 'deprecat') < 0) safe.apply(get, exports, []);
  }
}

function setTraps(): void {
  const internals = openInternals(safe.get(Module, '_load'));
  withLateGlobals(internals);
  setUpShared();
  const timer = setTimeout(() => undefined, 0);
  brandGlobals(timer);
  clearTimeout(timer);
  chooseWorld(plan.isTerminal);
  setUp(require, plan.unsafeBuiltins);
  for (const name of COMMON_BUILTINS) readMembers(require(`node:${name}`));
  // Eager, because reading a lazy global later would load Node's own code under a module's name.
  for (const name of safe.ownKeys(globalThis)) globalValue(name);
  for (const name of LAZY_PROCESS_MEMBERS) safe.get(process, name);
  openReader(binding('inspector'));
  openNodeState(internals.builtins, binding('natives') as object);
  trapNatives(binding);
  trapProcess(plan.worldVariables);
  trapConsole();
  trapChance((init) => v8.promiseHooks.onInit(init));
  v8.promiseHooks.onSettled((promise) => wroteState(promise, undefined, 'a promise'));
  trapWriters();
  trapWeakCollections();
  trapEmitters();
  trapHiding();
  trapMaking(internals.binding('util').previewEntries);
  trapFunctionTexts([...plan.modules, ...plan.made]);
  trapTexts(plan.made);
  trapStacks();
  trapDescriptors();
  trapFeatures();
  trapModules();
  trapLate(plan.plainNames);
  nameGlobals(plan.unsafeGlobals);
  name(EventEmitter, 'node:events');
  name(EventEmitter.prototype, 'node:events.prototype');
  trapUnsafeGlobals(plan.unsafeGlobals);
  trapNavigator();
  trapGlobalMembers();
  trapProcessMembers();
  trapVersions();
  trapPresence();
  const getBuiltin: unknown = safe.get(process, 'getBuiltinModule');
  if (typeof getBuiltin === 'function') {
    safe.set(process, 'getBuiltinModule', (name: string) => requireBuiltin(name));
  }
}

/** The same in all runs of a node; with them, programs ask whether they are in a browser. */
const FIXED_NAVIGATOR_MEMBERS: readonly unknown[] = ['userAgent', 'platform'];

/** What it has besides is the machine's, the locale's, or other programs'. What it has not, it will not have. */
function trapNavigator(): void {
  const value = globalValue('navigator');
  if (!isObject(value)) return;
  const wrote = (key: unknown) => record('builtin-write', `navigator.${safe.toText(key)}`);
  const standIn = new safe.RealProxy(value, {
    set(_target, key, to) {
      wrote(key);
      return safe.set(value, key, to);
    },
    ...changeTraps(wrote),
    get(_target, key) {
      if (safe.has(value, key) && !FIXED_NAVIGATOR_MEMBERS.includes(key))
        record('process-read', `navigator.${safe.toText(key)}`);
      return safe.get(value, key);
    },
    ownKeys() {
      record('process-read', 'navigator');
      return safe.ownKeys(value);
    },
  });
  const get = () => {
    recordRead('globalThis', 'navigator');
    return standIn;
  };
  safe.defineProperty(globalThis, 'navigator', { configurable: true, enumerable: true, get });
}

function main(): void {
  // A program that starts at load sees a bare command line, not the builder's.
  process.argv.splice(1, process.argv.length, plan.entry);
  process.execArgv.length = 0;
  const builtins = plan.plainNames.filter((name) => name.startsWith('node:')).map((name) => name.slice(5));
  prepareEvaluation(plan, builtins, note);
  setTraps();
  installHooks();
  watchFor(plan.watch);
  watchVariables(plan.watch);
  keepHot(hotObjects());
  opaque.add(safe.get(process, 'moduleLoadList'));
  for (const name of COMMON_BUILTINS) prepareBuiltin(name);
  claimRealm('globalThis', globalThis);
  claimRealm('process', process);
  claimTrappedCalls();
  trapKeptObjects();
  trapFs(fsBinding);
  failOnce();
  claimNodeState();
  evaluateAll(plan);
  chargeOpenFiles();
  chargeSurvivors((object) => ownerOf(object) !== undefined);
  const result: ProbeResult = {
    effects,
    inputs,
    reads,
    loads,
    touches,
    uses,
    evaluated,
    suspects: withChangedFiles(suspects()),
    texts,
    missing,
  };
  quietly(() => {
    const out = openSync(outFile, 'w');
    const text = safe.stringify(result);
    for (let at = 0; at < text.length; at += 1 << 20) writeSync(out, text.slice(at, at + (1 << 20)), null, 'utf8');
    closeSync(out);
  });
}

try {
  main();
  leave(0);
} catch (error) {
  quietly(() => writeSync(2, `${safe.toText(error)} ${error instanceof Error ? (error.stack ?? '') : ''}\n`));
  leave(70);
}
