// Watches Node's CommonJS loader without standing between a module and what it requires: reads of `module.require`
// and `module.load` announce a request and an evaluation, `loaded = true` its end, look-ups in `Module._cache` which
// module answers. Only `_resolveFilename` is wrapped; it runs no code of modules, and its frame is cut out of errors.

import path from 'node:path';
import { nodeRequestAt } from './call-site.cjs';
import { type LoaderModule, loader } from './loader-types.cjs';
import type { Recorder } from './recorder.cjs';
import { isBuiltin, type SharedState } from './shared-state.cjs';
import { watchProperty } from './watched-property.cjs';

const { extname, isAbsolute } = path;
const { getOwnPropertyDescriptor: describe, defineProperty: define, hasOwn } = Object;
const { apply } = Reflect;
const RealError = Error;

/** A `require` that has begun and that no answer is known of. */
let asking: LoaderModule | null = null;
/** An answer of the resolver that the loader has not used yet. */
let answer: { readonly from: string | null; readonly request: string; readonly target: string } | null = null;

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

/** Node's own formatter, present from the start in the versions that have one. */
const ownFormatter: unknown = describe(RealError, 'prepareStackTrace')?.value;

/** Removes the frame of this file from the stack of a failed resolution, which programs print. */
function cutOwnFrame(error: unknown): void {
  // A formatter of the program's runs when the program asks for the stack, not earlier.
  const formatter: unknown = describe(RealError, 'prepareStackTrace')?.value;
  if (!(error instanceof RealError) || (formatter !== undefined && formatter !== ownFormatter)) return;
  const { stack } = error;
  if (typeof stack !== 'string' || !stack.includes(__filename)) return;
  error.stack = stack
    .split('\n')
    .filter((line) => !(line.startsWith('    at ') && line.includes(__filename)))
    .join('\n');
}

/** The limit counts our frame too: one more keeps the program's last. Undone by the caller in `finally`. */
function widenStack(by: 1 | -1): void {
  const limit = describe(RealError, 'stackTraceLimit');
  if (typeof limit?.value === 'number' && limit.writable) RealError.stackTraceLimit = limit.value + by;
}

/** V8 names the frames of a nameless function after the property that holds it, which an accessor no longer does. */
function named<T>(original: T, name: string): T {
  // Node 20 names them after the source text, as before.
  if (/^v20\./.test(process.version)) return original;
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

function watchCache(recorder: Recorder): void {
  loader._cache = new Proxy(loader._cache, {
    get(target, key) {
      if (typeof key === 'string') onLookUp(recorder, key);
      return Reflect.get(target, key);
    },
    deleteProperty(target, key) {
      if (typeof key === 'string') recorder.cacheEntryDeleted(key);
      return Reflect.deleteProperty(target, key);
    },
  });
}

function onLookUp(recorder: Recorder, key: string): void {
  if (asking?.filename != null && answer === null) {
    recorder.loadedAgain(asking.filename, key);
    asking = null;
  }
}

function watchResolver(recorder: Recorder, state: SharedState): void {
  const original = named(loader._resolveFilename, '_resolveFilename');
  const resolve: typeof original = function _resolveFilename(this: unknown, request, parent, isMain) {
    // Only what a require waits for, the entry, and what import() hands to the loader are loads; the rest is
    // require.resolve, whose answers depend on its options.
    const from = parent?.filename ?? null;
    const isLoad = parent == null || isMain === true || asking === parent;
    let target: string;
    widenStack(1);
    try {
      // biome-ignore lint/complexity/noArguments: how many there were is passed on as it was
      target = apply(original, this, arguments);
    } catch (error) {
      cutOwnFrame(error);
      if (isLoad && from !== null) recorder.failed(from, request, codeOf(error));
      throw error;
    } finally {
      widenStack(-1);
    }
    if (isLoad) onResolved(recorder, state, from, request, target);
    return target;
  };
  // As the original: a name and a length are properties that programs copy.
  define(resolve, 'name', { value: original.name, configurable: true });
  define(resolve, 'length', { value: original.length, configurable: true });
  loader._resolveFilename = resolve;
}

function onResolved(
  recorder: Recorder,
  state: SharedState,
  from: string | null,
  request: string,
  target: string,
): void {
  asking = null;
  if (isAbsolute(target)) {
    answer = { from, request, target };
    recorder.loaded(from, request, target);
    return;
  }
  const name = target.startsWith('node:') ? target.slice('node:'.length) : target;
  state.watchBuiltin(name);
  recorder.loaded(from, request, `node:${name}`);
}

export function installHooks(recorder: Recorder, state: SharedState): void {
  watchResolver(recorder, state);
  watchCache(recorder);
  watchRequests(recorder, state);
  watchEvaluations(recorder, state);
  // The hooks themselves are no change of the program's.
  state.look();
}
