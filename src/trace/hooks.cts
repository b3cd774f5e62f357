// Watches Node's CommonJS loader without standing between a module and what it requires: reads of `module.require`
// and `module.load` announce a request and an evaluation, `loaded = true` its end, look-ups in `Module._cache` which
// module answers. Only `_resolveLookupPaths` is wrapped: it returns before a module runs or an error is made.

import path from 'node:path';
import { factsHere } from '../target/facts-table.cjs';
import { nodeRequestAt } from './call-site.cjs';
import { type LoaderModule, loader } from './loader-types.cjs';
import type { Recorder } from './recorder.cjs';
import { isBuiltin, type SharedState } from './shared-state.cjs';
import { watchProperty } from './watched-property.cjs';

const { extname, isAbsolute } = path;
const { getOwnPropertyDescriptor: describe, defineProperty: define, hasOwn } = Object;
const { apply } = Reflect;
const { framesAreNamedByText } = factsHere();

/** A `require` that has begun and that no answer is known of. */
let asking: LoaderModule | null = null;
/** An answer of the resolver that the loader has not used yet. */
let answer: Answer | null = null;

interface Answer {
  readonly from: string | null;
  readonly request: string;
  readonly target: string;
  /** Whether Node has warned of it. */
  readonly warns: boolean;
}

function isModule(value: unknown): value is LoaderModule {
  return typeof value === 'object' && value !== null && hasOwn(value, 'loaded') && hasOwn(value, 'id');
}

/** As Node picks it: the longest registered extension is rare, the last one is the rule. */
function handlerOf(file: string): string {
  const extension = extname(file);
  return extension === '.cjs' || extension in loader._extensions ? extension : '.js';
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null ? describe(error, 'code')?.value : undefined;
  return typeof code === 'string' ? code : 'UNKNOWN';
}

/** V8 names the frames of a nameless function after the property that holds it, which an accessor no longer does. */
function named<T>(original: T, name: string): T {
  if (framesAreNamedByText) return original;
  if (typeof original === 'function' && original.name === '')
    define(original, 'name', { value: name, configurable: true });
  return original;
}

function watchRequests(recorder: Recorder, state: SharedState): void {
  const original = named(describe(loader.prototype, 'require')?.value, 'require');
  const onRead = (receiver: unknown): void => {
    // Node reads it of the entry's module too, before that is loaded.
    if (!isModule(receiver) || receiver.filename === null) return;
    answer = null;
    asking = receiver;
    const request = nodeRequestAt(receiver.filename, readRequire);
    if (request === null || !isBuiltin(request)) return;
    state.watchBuiltin(request.slice('node:'.length));
    recorder.loaded(receiver.filename, request, request);
    asking = null;
  };
  watchProperty({
    owner: loader.prototype,
    key: 'require',
    enumerable: true,
    initial: () => original,
    onRead,
    onWrite: () => state.note('Module.prototype.require'),
  });
  const readRequire = describe(loader.prototype, 'require')?.get ?? onRead;
}

function watchEvaluations(recorder: Recorder, state: SharedState): void {
  const original = named(describe(loader.prototype, 'load')?.value, 'load');
  watchProperty({
    owner: loader.prototype,
    key: 'load',
    enumerable: true,
    initial: () => original,
    onRead: (receiver) => {
      if (isModule(receiver) && describe(receiver, 'loaded')?.value === false) beginEvaluation(recorder, receiver);
    },
    onWrite: () => state.note('Module.prototype.load'),
  });
}

function beginEvaluation(recorder: Recorder, module: LoaderModule): void {
  const known = answer;
  const file = module.id === '.' ? known?.target : module.id;
  if (file === undefined || !isAbsolute(file)) return;
  answer = null;
  asking = null;
  // `loaded` is an accessor while the module is evaluated: its assignment is the only sign of the end.
  define(module, 'loaded', {
    configurable: true,
    enumerable: true,
    get: () => false,
    set(value: unknown) {
      define(module, 'loaded', { value, writable: true, enumerable: true, configurable: true });
      if (value === true) recorder.end(module);
    },
  });
  recorder.begin(module, file, handlerOf(file), known?.target === file ? known.from : null);
}

function watchCache(recorder: Recorder, state: SharedState): void {
  loader._cache = new Proxy(loader._cache, {
    get(target, key) {
      if (typeof key === 'string') onLookUp(recorder, state, key);
      return Reflect.get(target, key);
    },
    deleteProperty(target, key) {
      if (typeof key === 'string') recorder.cacheEntryDeleted(key);
      return Reflect.deleteProperty(target, key);
    },
  });
}

/** The loader looks up whatever it has resolved, be it a file or the bare name of a built-in. */
function onLookUp(recorder: Recorder, state: SharedState, key: string): void {
  if (isAbsolute(key)) {
    if (answer !== null) {
      // A resolver of the program's own may have answered otherwise than Node's.
      answer = { ...answer, target: key };
      if (asking !== null || answer.from === null) recorder.loaded(answer.from, answer.request, key, answer.warns);
    } else if (asking?.filename != null) {
      recorder.loadedAgain(asking.filename, key);
    }
  } else if (asking?.filename != null && isBuiltin(key)) {
    state.watchBuiltin(key);
    recorder.loaded(asking.filename, answer?.request ?? key, `node:${key}`);
  }
  asking = null;
}

/** Counts what Node warns of until it is asked how often that was. */
function countWarnings(): () => number {
  const original = describe(process, 'emitWarning');
  let count = 0;
  // A program that has put something unusual there keeps it.
  if (original?.writable !== true || typeof original.value !== 'function') return () => 0;
  const value = (...args: unknown[]): void => {
    count++;
    apply(original.value, process, args);
  };
  define(process, 'emitWarning', { ...original, value });
  return () => {
    if (process.emitWarning === value) define(process, 'emitWarning', original);
    return count;
  };
}

/**
 * Node asks for the look-up paths of each request before it resolves it. The answer is worked out here, on the side:
 * Node's own resolution, which follows and finds the same in its caches, then throws its errors with nobody between.
 */
function watchResolver(recorder: Recorder): void {
  const { _resolveFilename: resolve, _resolveLookupPaths: original } = loader;
  let isResolving = false;
  const lookUp: typeof original = function _resolveLookupPaths(this: unknown, request, parent) {
    // Only what a require waits for, the entry, and what import() hands to the loader are loads; the rest is
    // require.resolve, whose answers depend on its options.
    if (!isResolving && (parent == null || asking === parent)) {
      isResolving = true;
      const from = parent?.filename ?? null;
      const warned = countWarnings();
      try {
        const target = apply(resolve, loader, [request, parent, parent == null]);
        answer = { from, request, target, warns: warned() > 0 };
      } catch (error) {
        // Node is about to throw the same to the program.
        if (from !== null) recorder.failed(from, request, codeOf(error), warned() > 0);
        asking = null;
      } finally {
        isResolving = false;
      }
    }
    // biome-ignore lint/complexity/noArguments: how many there were is passed on as it was
    return apply(original, this, arguments);
  };
  // As the original: a name and a length are properties that programs copy.
  define(lookUp, 'name', { value: original.name, configurable: true });
  define(lookUp, 'length', { value: original.length, configurable: true });
  loader._resolveLookupPaths = lookUp;
}

export function installHooks(recorder: Recorder, state: SharedState): void {
  watchResolver(recorder);
  watchCache(recorder, state);
  watchRequests(recorder, state);
  watchEvaluations(recorder, state);
  // The hooks themselves are no change of the program's.
  state.look();
}
