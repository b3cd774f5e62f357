// Activation of modules with statements that were left out of the snapshot (src/lazy/). They are run where they stand in
// the source, in the order of a plain load: what the modules that a module requires left out, and then its own.
//
// Where a statement has changed what the rest was baked with, or has thrown, its module is evaluated from its source, in
// its place, and so are the modules that were baked with it: statements that load files are never run a second time when
// they throw, and all others do nothing that anybody could see (src/plan/make-plan.ts).
import type { LoaderShapes } from './forge.cjs';
import { type NodeModule, NodeModules, type Wrapper } from './node-module.cjs';
import { type Disguise, hide, type PartialExports, reveal } from './partial-exports.cjs';
import type { BakedModule } from './registry.cjs';

/** A statement that was left out while baking. */
export interface DeferredStatement {
  readonly run: Wrapper;
  /** `this` of the module's top level. */
  readonly self: unknown;
  /** Of a statement that loads files: the exports as they were when it was left out. */
  readonly partial: PartialExports | null;
}

/** What a replay asks of the registry. */
export interface ReplayHost {
  /** Whether nothing but what baked modules read at load needs to be compared. */
  mayTrust(): boolean;
  mayEnter(baked: BakedModule): boolean;
  readsHold(baked: BakedModule): boolean;
  /** Active, in the cache and with the exports that baked modules saw. */
  isStill(baked: BakedModule): boolean;
  enter(baked: BakedModule, parent: NodeModule): void;
  /** Code that is not baked has run. */
  noteForeignCode(): void;
  /** From now on its source is loaded. */
  forget(baked: BakedModule): void;
}

/** Runs a statement below frames that read as those of Node's loader when it evaluates the statement's module. */
export class Stage {
  #statement: DeferredStatement | undefined;
  readonly #extension: (module: NodeModule, filename: string) => void;

  constructor(shapes: LoaderShapes) {
    const compile = shapes.makeCompile(
      () => [this.#statement?.self],
      () => undefined,
    );
    this.#extension = shapes.makeExtension(() => (this.#statement as DeferredStatement).run, compile);
  }

  run(statement: DeferredStatement, { module, file }: BakedModule): void {
    this.#statement = statement;
    this.#extension(module, file);
  }
}

/** A module that is being loaded, and the statement of it that is being run. */
interface Place {
  readonly baked: BakedModule;
  statement: DeferredStatement | null;
  /** Where it shows what it had exported by then. */
  disguise: Disguise | null;
}

export class Replay {
  readonly #host: ReplayHost;
  readonly #stage: Stage;
  /** The modules that are being loaded, outermost first. */
  readonly #path: Place[] = [];
  /** A deferred statement has run. */
  #isChanged = false;
  /** And nothing was compared since. */
  #isUnchecked = false;

  constructor(host: ReplayHost, stage: Stage) {
    this.#host = host;
    this.#stage = stage;
  }

  /**
   * Enters a module and what it loads, with their deferred statements. False where it was evaluated from its source,
   * because who requires it was baked with what it was before.
   */
  load(baked: BakedModule, parent: NodeModule): boolean {
    const { module, file } = baked;
    adopt(parent, module);
    this.#host.enter(baked, parent);
    module.loaded = false;
    module.children.length = 0;
    this.#path[this.#path.length] = { baked, statement: null, disguise: null };
    let isEntered = false;
    try {
      const isWhole = this.#steps(baked);
      if (!isWhole) {
        this.#host.forget(baked);
        module.exports = {};
        module.load(file);
      }
      module.loaded = true;
      isEntered = true;
      return isWhole;
    } finally {
      this.#path.length--;
      if (!isEntered) abandon(baked, parent, this.#host);
    }
  }

  /** Somebody requires a module that is being loaded: until its statement ends, it shows what it had exported by then. */
  showPartial(module: NodeModule): void {
    for (let i = 0; i < this.#path.length; i++) {
      const place = this.#path[i];
      const partial = place?.statement?.partial;
      if (place === undefined || partial == null || place.baked.module !== module) continue;
      place.disguise ??= hide(module, partial);
    }
  }

  #steps({ module, steps, loads, hasDeferred }: BakedModule): boolean {
    const all = hasDeferred ? steps : loads;
    for (let i = 0; i < all.length; i++) {
      const step = all[i] as BakedModule | DeferredStatement;
      if ('run' in step) {
        if (!this.#statement(step)) return false;
        continue;
      }
      if (!this.#mayGoOn()) return false;
      if (step.active) {
        if (!this.#host.isStill(step)) return false;
        adopt(module, step.module);
      } else {
        if (this.#isChanged && !this.#host.mayEnter(step)) return false;
        if (!this.load(step, module)) return false;
      }
    }
    return this.#mayGoOn();
  }

  /** False where it threw and is to be run again, in its source. */
  #statement(statement: DeferredStatement): boolean {
    const place = this.#path[this.#path.length - 1] as Place;
    place.statement = statement;
    this.#isUnchecked = true;
    this.#isChanged = true;
    try {
      this.#stage.run(statement, place.baked);
    } catch (error) {
      if (statement.partial !== null) throw error;
      return false;
    } finally {
      place.statement = null;
      if (place.disguise !== null) reveal(place.disguise);
      place.disguise = null;
      this.#host.noteForeignCode();
    }
    return true;
  }

  /** Before anything baked is relied on again, where a deferred statement has run since. */
  #mayGoOn(): boolean {
    if (!this.#isUnchecked) return true;
    if (!this.#host.mayTrust()) return false;
    for (let i = 0; i < this.#path.length; i++) {
      if (!this.#host.readsHold((this.#path[i] as Place).baked)) return false;
    }
    this.#isUnchecked = false;
    return true;
  }
}

/** As Node leaves a module whose load has thrown: the next `require` evaluates it anew. */
function abandon(baked: BakedModule, parent: NodeModule, host: ReplayHost): void {
  baked.active = false;
  baked.isSpoiled = true;
  host.forget(baked);
  if (NodeModules._cache[baked.file] === baked.module) delete NodeModules._cache[baked.file];
  const { children } = parent;
  if (children[children.length - 1] === baked.module) children.length--;
}

/** As Node adds to a module's children, with nothing that a program can have replaced. */
export function adopt(parent: NodeModule, child: NodeModule): void {
  const { children } = parent;
  for (let i = 0; i < children.length; i++) if (children[i] === child) return;
  children[children.length] = child;
}
