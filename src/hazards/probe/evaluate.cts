// Evaluates the traced modules as Node would: real Module objects, depth first, each once, answers of Node's resolver
// taken from the trace. Each boundary between two modules' code is reported to the ledger.
import Module = require('node:module');
import vm = require('node:vm');

import { type Exporting, exportsOf, judgeBareLoads, noteLoad } from './bare-loads.cjs';
import { requireBuiltin } from './builtins.cjs';
import { failureOf, isUnknownBuiltin, unknownBuiltin } from './failed-requests.cjs';
import { scopeRoots } from './hooks.cjs';
import { isObject, opaque } from './ledger.cjs';
import { holdsMain, readMain } from './main-module.cjs';
import { trapModule } from './module-traps.cjs';
import { boundary, loadingMore } from './node-state.cjs';
import { claimModule } from './ownership.cjs';
import { isExit } from './process-traps.cjs';
import * as safe from './saved.cjs';
import type { PlannedModule, ProbePlan } from './shapes.cjs';
import { standIn } from './stand-in.cjs';
import { chargeModule, known, popModule, pushModule, quietly, record } from './state.cjs';
import { isGivenTo } from './touched.cjs';

interface Evaluation extends Exporting {
  readonly planned: PlannedModule;
  readonly index: number;
  /** Its folders of packages, as Node has made them. */
  readonly paths: readonly string[];
  state: 'running' | 'done' | 'failed';
  error: unknown;
  exportsAtEnd: unknown;
}

interface Answer {
  readonly target: string | null;
  readonly code: string | undefined;
  readonly warns: boolean;
}

/** A module on the stack: the lowest stack position that it, or what it loaded, reached by a cycle. */
interface Frame {
  readonly evaluation: Evaluation;
  low: number;
  readonly finished: Evaluation[];
}

const evaluations = new safe.SafeMap<string, Evaluation>();
const frames: Frame[] = [];
/** What was thrown already: the module that threw first is the one to name. */
const failures = new safe.SafeSet<unknown>();
const answers = new safe.SafeMap<string, Answer>();
const indexes = new safe.SafeMap<string, number>();
export const evaluated: string[] = [];
let beforeModule: (file: string) => void = () => undefined;
let plainBuiltins: ReadonlySet<string> = new Set();
/** As every module inherits it. */
let ownRequire: unknown;

const nodePaths: unknown = safe.get(Module, '_nodeModulePaths');
const { compileFunction } = vm;
const RealModule = Module;

function notFound(request: string, from: string, code: string | undefined): Error {
  const error = new safe.RealError(`Cannot find module '${request}'\nRequire stack:\n- ${from}`);
  const value = code ?? 'MODULE_NOT_FOUND';
  safe.defineProperty(error, 'code', { value, writable: true, enumerable: true, configurable: true });
  return error;
}

/** Node itself caches resolutions by the folder of the requiring file, so a trace may hold only the first. */
function folderOf(file: string): string {
  return safe.slice(file, 0, safe.lastIndexOf(file, '/')) || '/';
}

/** Of a request that leads nowhere. Where Node says otherwise than in training, the module is not to be baked. */
function failure(from: string, request: string, code: string | undefined): unknown {
  const module = evaluations.get(from)?.module;
  const error = module === undefined ? undefined : loadingMore(() => failureOf(module, request));
  const isSame = isObject(error) && (code === undefined || safe.get(error, 'code') === code);
  if (isSame) return error;
  record('throws', `a request that failed otherwise in training: ${request}`);
  return quietly(() => notFound(request, from, code));
}

/** `whatFails`: what Node throws for a built-in that it does not know, which depends on who is asked. */
function resolve(from: string, request: unknown, whatFails = unknownBuiltin): string {
  if (typeof request !== 'string' || request === '') {
    record('throws', 'a request that Node refuses');
    throw quietly(() => new safe.RealError('a request that Node refuses'));
  }
  const answer = answers.get(`${from}\0${request}`) ?? answers.get(`${folderOf(from)}/\0${request}`);
  if (answer?.warns) record('process-call', `the deprecation warning of the request ${request}`);
  if (answer && answer.target !== null) return answer.target;
  if (!answer) {
    const asking = evaluations.get(from)?.module;
    if (asking !== undefined && isUnknownBuiltin(request)) throw loadingMore(() => whatFails(asking, request));
    if (plainBuiltins.has(request)) return `node:${request}`;
    if (safe.startsWith(request, 'node:')) return request;
    if (known.has(request)) return request;
    record('throws', `a request that no training run made: ${request}`);
  }
  throw answer ? failure(from, request, answer.code) : quietly(() => notFound(request, from, undefined));
}

function load(from: string, request: unknown): unknown {
  const target = resolve(from, request);
  noteLoad(frames[frames.length - 1]?.evaluation, target);
  if (safe.startsWith(target, 'node:')) return requireBuiltin(target);
  // Node loads ES modules and addons itself, from disk.
  const format = known.get(target)?.format;
  return format === 'module' || format === 'addon' ? standIn : evaluate(target);
}

function makeRequire(planned: PlannedModule): object {
  const from = planned.file;
  const require = (request: string): unknown => load(from, request);
  const resolveCall = (request: string, options?: unknown): string => {
    if (options !== undefined && options !== null) record('create-require', 'require.resolve with options');
    const target = resolve(from, request, failureOf);
    return safe.startsWith(target, 'node:') && !safe.startsWith(request, 'node:') ? safe.slice(target, 5) : target;
  };
  const paths = (): string[] => {
    record('loader-read', 'require.resolve.paths');
    return [];
  };
  const trap = (read: () => void, value: () => unknown) => ({
    configurable: true,
    enumerable: true,
    get: () => {
      read();
      return value();
    },
  });
  const note = (name: string) => () => record('loader-read', `require.${name}`);
  holdsMain(require);
  return Object.defineProperties(Object.assign(require, { resolve: Object.assign(resolveCall, { paths }) }), {
    main: trap(
      () => readMain('require.main'),
      () => undefined,
    ),
    cache: trap(note('cache'), () => safe.get(Module, '_cache')),
    extensions: trap(note('extensions'), () => safe.get(Module, '_extensions')),
  });
}

function newModule(planned: PlannedModule): NodeJS.Module {
  const module = new RealModule(planned.file);
  const folder = folderOf(planned.file);
  module.filename = planned.file;
  if (typeof nodePaths === 'function') module.paths = safe.apply(nodePaths, Module, [folder]) as string[];
  isGivenTo(planned.file, module, module.paths, module.children);
  trapModule(module);
  opaque.add(module);
  return module;
}

function run(evaluation: Evaluation): void {
  const { planned, module } = evaluation;
  if (planned.format === 'json') {
    const text = charCode(planned.source) === 0xfeff ? planned.source.slice(1) : planned.source;
    module.exports = quietly(() => safe.parseJson(text));
    return;
  }
  if (planned.format !== 'commonjs') throw quietly(() => new safe.RealError(`not CommonJS: ${planned.file}`));
  const folder = folderOf(planned.file);
  const names = ['exports', 'require', 'module', '__filename', '__dirname'];
  const body = quietly(() => compileFunction(planned.source, names, { filename: planned.file }));
  const require = makeRequire(planned);
  opaque.add(require);
  isGivenTo(planned.file, require, safe.get(require, 'resolve') as object);
  safe.apply(body, module.exports, [module.exports, require, module, planned.file, folder]);
}

function copyOf(texts: readonly string[]): string[] {
  const copy: string[] = [];
  for (let i = 0; i < texts.length; i++) copy[i] = texts[i] as string;
  return copy;
}

/** What its own requests go by: others of its folder, and Node's memory of requests, would be answered by what it put there. */
function judgeOrigin({ planned: { file }, module, paths }: Evaluation): void {
  const now = quietly(() => module.paths);
  let isMade = module.id === file && module.filename === file && module.path === folderOf(file);
  isMade &&= module.require === ownRequire && safe.isArray(now) && now.length === paths.length;
  for (let i = 0; isMade && i < paths.length; i++) isMade = now[i] === paths[i];
  if (!isMade) record('create-require', 'what its own requests are resolved from');
}

function charCode(text: string): number {
  return text.length > 0 ? safe.charCodeAt(text, 0) : 0;
}

/** Loads one file, or answers with what it is already (also half-way, in a cycle). */
function evaluate(file: string): unknown {
  const before = evaluations.get(file);
  if (before) {
    if (before.state === 'failed') throw before.error;
    if (before.state === 'running') noteCycle(before);
    return before.module.exports;
  }
  const planned = known.get(file);
  if (!planned) {
    record('throws', `needs at load a file that is not analysed: ${file}`);
    throw quietly(() => notFound(file, file, undefined));
  }
  return begin(planned);
}

function noteCycle(head: Evaluation): void {
  const top = frames[frames.length - 1];
  for (let i = 0; top && i < frames.length; i++) {
    if (frames[i]?.evaluation === head) top.low = Math.min(top.low, i);
  }
}

function begin(planned: PlannedModule): unknown {
  const module = quietly(() => newModule(planned));
  const evaluation: Evaluation = {
    planned,
    index: indexes.get(planned.file) ?? 0,
    module,
    paths: copyOf(module.paths),
    state: 'running',
    error: undefined,
    exportsAtStart: module.exports,
    bareLoads: [],
    exportsAtEnd: undefined,
  };
  evaluations.set(planned.file, evaluation);
  boundary();
  beforeModule(planned.file);
  const frame: Frame = { evaluation, low: frames.length, finished: [evaluation] };
  frames[frames.length] = frame;
  pushModule(planned);
  try {
    run(evaluation);
    judgeOrigin(evaluation);
    evaluation.state = 'done';
    judgeBareLoads(evaluation);
    evaluated[evaluated.length] = planned.file;
  } catch (error) {
    evaluation.state = 'failed';
    evaluation.error = error;
    if (!failures.has(error)) {
      failures.add(error);
      const why = isExit(error) ? 'ended the process' : describe(error);
      chargeModule(planned.file, 'throws', why);
    }
    throw error;
  } finally {
    boundary();
    popModule();
    frames.length -= 1;
    leave(frame);
  }
  evaluation.module.loaded = true;
  return evaluation.module.exports;
}

function describe(error: unknown): string {
  return quietly(() => {
    if (error === null || typeof error !== 'object') return 'a thrown value';
    const message: unknown = safe.getOwnPropertyDescriptor(error, 'message')?.value;
    return typeof message === 'string' ? safe.slice(message, 0, 200) : 'an error';
  });
}

/** Ownership starts when the outermost module of a cycle has finished. */
function leave(frame: Frame): void {
  const parent = frames[frames.length - 1];
  if (parent && frame.low < frames.length) {
    parent.low = Math.min(parent.low, frame.low);
    for (let i = 0; i < frame.finished.length; i++) {
      const item = frame.finished[i];
      if (item) parent.finished[parent.finished.length] = item;
    }
    return;
  }
  for (let i = frame.finished.length - 1; i >= 0; i--) {
    const item = frame.finished[i];
    if (!item) continue;
    item.exportsAtEnd = exportsOf(item);
    const roots = quietly(() => scopeRoots(item.planned.file));
    claimModule(item.planned, item.index, [['exports', item.exportsAtEnd], ...roots]);
  }
}

/** Replaced `module.exports` of finished modules: the writer is unknown, so their owner is not trusted. */
function replacedExports(): void {
  evaluations.forEach((evaluation, file) => {
    if (evaluation.state === 'done' && exportsOf(evaluation) !== evaluation.exportsAtEnd) {
      chargeModule(file, 'foreign-write', 'module.exports', file);
    }
  });
}

/** Requests through the loader's own functions (`module.require`) go the way of the module's `require`. */
function trapModuleRequire(): void {
  const original = Module.prototype.require;
  const proxy = new safe.RealProxy(original, {
    apply(target, self: NodeJS.Module, args) {
      if (!known.has(self.filename)) return safe.apply(target, self, args);
      return load(self.filename, args[0]);
    },
  });
  safe.defineProperty(Module.prototype, 'require', {
    value: proxy,
    writable: true,
    enumerable: true,
    configurable: true,
  });
  ownRequire = proxy;
  const compile: unknown = safe.get(Module.prototype, '_compile');
  if (typeof compile !== 'function') return;
  const refusing = new safe.RealProxy(compile, {
    apply() {
      record('module-hook', 'Module.prototype._compile');
      throw quietly(() => new safe.RealError('Module.prototype._compile is refused while analysing'));
    },
  });
  safe.defineProperty(Module.prototype, '_compile', {
    value: refusing,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

export function prepareEvaluation(
  plan: ProbePlan,
  builtins: readonly string[],
  onModule: (file: string) => void,
): void {
  beforeModule = onModule;
  const names = new safe.SafeSet<string>();
  for (const name of builtins) names.add(name);
  plainBuiltins = names;
  plan.modules.forEach((module, index) => {
    known.set(module.file, module);
    indexes.set(module.file, index);
  });
  for (const [from, request, target, code, warns] of plan.resolutions) {
    const answer = { target, code, warns };
    answers.set(`${from}\0${request}`, answer);
    answers.set(`${folderOf(from)}/\0${request}`, answer);
  }
  trapModuleRequire();
}

export function evaluateAll(plan: ProbePlan): void {
  for (let i = 0; i < plan.modules.length; i++) {
    const module = plan.modules[i];
    if (!module || evaluations.has(module.file) || module.format === 'module' || module.format === 'addon') continue;
    try {
      evaluate(module.file);
    } catch (error) {
      // Recorded as `throws` where it happened: one module's failure must not end the analysis of the others.
      if (evaluations.get(module.file)?.state !== 'failed') throw error;
    }
  }
  replacedExports();
}
