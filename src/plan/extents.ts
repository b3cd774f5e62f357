// Whose load lies within whose? A module that changes the state of another one is harmless where that one is loaded by it,
// or by what it loads, and nobody can have it otherwise: both enter a program together, as they were baked.
import type { Analysis } from '../graph/analysis.js';
import type { Graph, TracedModule } from '../graph/types.js';

export class Extents {
  readonly #modules: ReadonlyMap<string, TracedModule>;
  /** When each ended, in the analysis: the bake has the same order. */
  readonly #ends: ReadonlyMap<string, number>;

  constructor(graph: Graph, analysis: Analysis) {
    this.#modules = new Map(graph.modules.map((module) => [module.file, module]));
    this.#ends = new Map(analysis.evaluated.map((file, at) => [file, at]));
  }

  /** Whether `inner` was first loaded in the midst of the load of `outer`, in the training runs and in the analysis. */
  isWithin(inner: string, outer: string): boolean {
    const seen = new Set<string>();
    for (let at = this.#around(inner); at !== undefined && !seen.has(at); at = this.#around(at)) {
      if (at === outer) return this.#endOf(inner) < this.#endOf(outer);
      seen.add(at);
    }
    return false;
  }

  /** The module whose load a module's load lies in. */
  #around(file: string): string | undefined {
    const { during, parent } = this.#modules.get(file) ?? {};
    if (during !== undefined) return during;
    // A function of the parent may have required it, long after the parent's load.
    const loads = this.#modules.get(parent ?? '')?.loads ?? [];
    return loads.some(({ target }) => target === file) ? (parent ?? undefined) : undefined;
  }

  #endOf(file: string): number {
    return this.#ends.get(file) ?? Number.POSITIVE_INFINITY;
  }
}
