// Activation of modules with deferred statements: top-level statements that were left out of the snapshot
// (src/source/rewrite.ts) and run now. They run in the order of a plain load: where a module requires another one between two
// of its statements, the deferred statements of that one run in between.
//
// Where a statement has changed what the rest was baked with, or has thrown, its module is evaluated from its source, in
// its place, and so are the modules that were baked with it: statements that load files are never run a second time when
// they throw, and all others do nothing that anybody could see (src/plan/deferrable.ts).
import type { ForeignCode } from './foreign-code.cjs';
import type { LoaderShapes } from './loader-shapes.cjs';
import { type NodeModule, NodeModules, type Wrapper } from './node-module.cjs';
import { type Disguise, hide, type PartialExports, reveal } from './partial-exports.cjs';
import type { BakedLoad, BakedModule } from './registry.cjs';

/** A statement that was left out while baking. */
export interface DeferredStatement {
  /** Among the statements of its source. */
  readonly index: number;
  readonly run: Wrapper;
  /** `this` of the module's top level. */
  readonly self: unknown;
  /** Of a statement that loads files: the exports as they were when it was left out. */
  readonly partial: PartialExports | null;
  /** How many calls of `require` it makes, where it does nothing else; else 0. */
  readonly requires: number;
}

/** What a replay asks of the registry. */
export interface ReplayHost {
  /** Whether nothing but what baked modules read at load needs to be compared. */
  mayTrust(): boolean;
  mayEnter(baked: BakedModule): boolean;
  /** `since`: a statement of it that has ended; what was read before it does not matter any more. */
  readsHold(baked: BakedModule, since: number): boolean;
  /** Active, in the cache and with the exports that baked modules saw. */
  isStill(baked: BakedModule): boolean;
  enter(baked: BakedModule, parent: NodeModule): void;
  readonly foreign: ForeignCode;
  /** From now on its source is loaded. */
  forget(baked: BakedModule): void;
}

/** Runs code of a module below frames that read as those of Node's loader when it evaluates that module. */
export class Stage {
  #run: Wrapper | undefined;
  #args: unknown[] = [];
  readonly #extension: (module: NodeModule, filename: string) => void;

  constructor(shapes: LoaderShapes) {
    const compile = shapes.makeCompile(
      () => this.#args,
      () => undefined,
    );
    this.#extension = shapes.makeExtension(() => this.#run as Wrapper, compile);
  }

  /** The first of `args` is `this`, too. */
  run(run: Wrapper, args: unknown[], { module, file }: Pick<BakedModule, 'module' | 'file'>): void {
    this.#run = run;
    this.#args = args;
    this.#extension(module, file);
  }
}

/** A module that is being loaded. */
interface Place {
  readonly baked: BakedModule;
  /** What it had exported when it came to what it is loading or running. */
  partial: PartialExports | null;
  /** The last of its deferred statements that has ended; -1: none. */
  since: number;
  /** Where it shows what it had exported by then. */
  disguise: Disguise | null;
}

export class Replay {
  readonly #host: ReplayHost;
  readonly #stage: Stage;
  /** The modules that are being loaded, outermost first. */
  readonly #path: Place[] = [];
  /** A deferred statement has run, and with it something that may have changed anything. */
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
    this.#path[this.#path.length] = { baked, partial: null, since: -1, disguise: null };
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

  /** Somebody requires a module that is being loaded: until it goes on, it shows what it had exported by then. */
  showPartial(module: NodeModule): void {
    for (let i = 0; i < this.#path.length; i++) {
      const place = this.#path[i];
      if (place === undefined || place.partial === null || place.baked.module !== module) continue;
      place.disguise ??= hide(module, place.partial);
    }
  }

  #steps(baked: BakedModule): boolean {
    const steps = baked.hasDeferred ? baked.steps : baked.loads;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i] as BakedLoad | DeferredStatement;
      const isDone = 'run' in step ? this.#statement(step) : this.#loadStep(baked, step);
      if (!isDone) return false;
    }
    return this.#mayGoOn();
  }

  #loadStep({ module }: BakedModule, { baked, by, partial }: BakedLoad): boolean {
    if (!this.#mayGoOn()) return false;
    if (baked.active) {
      if (!this.#host.isStill(baked)) return false;
      adopt(by ?? module, baked.module);
      return true;
    }
    if (this.#isChanged && !this.#host.mayEnter(baked)) return false;
    const place = this.#path[this.#path.length - 1] as Place;
    place.partial = partial;
    try {
      return this.load(baked, by ?? module);
    } finally {
      goOn(place);
    }
  }

  /** False where it threw and is to be run again, in its source. */
  #statement(statement: DeferredStatement): boolean {
    const place = this.#path[this.#path.length - 1] as Place;
    const { foreign } = this.#host;
    const { epoch } = foreign;
    const begun = foreign.begin(place.baked.module, statement.requires);
    place.partial = statement.partial;
    try {
      // What loads files is not run again: its error goes on from where it was thrown, or Node would show another place.
      return statement.partial === null ? this.#attempt(statement, place) : this.#perform(statement, place);
    } finally {
      place.since = statement.index;
      goOn(place);
      foreign.end(begun);
      if (statement.requires === 0 || foreign.mayHaveRunSince(epoch)) this.#noteForeignCode();
    }
  }

  #noteForeignCode(): void {
    this.#isUnchecked = true;
    this.#isChanged = true;
    this.#host.foreign.note();
  }

  #perform(statement: DeferredStatement, { baked }: Place): true {
    this.#stage.run(statement.run, [statement.self], baked);
    return true;
  }

  #attempt(statement: DeferredStatement, place: Place): boolean {
    try {
      return this.#perform(statement, place);
    } catch {
      // Its source throws the same, where it stands.
      return false;
    }
  }

  /** Before anything baked is relied on again, where a deferred statement has run since. */
  #mayGoOn(): boolean {
    if (!this.#isUnchecked) return true;
    if (!this.#host.mayTrust()) return false;
    for (let i = 0; i < this.#path.length; i++) {
      const { baked, since } = this.#path[i] as Place;
      if (!this.#host.readsHold(baked, since)) return false;
    }
    this.#isUnchecked = false;
    return true;
  }
}

/** What it shows from now on is its own again. */
function goOn(place: Place): void {
  place.partial = null;
  if (place.disguise !== null) reveal(place.disguise);
  place.disguise = null;
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
