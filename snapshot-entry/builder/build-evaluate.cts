// Evaluates modules while the snapshot is built: real Module objects under their real names, in the order of the trace,
// each nested `require` first. Nothing here runs in a user's process.
import fs = require('node:fs');
import path = require('node:path');
import vm = require('node:vm');

import { importModuleDynamically, PARAMETERS } from '../launch/compile.cjs';
import { builtinStandIn, LazyModule } from '../launch/lazy-module.cjs';
import type { LoaderShapes, RequireAnswers } from '../launch/loader-shapes.cjs';
import { type NodeModule, NodeModules, type Wrapper } from '../launch/node-module.cjs';
import { type PartialExports, partialExports } from '../launch/partial-exports.cjs';
import type { BakedLoad, BakedModule, Registry } from '../launch/registry.cjs';
import type { Stage } from '../launch/replay.cjs';
import { DEFER, type PlannedModule, type RewrittenSource, type StandInPlan } from '../shared/bake-plan.cjs';

export class Evaluator implements RequireAnswers {
  readonly #planned: Map<string, PlannedModule>;
  readonly #baked = new Map<string, BakedModule>();
  /** The modules under evaluation, innermost last. */
  readonly #stack: BakedModule[] = [];
  readonly #registry: Registry;
  readonly #shapes: LoaderShapes;
  readonly #stage: Stage;
  readonly #builtin: (name: string) => unknown;
  readonly #readRanges: Map<string, readonly [number, number]>;
  /** What each module had exported when that was last looked at. */
  readonly #partials = new Map<NodeModule, PartialExports>();
  /**
   * One copy of each text: of folder names of `module.paths`, of which thousands of modules share a few hundred, and of
   * sources, which packages that are installed more than once have in common.
   */
  readonly #texts = new Map<string, string>();
  /** The first of Node's own module symbols, with the values that a loaded module shows. */
  readonly #marks: readonly (readonly [symbol, unknown])[];

  /** What cannot be answered as a plain run does. */
  #complaint: Error | undefined;

  constructor(input: {
    readonly modules: readonly PlannedModule[];
    readonly registry: Registry;
    readonly shapes: LoaderShapes;
    readonly stage: Stage;
    readonly builtin: (name: string) => unknown;
    readonly readRanges: Map<string, readonly [number, number]>;
  }) {
    this.#planned = new Map(input.modules.map((module) => [module.file, module]));
    this.#registry = input.registry;
    this.#shapes = input.shapes;
    this.#stage = input.stage;
    this.#builtin = input.builtin;
    this.#readRanges = input.readRanges;
    this.#marks = moduleMarks();
  }

  evaluate(file: string, parent: BakedModule | null): BakedModule {
    const known = this.#baked.get(file);
    if (known !== undefined) return known;
    const planned = this.#planned.get(file);
    if (planned === undefined) throw new Error(`${file} is required at load but is not to be baked`);
    const baked = this.#create(planned, parent);
    this.#baked.set(file, baked);
    this.#registry.add(baked);
    this.#stack.push(baked);
    try {
      this.#run(planned, baked);
    } finally {
      this.#stack.pop();
    }
    // The module may have caught it.
    if (this.#complaint !== undefined) throw this.#complaint;
    baked.module.loaded = true;
    return baked;
  }

  /** After all are evaluated. */
  linkHeads(): void {
    for (const { file, heads } of this.#planned.values()) {
      const baked = this.#baked.get(file);
      // A trial bakes fewer than the plan knows of: then what the others would have changed is as it was.
      if (baked !== undefined) baked.heads = heads.flatMap((head) => this.#baked.get(head) ?? []);
    }
  }

  /** After all are evaluated: who leads to deferred statements. Repeated, for cycles. */
  linkDeferred(): void {
    for (const baked of this.#baked.values()) baked.hasDeferred = baked.steps.some((step) => 'run' in step);
    for (let changed = true; changed; ) {
      changed = false;
      for (const baked of this.#baked.values()) {
        if (baked.hasDeferred || !baked.loads.some((load) => load.baked.hasDeferred)) continue;
        baked.hasDeferred = true;
        changed = true;
      }
    }
    for (const { hasDeferred, steps, loads } of this.#baked.values()) {
      if (!hasDeferred) steps.length = 0;
      for (const load of loads) if (!load.baked.hasDeferred) load.partial = null;
    }
  }

  /** What a `require` answers while baking: for a lazy module, a stand-in, all that the one who asks will ever use of it. */
  lookup(module: NodeModule, request: string): { readonly exports: unknown } {
    const from = this.#baked.get(module.id);
    const planned = this.#planned.get(module.id);
    const target = planned?.requests.find(([asked]) => asked === request)?.[1];
    if (target === undefined && isUnknownBuiltin(request)) return { exports: module.require(request) };
    if (from === undefined || target === undefined)
      return this.#complain(`${module.id} requires ${request}, which no training run did`);
    if (target === null) return { exports: this.#fail(module, request) };
    const uses = planned?.standIns.find((one) => one.request === request);
    if (target.startsWith('node:')) return { exports: this.#builtinFor(target, from, uses) };
    const { lazy, module: loaded } = this.#load(target, from);
    if (lazy === null) return loaded;
    if (uses === undefined) return this.#complain(`it uses ${target} at load, which is to be evaluated later`);
    return { exports: lazy.standIn(uses.members) };
  }

  #builtinFor(target: string, from: BakedModule, uses: StandInPlan | undefined): unknown {
    if (uses !== undefined) return builtinStandIn(target, uses, from, this.#registry);
    return this.#builtin(target.slice('node:'.length));
  }

  /** A function of a module that is loaded already may require for the one that is being evaluated. */
  #load(target: string, from: BakedModule): BakedModule {
    const loading = this.#stack.at(-1) ?? from;
    const isLate = loading !== from;
    const partial = this.#partialOf(loading.module);
    const child = this.evaluate(target, from);
    if (!loading.loads.some(({ baked }) => baked === child)) {
      const load: BakedLoad = { baked: child, by: isLate ? from.module : null, partial };
      loading.loads.push(load);
      loading.steps.push(load);
    }
    if (!isLate && !from.module.children.includes(child.module)) from.module.children.push(child.module);
    return child;
  }

  /** Throws what Node does, who is asked, so that it is the same in all that a module can look at. */
  #fail(module: NodeModule, request: string): never {
    const found = NodeModules._resolveFilename(request, module, false);
    return this.#complain(`${module.id} finds ${found} for ${request}, which no training run did`);
  }

  #complain(why: string): never {
    this.#complaint ??= new Error(why);
    throw this.#complaint;
  }

  #partialOf(module: NodeModule): PartialExports {
    const partial = partialExports(module, this.#partials.get(module));
    this.#partials.set(module, partial);
    return partial;
  }

  /** What `require.resolve` answers while baking. */
  resolve(request: string, module: NodeModule): string {
    const target = this.#planned.get(module.id)?.requests.find(([asked]) => asked === request)?.[1];
    if (target === undefined || target === null) return this.#fail(module, request);
    return target.startsWith('node:') ? request : target;
  }

  /** Node's loader was not prepared for anything. */
  disarm(): void {}

  #create(planned: PlannedModule, parent: BakedModule | null): BakedModule {
    const { file } = planned;
    const module = new NodeModules(file, parent?.module ?? undefined);
    module.filename = file;
    module.paths = NodeModules._nodeModulePaths(path.dirname(file)).map((name) => this.#shared(name));
    for (const [symbol, value] of this.#marks) module[symbol] = value;
    const [readsFrom, readsTo] = this.#readRanges.get(file) ?? [0, 0];
    return {
      module,
      file,
      loads: [],
      steps: [],
      hasDeferred: false,
      require: planned.format === 'json' ? null : this.#shapes.makeRequire(module),
      firstParent: parent?.module ?? null,
      exportsAtBuild: undefined,
      lazy: null,
      sealedFrom: 0,
      sealedTo: 0,
      heads: [],
      readsFrom,
      readsTo,
      guards: planned.guards,
      active: false,
      wasRefused: false,
      isSpoiled: false,
      heldIn: -1,
      foundIn: 0,
    };
  }

  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known === undefined) this.#texts.set(text, text);
    return known ?? text;
  }

  #run(planned: PlannedModule, baked: BakedModule): void {
    const { module, file, require } = baked;
    if (planned.format === 'json') {
      module.exports = JSON.parse(readText(file));
      return;
    }
    const args = [module.exports, require, module, file, module.path];
    const { rewritten } = planned;
    if (planned.isLazy) {
      const wrapper = compile(this.#shared(textOf(planned)), PARAMETERS, { filename: file });
      baked.lazy = new LazyModule(baked, wrapper, this.#stage, this.#registry);
      return;
    }
    if (rewritten === undefined) {
      compile(this.#shared(textOf(planned)), PARAMETERS, { filename: file }).apply(module.exports, args);
      return;
    }
    this.#runRewritten(rewritten, baked);
  }

  #runRewritten(rewritten: RewrittenSource, baked: BakedModule): void {
    const { module, file, require } = baked;
    const self = module.exports;
    const defer = (index: number, run: Wrapper): void => {
      const loading = rewritten.loading.find((statement) => statement.index === index);
      const partial = loading === undefined ? null : this.#partialOf(module);
      baked.steps.push({ index, run, self, partial, requires: loading?.requires ?? 0 });
    };
    // The module may keep what it is handed (code that it evaluates could use it), but not through it this script.
    const handed = Proxy.revocable(defer, {});
    const place = { filename: file, columnOffset: rewritten.columnOffset };
    const run = compile(this.#shared(rewritten.text), [...PARAMETERS, DEFER], place);
    run.apply(self, [self, require, module, file, module.path, handed.proxy]);
    handed.revoke();
  }
}

/** What is baked of it. */
export function textOf({ file, rewritten, text }: PlannedModule): string {
  return rewritten?.text ?? text ?? readText(file);
}

function readText(file: string): string {
  return fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
}

function compile(text: string, names: readonly string[], place: vm.CompileFunctionOptions): Wrapper {
  return vm.compileFunction(text, [...names], { ...place, importModuleDynamically }) as unknown as Wrapper;
}

/** Node marks every module that its loader made. Loading JSON makes one without starting user code, which restore forbids. */
function moduleMarks(): [symbol, unknown][] {
  const probe = path.join(path.dirname(process.argv[1] ?? ''), 'probe.json');
  NodeModules._load(probe, null, false);
  const made = NodeModules._cache[fs.realpathSync(probe)];
  delete NodeModules._cache[fs.realpathSync(probe)];
  if (made === undefined) return [];
  return Object.getOwnPropertySymbols(made).map((symbol) => [
    symbol,
    symbol.description === 'kURL' || symbol.description === 'kFormat' ? undefined : made[symbol],
  ]);
}

/** `node:nope` */
function isUnknownBuiltin(request: string): boolean {
  return request.startsWith('node:') && !NodeModules.isBuiltin(request);
}
