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
  readsFrom: number;
  readsTo: number;
  active: boolean;
}

export class Registry {
  readonly #byFile = new Map<string, BakedModule>();
  readonly #reads: Seal;
  /** Positions in `#reads`, all modules' one after the other: one array keeps the blob small. */
  readonly #readIndexes: Uint16Array;
  executingSymbol: symbol | undefined;
  activated = 0;

  constructor(reads: Seal, readIndexes: Uint16Array) {
    this.#reads = reads;
    this.#readIndexes = readIndexes;
  }

  get size(): number {
    return this.#byFile.size;
  }

  add(baked: BakedModule): void {
    this.#byFile.set(baked.file, baked);
  }

  get(file: string): BakedModule | undefined {
    return this.#byFile.get(file);
  }

  all(): IterableIterator<BakedModule> {
    return this.#byFile.values();
  }

  /** Puts a baked module and its load-time closure into `Module._cache`; false when its source must be loaded instead. */
  activate(root: BakedModule, parent: NodeModule): boolean {
    const closure = this.#admissible(root);
    if (closure === undefined) return false;
    const before = parent.children;
    this.#enter(root, parent);
    if (!before.includes(root.module)) before.push(root.module);
    return true;
  }

  /** The inactive part of the closure, or undefined when one of its members could not be what plain Node would load now. */
  #admissible(root: BakedModule): Set<BakedModule> | undefined {
    const cache = NodeModules._cache;
    const inactive = new Set<BakedModule>([root]);
    for (const baked of inactive) {
      if (baked.active || cache[baked.file] !== undefined || !this.#readsHold(baked)) return undefined;
      for (const load of baked.loads) {
        if (!load.active) inactive.add(load);
        else if (cache[load.file] !== load.module || !exportsHold(load)) return undefined;
      }
    }
    return inactive;
  }

  #readsHold(baked: BakedModule): boolean {
    for (let i = baked.readsFrom; i < baked.readsTo; i++) {
      if (!this.#reads.holdsAt(this.#readIndexes[i] as number)) return false;
    }
    return true;
  }

  /** In the order of a plain load: a module enters the cache before what it requires. Iterative: chains can be deep. */
  #enter(root: BakedModule, rootParent: NodeModule): void {
    const stack: [BakedModule, NodeModule][] = [[root, rootParent]];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const [baked, parent] = top;
      if (baked.active) continue;
      this.#mark(baked, parent);
      for (let i = baked.loads.length - 1; i >= 0; i--) stack.push([baked.loads[i] as BakedModule, baked.module]);
    }
  }

  #mark(baked: BakedModule, parent: NodeModule): void {
    baked.active = true;
    this.activated++;
    NodeModules._cache[baked.file] = baked.module;
    if (baked.firstParent !== parent) baked.module.parent = parent;
    if (baked.require !== null) baked.require.main = process.mainModule as unknown as NodeModule | undefined;
    if (this.executingSymbol !== undefined && baked.require !== null) baked.module[this.executingSymbol] = false;
  }
}

function exportsHold(baked: BakedModule): boolean {
  return baked.module.exports === baked.exportsAtBuild && (baked.seal === null || baked.seal.holds());
}
