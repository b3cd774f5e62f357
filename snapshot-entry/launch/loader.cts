// Extends Node's loader after restore. Every `require` of a baked or packed module asks `lookup` first:
//   - in the cache, or baked and admissible: the answer, no loader involved;
//   - otherwise Node's own `Module._load` runs, prepared for this one request: it is told the file (no search) and, for
//     a packed module, handed the compiled wrapper (no read, no compile).
// Nobody ever sees a patched loader (one-shot.cts), and whoever patches it meets Node's own functions. While somebody
// has patched it, or has registered hooks, nothing is prepared and nothing baked is activated: plain Node.
import diagnostics = require('node:diagnostics_channel');
import vm = require('node:vm');

import { compileScript, compileUnwrapped } from './compile.cjs';
import type { RequireAnswers, RequireFunction } from './loader-shapes.cjs';
import { type NodeModule, NodeModules, type Wrapper } from './node-module.cjs';
import { type Content, OneShot } from './one-shot.cjs';

import errors = require('./pack-errors.cjs');

import type { PackedEntry, PackReader } from './pack-reader.cjs';
import type { BegunRegistry } from './registry.cjs';
import { adopt } from './replay.cjs';
import { RequestMemory } from './request-memory.cjs';
import { copyOf, type FixedSeal } from './seal.cjs';
import type { Prepared } from './state.cjs';
import type { OnCompiled } from './trial-run.cjs';

/** Taken before the program runs, which may replace these methods. */
const { apply } = Reflect;
const { parse } = JSON;
const { indexOf, startsWith } = String.prototype;
const { runInThisContext } = vm.Script.prototype;
const { isBuiltin } = NodeModules;

/** Asked at each request: `path.dirname` takes six times as long the first times. */
function isIn(folder: string, file: string): boolean {
  const length = folder === '/' ? 0 : folder.length;
  return file[length] === '/' && apply(indexOf, file, ['/', length + 1]) < 0 && apply(startsWith, file, [folder]);
}

type Channel = ReturnType<typeof diagnostics.channel>;

/** Who listens to these sees each `require`, and may even change what it finds. */
function requireChannels(): Channel[] {
  return ['start', 'end', 'error'].map((name) => diagnostics.channel(`tracing:module.require:${name}`));
}

function isBare(request: string): boolean {
  return request[0] !== '.' && request[0] !== '/';
}

export class Loader implements RequireAnswers {
  readonly #pack: PackReader;
  readonly #registry: BegunRegistry;
  readonly #seal: FixedSeal;
  readonly #channels = requireChannels();
  readonly #sourceMaps = Object.getOwnPropertyDescriptor(process, 'sourceMapsEnabled')?.get;
  /** Loaded from the pack before: who deletes a module and requires it again means to read the file. */
  readonly #served: { [index: number]: true | undefined } = {};
  readonly #oneShot: OneShot;
  readonly #memory = new RequestMemory();
  readonly #compileModule = NodeModules.prototype._compile;
  readonly #require = NodeModules.prototype.require;
  /** By folder: Node's list of the folders in which it looks for packages. No Map: a program may replace what Map can do. */
  readonly #searched: { [folder: string]: readonly string[] | undefined } = Object.create(null);
  /** The registry's epoch in which Node's loader was last found as Node made it. */
  #pristineIn = -1;
  #isHooked = false;
  #hasSyncHooks = false;
  /** Why the pack was given up, if it was. */
  damage: Error | undefined;
  readonly #onCompiled: OnCompiled | undefined;

  /** `onCompiled`: only in a trial run. */
  constructor(
    pack: PackReader,
    registry: BegunRegistry,
    { shapes, loader }: Pick<Prepared, 'shapes' | 'loader'>,
    onCompiled?: OnCompiled,
  ) {
    this.#pack = pack;
    this.#registry = registry;
    this.#seal = loader;
    this.#onCompiled = onCompiled;
    this.#oneShot = new OneShot(shapes, registry.executingSymbol);
    registry.isLoaderPristine = () => this.#isPristine();
    this.#watchHooks();
  }

  /** Loads the entry as Node's main module. */
  run(entry: string): void {
    this.#prepare(entry, this.#pack.indexOf(entry));
    try {
      NodeModules._load(entry, null, true);
    } finally {
      this.#oneShot.disarm();
    }
  }

  lookup(module: NodeModule, request: string): { readonly exports: unknown } | undefined {
    const { foreign } = this.#registry;
    foreign.beforeRequire(module);
    const answer = this.#answer(module, request);
    if (answer === undefined) foreign.leaveToNode();
    return answer;
  }

  #answer(module: NodeModule, request: string): { readonly exports: unknown } | undefined {
    const target = this.#targetOf(module, request);
    if (target === undefined) return undefined;
    const file = this.#pack.fileOf(target);
    const cached = NodeModules._cache[file];
    if (cached !== undefined) return this.#reuse(module, cached);
    const baked = this.#registry.get(file);
    if (baked !== undefined && this.#registry.activate(baked, module)) {
      this.#memory.note(module, request, baked);
      return baked.module;
    }
    this.#prepare(file, target);
    return undefined;
  }

  /** As `Module._load` answers from its cache. A module still loading is left to Node, which warns of what is missing. */
  #reuse(parent: NodeModule, cached: NodeModule): NodeModule | undefined {
    if (!cached.loaded) {
      this.#registry.showPartial(cached);
      return undefined;
    }
    adopt(parent, cached);
    return cached;
  }

  resolve(request: string, module: NodeModule, options: unknown): string | undefined {
    this.#registry.foreign.note();
    if (this.#hasSyncHooks) return this.#nodesOwn(module).resolve(request, options);
    const target = options === undefined ? this.#targetOf(module, request) : undefined;
    return target === undefined ? undefined : this.#pack.fileOf(target);
  }

  /** The `require` that Node makes for a module: its `resolve` asks hooks, by means that only Node has. */
  #nodesOwn(module: NodeModule): RequireFunction {
    return apply(this.#compileModule, module, ['return require', module.filename ?? '']) as RequireFunction;
  }

  disarm(): void {
    this.#registry.foreign.nodeHasAnswered();
    this.#oneShot.disarm();
  }

  /** Whether Node's loader is as Node made it: the only one that this one may speed up. */
  #isPristine(): boolean {
    if (this.#isHooked || this.damage !== undefined) return false;
    if (this.#pristineIn === this.#registry.foreign.epoch) return true;
    if (!this.#seal.holds() || this.#areSourceMapsOn()) return false;
    const channels = this.#channels;
    for (let i = 0; i < channels.length; i++) if (channels[i]?.hasSubscribers) return false;
    this.#pristineIn = this.#registry.foreign.epoch;
    return true;
  }

  /** From then on Node looks for the source map of each module that it compiles; so it has to compile them itself. */
  #areSourceMapsOn(): boolean {
    return this.#sourceMaps !== undefined && apply(this.#sourceMaps, process, []) === true;
  }

  /** The known file that the request leads to; undefined for built-ins, failures and unknown files. */
  #targetOf(module: NodeModule, request: string): number | undefined {
    const { filename } = module;
    // What Node refuses is left to Node, which says why.
    if (typeof request !== 'string' || request === '') return undefined;
    if (!this.#isPristine() || filename === null || !this.#isAsMade(module, filename, request)) {
      this.#tellNode();
      return undefined;
    }
    const target = this.#reading(() => {
      const from = this.#pack.indexOf(filename);
      return from < 0 ? undefined : this.#pack.resolve(from, request);
    });
    if (target === undefined) return this.#searchFor(module, request);
    return typeof target === 'number' ? target : undefined;
  }

  /** Whether Node would look from where it did while building: a program can change all that it goes by. */
  #isAsMade(module: NodeModule, filename: string, request: string): boolean {
    const { id, path, paths } = module;
    if (module.require !== this.#require || !id || !isIn(path, filename)) return false;
    if (!isBare(request) || isBuiltin(request)) return true;
    const made = this.#pathsIn(path);
    if (paths?.length !== made.length) return false;
    for (let i = 0; i < made.length; i++) if (paths[i] !== made[i]) return false;
    return true;
  }

  #pathsIn(folder: string): readonly string[] {
    const paths = this.#searched[folder] ?? NodeModules._nodeModulePaths(folder);
    this.#searched[folder] = paths;
    return paths;
  }

  /** A request that no training run made may lead to a known file all the same: Node's own resolver says where. */
  #searchFor(module: NodeModule, request: string): number | undefined {
    if (this.damage !== undefined || isBuiltin(request)) return undefined;
    let file: string;
    try {
      file = NodeModules._resolveFilename(request, module, false);
    } catch {
      // Node's own loader comes to the same end, with its own stack.
      return undefined;
    }
    const index = this.#reading(() => this.#pack.indexOf(file));
    return index === undefined || index < 0 ? undefined : index;
  }

  #prepare(file: string, index: number): void {
    this.#oneShot.arm(
      file,
      this.#reading(() => this.#contentOf(file, index)),
    );
  }

  #contentOf(file: string, index: number): Content | undefined {
    if (this.damage !== undefined || !this.#pack.isPacked(index) || this.#served[index] === true) return undefined;
    this.#served[index] = true;
    const entry = this.#pack.read(index);
    if (entry.format === 'json') return { kind: 'json', exports: parse(entry.wrapped) };
    const onBegin = (module: NodeModule) => {
      // What Node has put there, but the very texts that it is compared with: told apart at a glance.
      module.paths = copyOf(this.#pathsIn(module.path));
      this.#registry.foreign.begin(module, entry.requireRun);
    };
    return { kind: 'commonjs', wrapper: this.#compile(file, index, entry), onBegin };
  }

  #compile(file: string, index: number, entry: PackedEntry): Wrapper {
    if (entry.mayEvaluate) return compileUnwrapped(file, entry.originalSource(), entry.usesDynamicImport) as Wrapper;
    const script = compileScript(file, entry);
    this.#onCompiled?.(index, script);
    return apply(runInThisContext, script, []) as Wrapper;
  }

  /** A damaged pack is given up for the rest of the run: Node's own loader serves from disk. */
  #reading<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof errors.PackError)) throw error;
      this.damage = error;
      return undefined;
    }
  }

  /** Before hooks of the program's are asked: what Node would know of the requests that baked modules have answered. */
  #tellNode(): void {
    if (this.#isHooked) return;
    this.#reading(() => this.#memory.tell(this.#registry, this.#pack));
  }

  /** Hooks that are registered see every load from then on: nothing of ours may come before them. */
  #watchHooks(): void {
    for (const name of ['register', 'registerHooks'] as const) {
      const original = NodeModules[name];
      if (original === undefined) continue;
      const onCall = () => {
        this.#tellNode();
        this.#isHooked = true;
        this.#hasSyncHooks ||= name === 'registerHooks';
      };
      // No arrow function: Node's own has a prototype.
      const watched = function (this: unknown, ...args: unknown[]) {
        onCall();
        return apply(original, this, args);
      };
      Object.defineProperty(watched, 'name', { value: name });
      Object.defineProperty(watched, 'length', { value: original.length });
      NodeModules[name] = watched;
    }
  }
}
