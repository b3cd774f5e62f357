// State of Node's own modules that no property of a built-in shows: the variables of their files, and what these hold. A
// call may change it for the whole program (`stream.setDefaultHighWaterMark`), and a heap would carry the change into runs
// that never make it. So the variables are read as those of traced modules are: what they hold belongs to the realm, and
// who changes it is charged.

import type { BuiltinModule } from '../../../snapshot-entry/builder/internals.cjs';
import type { EffectKind } from '../../graph/effects.cjs';
import { isObject, opaque } from './ledger.cjs';
import { absorbHidden, claimHidden, ownerOf } from './ownership.cjs';
import { judgeExitCode } from './process-traps.cjs';
import * as safe from './saved.cjs';
import { type Scoped, scopedFunction, scopesAround } from './scope-reader.cjs';
import type { Suspect } from './shapes.cjs';
import { chargeModule, quietly, stack } from './state.cjs';
import { boundary as ownersBoundary } from './touched.cjs';

type LoadedBuiltin = BuiltinModule & { readonly loaded: boolean; readonly exports: unknown };
type Variables = Map<string, unknown>;

/** A file of Node's whose variables are known through one of its functions. */
interface NodeFile {
  readonly id: string;
  readonly scoped: Scoped;
  variables: Variables;
}

function setOf(names: readonly string[]): ReadonlySet<string> {
  const set = new safe.SafeSet<string>();
  for (const name of names) set.add(name);
  return set;
}

/** What the wrapper of each file has. */
const PARAMETERS = setOf(['exports', 'require', 'module', 'process', 'internalBinding', 'primordials']);

/**
 * Variables that move on with ordinary use, and decide nothing that a program sees: the pool that small buffers are cut
 * from, how often it was asked where a deprecated call stands, what waits for the next tick, what is done before a heap is
 * written, a cache that is emptied then, and the loggers by NODE_DEBUG, which has a guard.
 */
const MOVING = setOf([
  ...['buffer.poolOffset', 'buffer.allocPool', 'buffer.allocBuffer', 'buffer.nodeModulesCheckCounter'],
  ...['internal/process/task_queues.queue', 'internal/v8/startup_snapshot.serializeCallbacks'],
  ...['internal/crypto/util._hashCache', 'internal/util/debuglog.debugImpls'],
]);

const LOGGERS = 'internal/util/debuglog';

/** Shorter texts of functions may stand anywhere. */
const TELLING_CHARS = 30;
const OBJECTS_WALKED = 400;

const files = new safe.SafeMap<string, NodeFile>();
const tried = new safe.SafeSet<string>();
const scripts = new safe.SafeSet<string>();
const watchedFiles: NodeFile[] = [];
const wanted = new safe.SafeSet<string>();
let sources: object = {};
let isClaimed = false;
let builtins: ReadonlyMap<string, LoadedBuiltin> = new safe.SafeMap();

/** After the built-ins of most programs are loaded, and before traps stand for their functions. */
export function openNodeState(all: ReadonlyMap<string, BuiltinModule>, texts: object): void {
  builtins = all as ReadonlyMap<string, LoadedBuiltin>;
  sources = texts;
  opaque.add(builtins);
  safe.mapForEach(builtins, (builtin: LoadedBuiltin) => opaque.add(builtin));
  findFiles();
}

/** Second pass: `watch` of suspects of the first. */
export function watchVariables(names: readonly string[]): void {
  for (let i = 0; i < names.length; i++) wanted.add(names[i] ?? '');
}

function findFiles(): NodeFile[] {
  const found: NodeFile[] = [];
  safe.mapForEach(builtins, (builtin: LoadedBuiltin, id: string) => {
    if (!builtin.loaded || tried.has(id)) return;
    tried.add(id);
    const scoped = ownFunction(id, builtin.exports);
    if (scoped === undefined) return;
    const file = { id, scoped, variables: new safe.SafeMap<string, unknown>() };
    files.set(id, file);
    found[found.length] = file;
  });
  return found;
}

/** A function that stands in the file: others it passes on, and some are of modules, which have replaced Node's. */
function ownFunction(id: string, exports: unknown): Scoped | undefined {
  const source: unknown = safe.get(sources, id);
  const functions = functionsOf(exports);
  for (let i = 0; i < functions.length; i++) {
    const text = safe.functionText(functions[i]);
    if (text.length < TELLING_CHARS || safe.indexOf(source, text) < 0) continue;
    const scoped = scopedFunction(functions[i] as object);
    if (scoped === undefined || scripts.has(scoped.script)) continue;
    scripts.add(scoped.script);
    return scoped;
  }
  return undefined;
}

function functionsOf(exports: unknown): object[] {
  const queue: unknown[] = [exports];
  const seen = new safe.SafeSet<unknown>();
  const found: object[] = [];
  for (let i = 0; i < queue.length && i < OBJECTS_WALKED; i++) {
    const item = queue[i];
    if (!isObject(item) || seen.has(item)) continue;
    seen.add(item);
    if (typeof item === 'function') found[found.length] = safe.originalOf(item) as object;
    const keys = safe.ownKeys(item);
    for (let k = 0; k < keys.length; k++) {
      const descriptor = safe.getOwnPropertyDescriptor(item, keys[k] as PropertyKey);
      queue[queue.length] = descriptor?.value;
      queue[queue.length] = descriptor?.get;
      queue[queue.length] = descriptor?.set;
    }
  }
  return found;
}

/** In the order of their names: V8 has them in another one in each process. */
function variablesOf({ id, scoped }: NodeFile): Variables {
  const variables: Variables = new safe.SafeMap();
  const scopes = scopesAround(scoped);
  for (let i = 0; i < scopes.length; i++) {
    const scope = scopes[i] as object;
    const names = safe.sort(safe.ownKeys(scope) as string[]);
    for (let k = 0; k < names.length; k++) {
      const name = names[k] as string;
      if (PARAMETERS.has(name) || MOVING.has(`${id}.${name}`)) continue;
      // Names of inner scopes hide those of outer ones.
      if (!variables.has(name)) variables.set(name, safe.getOwnPropertyDescriptor(scope, name)?.value);
    }
  }
  return variables;
}

/** Takes what the files hold now as theirs. */
export function claimNodeState(): void {
  isClaimed = true;
  quietly(() => files.forEach(claimFile));
}

/** Also what it has loaded since. */
function claimNewState(): void {
  const found = findFiles();
  for (let i = 0; i < found.length; i++) claimFile(found[i] as NodeFile);
}

/** Loads a built-in, or asks Node's resolver: what Node's files do to each other by that is no module's doing. */
export function loadingMore<T>(load: () => T): T {
  if (!isClaimed) return load();
  boundary();
  const loaded = load();
  quietly(() => {
    absorbHidden();
    for (let i = 0; i < watchedFiles.length; i++) {
      const file = watchedFiles[i] as NodeFile;
      file.variables = variablesOf(file);
    }
    claimNewState();
  });
  return loaded;
}

function claimFile(file: NodeFile): void {
  file.variables = variablesOf(file);
  claimHidden(`node:${file.id}`, builtins.get(file.id)?.exports);
  file.variables.forEach((value, name) => {
    if (isLogger(value)) opaque.add(value);
    else claimHidden(`node:${file.id}.${name}`, value);
  });
  if (wanted.has(watchName(file))) watchedFiles[watchedFiles.length] = file;
}

/** `debuglog('timers')`: such a function looks at NODE_DEBUG when it is first used, and puts another one in its place. */
function isLogger(value: unknown): boolean {
  return typeof value === 'function' && safe.indexOf(safe.get(sources, LOGGERS), safe.functionText(value)) >= 0;
}

function watchName({ id }: NodeFile): string {
  return `v:${id}`;
}

/** Names of variables that hold something else than they did, but for what Node loads when it first needs it. */
function changedIn({ variables }: NodeFile, now: Variables): string[] {
  const changed: string[] = [];
  now.forEach((value, name) => {
    const before = variables.get(name);
    if (safe.is(value, before) || isLogger(before)) return;
    if (isObject(value) && !isObject(before) && isNodes(value, 0)) return;
    changed[changed.length] = name;
  });
  return changed;
}

/** Whether Node made it: its functions are from Node's texts. */
function isNodes(value: object, depth: number): boolean {
  if (ownerOf(value) === 'realm') return true;
  if (typeof value === 'function') {
    const script = scopedFunction(value)?.script;
    if (script !== undefined && !scripts.has(script)) claimNewState();
    return script !== undefined && scripts.has(script);
  }
  let functions = 0;
  const keys = safe.ownKeys(value);
  for (let i = 0; i < keys.length; i++) {
    const member: unknown = safe.getOwnPropertyDescriptor(value, keys[i] as PropertyKey)?.value;
    if (!isObject(member)) continue;
    if (typeof member !== 'function' && depth > 0) continue;
    if (!isNodes(member, depth + 1)) return false;
    functions++;
  }
  return depth > 0 || functions > 0;
}

/** A boundary between the code of two modules. */
export function boundary(): void {
  ownersBoundary();
  judgeExitCode();
  if (watchedFiles.length === 0) return;
  quietly(() => {
    const writer = stack[stack.length - 1];
    for (let i = 0; i < watchedFiles.length; i++) {
      const file = watchedFiles[i] as NodeFile;
      const now = variablesOf(file);
      const changed = changedIn(file, now);
      file.variables = now;
      for (let k = 0; writer !== undefined && k < changed.length; k++) {
        chargeModule(writer.file, kindOf(file), `node:${file.id}.${changed[k]}`);
      }
    }
  });
}

function kindOf({ id }: NodeFile): EffectKind {
  return id === 'module' || safe.startsWith(id, 'internal/modules/') ? 'module-hook' : 'builtin-write';
}

/** Adds the files with variables that changed and were not watched. */
export function withChangedFiles(found: Suspect[]): Suspect[] {
  return quietly(() => {
    // Who made Node load more has changed nothing: what was loaded has to be known to tell.
    claimNewState();
    files.forEach((file) => {
      if (file.variables.size === 0 || wanted.has(watchName(file))) return;
      const changed = changedIn(file, variablesOf(file));
      if (changed.length === 0) return;
      found[found.length] = { watch: watchName(file), owner: '', path: `node:${file.id}.${changed[0]}` };
    });
    return found;
  });
}
