// Baked modules: real Module objects, evaluated at build, waiting in the heap. They enter `Module._cache` only when a
// `require` first asks for them, so that the cache, `children` and `parent` always are what plain Node would show.
//
// Invariant: a baked module is activated only together with all that its load required, and only where plain Node would
// now evaluate exactly these modules with exactly the same outcome. Otherwise the caller loads the file from its source.
//
// Statements that were left out of the snapshot (src/lazy/) are run when their module is activated, in the order that its
// load has: what the modules that it requires left out, and its own, as they stand in the source.
import type { RequireFunction } from './forge.cjs';
import type { Guards } from './guards.cjs';
import { type NodeModule, NodeModules } from './node-module.cjs';
import type { Seal } from './seal.cjs';

/** A statement that was left out while baking. */
export interface DeferredStatement {
  readonly run: () => void;
}

export interface BakedModule {
  readonly module: NodeModule;
  readonly file: string;
  /** What its load required, in order, each once. */
  readonly loads: BakedModule[];
  /** `loads`, and between them the deferred statements; empty where there are none, here and below. */
  readonly steps: (BakedModule | DeferredStatement)[];
  /** It, or something that it loads, has deferred statements. */
  hasDeferred: boolean;
  /** Null for JSON. */
  readonly require: RequireFunction | null;
  /** Who required it first while baking; null when nobody did. */
  firstParent: NodeModule | null;
  exportsAtBuild: unknown;
  /** The exports as the load of its dependents saw them; null when nobody baked depends on it. */
  seal: Seal | null;
  /** Of a module in a cycle: the member through which the cycle was entered at build. */
  cycleHead: BakedModule | null;
  readsFrom: number;
  readsTo: number;
  /** Positions among the registry's guards. */
  readonly guards: readonly number[];
  active: boolean;
  /** The registry's epoch in which its exports were last found to hold. */
  heldIn: number;
  /** Its statements were run in part: its source must be loaded instead. */
  isSpoiled: boolean;
}

/** One activation with deferred statements. */
interface Replay {
  /** The modules that are being loaded, outermost first. */
  readonly path: BakedModule[];
  /** A deferred statement has run. */
  isChanged: boolean;
  /** And nothing was compared since. */
  isUnchecked: boolean;
}

const NOBODY: ReadonlySet<BakedModule> = new Set();

interface Entering {
  readonly baked: BakedModule;
  readonly parent: NodeModule;
}

export class Registry {
  /** No Map: a program may have replaced what Map can do. */
  readonly #byFile: { [file: string]: BakedModule | undefined } = Object.create(null);
  size = 0;
  readonly #realm: Seal;
  readonly #reads: Seal;
  /** Positions in `#reads`, all modules' one after the other: one array keeps the blob small. */
  readonly #readIndexes: Uint16Array;
  readonly #guards: Guards;
  executingSymbol: symbol | undefined;
  activated = 0;
  /** Changes whenever code that is not baked may have run since. */
  #epoch = 0;
  /** Asked again where code of the program's has run in the midst of an activation. */
  isLoaderPristine: () => boolean = () => true;

  /** `realm` is compared for all modules alike, `reads` for those that read it. */
  constructor(input: {
    readonly realm: Seal;
    readonly reads: Seal;
    readonly readIndexes: Uint16Array;
    readonly guards: Guards;
  }) {
    this.#realm = input.realm;
    this.#reads = input.reads;
    this.#readIndexes = input.readIndexes;
    this.#guards = input.guards;
  }

  /** Before any code of the program's runs. */
  begin(executing: symbol | undefined): void {
    this.executingSymbol = executing;
    this.#realm.recount();
  }

  add(baked: BakedModule): void {
    this.#byFile[baked.file] = baked;
    this.size++;
  }

  get(file: string): BakedModule | undefined {
    return this.#byFile[file];
  }

  all(): BakedModule[] {
    return Object.values(this.#byFile).filter((baked) => baked !== undefined);
  }

  /** Puts a baked module and its load-time closure into `Module._cache`; false when its source must be loaded instead. */
  activate(root: BakedModule, parent: NodeModule): boolean {
    this.#epoch++;
    if (!this.#realm.holds()) return false;
    const entries = this.#admissible(root, parent);
    if (entries === undefined) return false;
    if (root.hasDeferred) {
      this.#replay(root, parent, { path: [], isChanged: false, isUnchecked: false });
      return true;
    }
    for (const entry of entries) this.#enter(entry);
    adopt(parent, root.module);
    return true;
  }

  /**
   * Enters a module and what it loads, with their deferred statements. Where one of these has changed what the rest was
   * baked with, the modules on the way here are evaluated from their sources, in their places; then it answers false,
   * because who requires them was baked with what they were before.
   */
  #replay(baked: BakedModule, parent: NodeModule, replay: Replay): boolean {
    const { module, file } = baked;
    adopt(parent, module);
    this.#enter({ baked, parent });
    module.loaded = false;
    module.children.length = 0;
    replay.path[replay.path.length] = baked;
    let isEntered = false;
    try {
      const isWhole = this.#replaySteps(baked, replay);
      if (!isWhole) {
        this.#byFile[file] = undefined;
        module.exports = {};
        module.load(file);
      }
      module.loaded = true;
      isEntered = true;
      return isWhole;
    } finally {
      replay.path.length--;
      if (!isEntered) this.#abandon(baked, parent);
    }
  }

  #replaySteps({ module, steps: all, loads, hasDeferred }: BakedModule, replay: Replay): boolean {
    const steps = hasDeferred ? all : loads;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i] as BakedModule | DeferredStatement;
      if ('run' in step) {
        step.run();
        replay.isUnchecked = true;
        replay.isChanged = true;
        this.#epoch++;
        continue;
      }
      if (!this.#mayGoOn(replay)) return false;
      if (step.active) {
        if (!this.#isStill(step)) return false;
        adopt(module, step.module);
      } else {
        if (replay.isChanged && !this.#mayEnter(step, NOBODY)) return false;
        if (!this.#replay(step, module, replay)) return false;
      }
    }
    return this.#mayGoOn(replay);
  }

  /** Before anything baked is relied on again, where a deferred statement has run since. */
  #mayGoOn(replay: Replay): boolean {
    if (!replay.isUnchecked) return true;
    if (!this.isLoaderPristine() || !this.#realm.holds()) return false;
    const { path } = replay;
    for (let i = 0; i < path.length; i++) if (!this.#readsHold(path[i] as BakedModule)) return false;
    replay.isUnchecked = false;
    return true;
  }

  /** In the cache, with the exports that baked modules saw. */
  #isStill(baked: BakedModule): boolean {
    if (baked.heldIn === this.#epoch) return true;
    if (NodeModules._cache[baked.file] !== baked.module || !exportsHold(baked)) return false;
    baked.heldIn = this.#epoch;
    return true;
  }

  /** As Node leaves a module whose load has thrown: the next `require` evaluates it anew. */
  #abandon(baked: BakedModule, parent: NodeModule): void {
    baked.active = false;
    baked.isSpoiled = true;
    this.#byFile[baked.file] = undefined;
    if (NodeModules._cache[baked.file] === baked.module) delete NodeModules._cache[baked.file];
    const { children } = parent;
    if (children[children.length - 1] === baked.module) children.length--;
  }

  /**
   * The inactive part of the closure in the order of a plain load (a module before what it requires), or undefined when
   * one of its members could not be what plain Node would load now. Iterative: chains can be deep.
   */
  #admissible(root: BakedModule, rootParent: NodeModule): Entering[] | undefined {
    const seen = new Set<BakedModule>();
    const order: Entering[] = [];
    const stack: Entering[] = [{ baked: root, parent: rootParent }];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const { baked } = top;
      if (seen.has(baked)) continue;
      seen.add(baked);
      if (!this.#mayEnter(baked, seen)) return undefined;
      order.push(top);
      for (let i = baked.loads.length - 1; i >= 0; i--) {
        const load = baked.loads[i] as BakedModule;
        if (!load.active) stack.push({ baked: load, parent: baked.module });
        else if (!this.#isStill(load)) return undefined;
      }
    }
    return order;
  }

  /** A cycle must be entered where it was entered at build: elsewhere, its modules would be evaluated in another order. */
  #mayEnter(baked: BakedModule, seen: ReadonlySet<BakedModule>): boolean {
    if (baked.active || baked.isSpoiled || NodeModules._cache[baked.file] !== undefined) return false;
    const { cycleHead } = baked;
    if (cycleHead !== null && cycleHead !== baked && !cycleHead.active && !seen.has(cycleHead)) return false;
    return this.#readsHold(baked);
  }

  #readsHold(baked: BakedModule): boolean {
    for (let i = baked.readsFrom; i < baked.readsTo; i++) {
      if (!this.#reads.holdsAt(this.#readIndexes[i] as number)) return false;
    }
    const { guards } = baked;
    for (let i = 0; i < guards.length; i++) if (!this.#guards.holdsAt(guards[i] as number)) return false;
    return true;
  }

  #enter({ baked, parent }: Entering): void {
    baked.active = true;
    this.activated++;
    NodeModules._cache[baked.file] = baked.module;
    if (baked.firstParent !== parent) baked.module.parent = parent;
    if (baked.require !== null) baked.require.main = process.mainModule as unknown as NodeModule | undefined;
    if (this.executingSymbol !== undefined && baked.require !== null) baked.module[this.executingSymbol] = false;
  }
}

/** As Node adds to a module's children, with nothing that a program can have replaced. */
export function adopt(parent: NodeModule, child: NodeModule): void {
  const { children } = parent;
  for (let i = 0; i < children.length; i++) if (children[i] === child) return;
  children[children.length] = child;
}

function exportsHold(baked: BakedModule): boolean {
  return baked.module.exports === baked.exportsAtBuild && (baked.seal === null || baked.seal.holds());
}
