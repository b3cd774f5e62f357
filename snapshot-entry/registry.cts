// Baked modules: real Module objects, evaluated at build, waiting in the heap. They enter `Module._cache` only when a
// `require` first asks for them, so that the cache, `children` and `parent` always are what plain Node would show.
//
// Invariant: a baked module is activated only together with all that its load required, and only where plain Node would
// now evaluate exactly these modules with exactly the same outcome. Otherwise the caller loads the file from its source.
import type { RequireFunction } from './forge.cjs';
import { type NodeModule, NodeModules } from './node-module.cjs';
import type { Seal } from './seal.cjs';

export interface BakedModule {
  readonly module: NodeModule;
  readonly file: string;
  /** What its load required, in order, each once. */
  readonly loads: BakedModule[];
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
  active: boolean;
}

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
  executingSymbol: symbol | undefined;
  activated = 0;

  /** `realm` is compared for all modules alike, `reads` for those that read it. */
  constructor(realm: Seal, reads: Seal, readIndexes: Uint16Array) {
    this.#realm = realm;
    this.#reads = reads;
    this.#readIndexes = readIndexes;
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
    if (!this.#realm.holds()) return false;
    const entries = this.#admissible(root, parent);
    if (entries === undefined) return false;
    for (const entry of entries) this.#enter(entry);
    adopt(parent, root.module);
    return true;
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
        else if (NodeModules._cache[load.file] !== load.module || !exportsHold(load)) return undefined;
      }
    }
    return order;
  }

  /** A cycle must be entered where it was entered at build: elsewhere, its modules would be evaluated in another order. */
  #mayEnter(baked: BakedModule, seen: ReadonlySet<BakedModule>): boolean {
    if (baked.active || NodeModules._cache[baked.file] !== undefined) return false;
    const { cycleHead } = baked;
    if (cycleHead !== null && !cycleHead.active && !seen.has(cycleHead)) return false;
    return this.#readsHold(baked);
  }

  #readsHold(baked: BakedModule): boolean {
    for (let i = baked.readsFrom; i < baked.readsTo; i++) {
      if (!this.#reads.holdsAt(this.#readIndexes[i] as number)) return false;
    }
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
