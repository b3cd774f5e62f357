// Was one module loaded in the midst of another one's load? Example: `index.js` requires `part.js` and then sets
// `part.extra = 1`. Both can be baked, with the change made, if nobody gets `part.js` without `index.js`. That is so where
// `part.js` was first loaded within the load of `index.js`, by itself or by what it requires: a launch then uses both, or
// neither.
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

  /** The innermost module that was being loaded when this one was first loaded. */
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
