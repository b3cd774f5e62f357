// Baked modules: real Module objects, evaluated at build, waiting in the heap. They enter `Module._cache` only when a
// `require` first asks for them, so that the cache, `children` and `parent` always are what plain Node would show.
//
// Invariant: a baked module is activated only together with all that its load required, and only where plain Node would
// now evaluate exactly these modules with exactly the same outcome. Otherwise the caller loads the file from its source.
import { ForeignCode } from './foreign-code.cjs';
import type { Guards } from './guards.cjs';
import type { LazyModule } from './lazy-module.cjs';
import type { RequireFunction } from './loader-shapes.cjs';
import { type NodeModule, NodeModules } from './node-module.cjs';
import type { PartialExports } from './partial-exports.cjs';
import { adopt, type DeferredStatement, Replay, type ReplayHost, type Stage } from './replay.cjs';
import type { FixedSeal, Seal } from './seal.cjs';

export interface BakedGuard {
  /** Among the registry's guards. */
  readonly position: number;
  /** The last of its statements that may be deferred which had ended when this was read; -1: none. */
  readonly after: number;
}

/** A module that another one required while that was being evaluated. */
export interface BakedLoad {
  readonly baked: BakedModule;
  /** The module whose function required it, where that had been loaded before; null: the one that was being evaluated. */
  readonly by: NodeModule | null;
  /** What the module under evaluation had exported by then; null where nothing is deferred there. */
  partial: PartialExports | null;
}

export interface BakedModule {
  readonly module: NodeModule;
  readonly file: string;
  /** What its load required, in order, each once. */
  readonly loads: BakedLoad[];
  /** `loads`, and between them the deferred statements; empty where there are none, here and below. */
  readonly steps: (BakedLoad | DeferredStatement)[];
  /** It, or something that it loads, has deferred statements. */
  hasDeferred: boolean;
  /** Null for JSON. */
  readonly require: RequireFunction | null;
  /** Who required it first while baking, null when nobody did; once it is active, who did in this run. */
  firstParent: NodeModule | null;
  exportsAtBuild: unknown;
  /** Set where it is evaluated when something of it is first used. */
  lazy: LazyModule | null;
  /** Where, in the seal of all exports, its own are as the load of its dependents saw them. */
  sealedFrom: number;
  sealedTo: number;
  /** It enters only together with these, or after them. */
  heads: readonly BakedModule[];
  readsFrom: number;
  readsTo: number;
  /** What it was baked under. */
  readonly guards: readonly BakedGuard[];
  active: boolean;
  /** It was required at a time when a plain load would have made something else of it. */
  wasRefused: boolean;
  /** The registry's epoch in which its exports were last found to hold. */
  heldIn: number;
  /** The number of the last search for what has to enter (`#admissible`) that has come to it. */
  foundIn: number;
  /** Its statements were run in part: its source must be loaded instead. */
  isSpoiled: boolean;
}

/** In the place of a search's number: the module is not looked at in a search. */
const NO_SEARCH = 0;

/** One step of an activation: a module enters, or one that is active gets one more parent. */
interface Entering {
  readonly baked: BakedModule;
  readonly parent: NodeModule;
  /** Whether the parent had been loaded before: it gets one more child. */
  readonly isLate: boolean;
}

declare const HAS_BEGUN: unique symbol;

/** The registry of a run: `begin` alone makes one. The mark is for the compiler; nothing stands there. */
export type BegunRegistry = Registry & { readonly [HAS_BEGUN]: true };

export class Registry {
  /** No Map: a program may have replaced what Map can do. */
  readonly #byFile: { [file: string]: BakedModule | undefined } = Object.create(null);
  size = 0;
  readonly #realm: FixedSeal;
  readonly #exports: Seal;
  readonly #reads: Seal;
  /** Positions in `#reads`, all modules' one after the other: one array keeps the blob small. */
  readonly #readIndexes: Uint16Array;
  /** By position in `#reads`: the epoch in which it was last found to hold. The first epoch of a launch is 1. */
  readonly #readHeldIn: Uint32Array;
  /** The builder's. */
  readonly #versions = process.versions;
  readonly #guards: Guards;
  readonly #stage: Stage;
  readonly #host: ReplayHost;
  /** Those under way, outermost first: code that a deferred statement runs may require what starts another one. */
  readonly #replays: Replay[] = [];
  #executingSymbol: symbol | undefined;
  activated = 0;
  readonly foreign = new ForeignCode();
  #realmHeldIn = -1;
  #searches: number = NO_SEARCH;
  /** Asked again where code of the program's has run in the midst of an activation. */
  isLoaderPristine: () => boolean = () => true;

  /** `realm` is compared for all modules alike, `exports` for those that depend on them, `reads` for those that read it. */
  constructor(input: {
    readonly realm: FixedSeal;
    readonly exports: Seal;
    readonly reads: Seal;
    readonly readIndexes: Uint16Array;
    readonly guards: Guards;
    readonly stage: Stage;
  }) {
    this.#realm = input.realm;
    this.#exports = input.exports;
    this.#reads = input.reads;
    this.#readIndexes = input.readIndexes;
    this.#readHeldIn = new Uint32Array(input.reads.length);
    this.#guards = input.guards;
    this.#stage = input.stage;
    this.#host = this.#hostOfReplays();
  }

  #hostOfReplays(): ReplayHost {
    return {
      mayTrust: () => this.isLoaderPristine() && this.#isRealmStill(),
      mayEnter: (baked) => this.#mayEnter(baked, NO_SEARCH),
      readsHold: (baked, since) => this.#readsHold(baked, since),
      isStill: (baked) => this.#isStill(baked),
      enter: (baked, parent) => this.#enter(baked, parent),
      foreign: this.foreign,
      forget: ({ file }) => {
        this.#byFile[file] = undefined;
      },
    };
  }

  /**
   * Before any code of the program's runs: what Node and V8 make anew in each process takes the place of what the builder
   * had. `executing`: the symbol under which Node notes that a module is being evaluated.
   */
  begin(executing: symbol | undefined): BegunRegistry {
    this.#executingSymbol = executing;
    this.#exports.retake();
    this.#reads.replace(this.#versions, process.versions);
    this.#reads.retake();
    return this as unknown as BegunRegistry;
  }

  get executingSymbol(): symbol | undefined {
    return this.#executingSymbol;
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

  /** Whatever the program has made of what lists can do. */
  forEachActive(visit: (baked: BakedModule) => void): void {
    for (const file in this.#byFile) {
      const baked = this.#byFile[file];
      if (baked?.active === true) visit(baked);
    }
  }

  #isRealmStill(): boolean {
    if (this.#realmHeldIn === this.foreign.epoch) return true;
    if (!this.#realm.holds()) return false;
    this.#realmHeldIn = this.foreign.epoch;
    return true;
  }

  /** Puts a baked module and its load-time closure into `Module._cache`; false when its source must be loaded instead. */
  activate(root: BakedModule, parent: NodeModule): boolean {
    const entries = this.#isRealmStill() ? this.#admissible(root, parent) : undefined;
    if (entries === undefined) {
      root.wasRefused = true;
      return false;
    }
    if (root.hasDeferred) {
      this.#replay(root, parent);
      return true;
    }
    for (let i = 0; i < entries.length; i++) {
      const { baked, parent: by, isLate } = entries[i] as Entering;
      if (!baked.active) this.#enter(baked, by);
      if (isLate) adopt(by, baked.module);
    }
    adopt(parent, root.module);
    return true;
  }

  /** Runs what plain Node would have run at the load of a module: with what its load would have read, whatever is there now. */
  asAtLoad(baked: BakedModule, work: () => void): void {
    const undo: ((() => void) | null)[] = [];
    this.foreign.note();
    if (!this.#realm.holds() || !this.#readsHold(baked, -1)) {
      for (let i = 0; i < this.#realm.length; i++) undo[undo.length] = this.#realm.putBack(i);
      for (let i = baked.readsFrom; i < baked.readsTo; i++)
        undo[undo.length] = this.#reads.putBack(this.#readIndexes[i] as number);
    }
    try {
      work();
    } finally {
      for (let i = undo.length - 1; i >= 0; i--) undo[i]?.();
    }
  }

  /** Somebody requires a module that is not loaded to its end. */
  showPartial(module: NodeModule): void {
    for (let i = 0; i < this.#replays.length; i++) this.#replays[i]?.showPartial(module);
  }

  #replay(root: BakedModule, parent: NodeModule): void {
    const { length } = this.#replays;
    const replay = new Replay(this.#host, this.#stage);
    this.#replays[length] = replay;
    try {
      replay.load(root, parent);
    } finally {
      this.#replays.length = length;
    }
  }

  /** In the cache, with the exports that baked modules saw. */
  #isStill(baked: BakedModule): boolean {
    if (baked.heldIn === this.foreign.epoch) return true;
    if (NodeModules._cache[baked.file] !== baked.module || !this.#exportsHold(baked)) return false;
    baked.heldIn = this.foreign.epoch;
    return true;
  }

  #exportsHold({ lazy, module, exportsAtBuild, sealedFrom, sealedTo }: BakedModule): boolean {
    if (lazy !== null) return lazy.isUntouched();
    return module.exports === exportsAtBuild && this.#exports.holdsBetween(sealedFrom, sealedTo);
  }

  /**
   * What an activation of `root` has to do, in the order of a plain load (a module before what it requires), or undefined
   * where one of the modules could not be what plain Node would load now. Only looks: where the answer is no, all modules
   * are as they were. Iterative: chains can be deep.
   */
  #admissible(root: BakedModule, rootParent: NodeModule): Entering[] | undefined {
    const search = ++this.#searches;
    const order: Entering[] = [];
    const stack: Entering[] = [{ baked: root, parent: rootParent, isLate: false }];
    for (let top = stack[0]; top !== undefined; top = stack[stack.length - 1]) {
      const { baked } = top;
      stack.length--;
      if (baked.foundIn === search) continue;
      baked.foundIn = search;
      if (!this.#mayEnter(baked, search)) return undefined;
      order[order.length] = top;
      for (let i = baked.loads.length - 1; i >= 0; i--) {
        const { baked: load, by } = baked.loads[i] as BakedLoad;
        if (!load.active) stack[stack.length] = { baked: load, parent: by ?? baked.module, isLate: by !== null };
        // One that is under way shows less than it was baked with.
        else if (!load.module.loaded || !this.#isStill(load)) return undefined;
        else if (by !== null) order[order.length] = { baked: load, parent: by, isLate: true };
      }
    }
    return order;
  }

  /**
   * A cycle must be entered where it was entered at build: elsewhere, its modules would be evaluated in another order.
   * And a module that others change after its load is what it was baked as only where these are loaded with it.
   */
  #mayEnter(baked: BakedModule, search: number): boolean {
    if (baked.active || baked.isSpoiled || NodeModules._cache[baked.file] !== undefined) return false;
    const { heads } = baked;
    for (let i = 0; i < heads.length; i++) {
      const head = heads[i] as BakedModule;
      if (!head.active && (search === NO_SEARCH || head.foundIn !== search)) return false;
    }
    return this.#readsHold(baked, -1);
  }

  /** `since`: guards that were asked before that statement of it ended say nothing any more. */
  #readsHold(baked: BakedModule, since: number): boolean {
    const { epoch } = this.foreign;
    for (let i = baked.readsFrom; i < baked.readsTo; i++) {
      const index = this.#readIndexes[i] as number;
      if (this.#readHeldIn[index] === epoch) continue;
      if (!this.#reads.holdsAt(index)) return false;
      this.#readHeldIn[index] = epoch;
    }
    const { guards } = baked;
    for (let i = 0; i < guards.length; i++) {
      const { position, after } = guards[i] as BakedGuard;
      if (after >= since && !this.#guards.holdsAt(position)) return false;
    }
    return true;
  }

  #enter(baked: BakedModule, parent: NodeModule): void {
    baked.active = true;
    this.activated++;
    NodeModules._cache[baked.file] = baked.module;
    if (baked.firstParent !== parent) {
      baked.module.parent = parent;
      baked.firstParent = parent;
    }
    if (baked.require !== null) baked.require.main = process.mainModule as unknown as NodeModule | undefined;
    if (this.#executingSymbol !== undefined && baked.require !== null) baked.module[this.#executingSymbol] = false;
  }
}
