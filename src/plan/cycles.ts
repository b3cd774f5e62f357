// Strongly connected components (Tarjan), iterative: graphs run to 10^5 modules, deeper than the call stack. O(V+E).

/** The cycle of each node as a shared array of its members; nodes outside cycles are alone. Dependencies come first. */
export function cyclesOf(nodes: Iterable<string>, edgesOf: (node: string) => readonly string[]): string[][] {
  const search = new Search(edgesOf);
  for (const node of nodes) search.visit(node);
  return search.components;
}

interface Visit {
  readonly node: string;
  readonly edges: readonly string[];
  next: number;
}

class Search {
  readonly components: string[][] = [];
  readonly #edgesOf: (node: string) => readonly string[];
  readonly #index = new Map<string, number>();
  readonly #low = new Map<string, number>();
  readonly #open: string[] = [];
  readonly #isOpen = new Set<string>();

  constructor(edgesOf: (node: string) => readonly string[]) {
    this.#edgesOf = edgesOf;
  }

  visit(root: string): void {
    if (this.#index.has(root)) return;
    const path: Visit[] = [this.#enter(root)];
    for (let visit = path.at(-1); visit; visit = path.at(-1)) {
      const target = visit.edges[visit.next++];
      if (target === undefined) {
        path.pop();
        this.#leave(visit.node, path.at(-1)?.node);
      } else if (!this.#index.has(target)) path.push(this.#enter(target));
      else if (this.#isOpen.has(target)) this.#lower(visit.node, this.#index.get(target) ?? 0);
    }
  }

  #enter(node: string): Visit {
    const index = this.#index.size;
    this.#index.set(node, index);
    this.#low.set(node, index);
    this.#open.push(node);
    this.#isOpen.add(node);
    return { node, edges: this.#edgesOf(node), next: 0 };
  }

  #lower(node: string, value: number): void {
    this.#low.set(node, Math.min(this.#low.get(node) ?? 0, value));
  }

  #leave(node: string, parent: string | undefined): void {
    const low = this.#low.get(node) ?? 0;
    if (parent !== undefined) this.#lower(parent, low);
    if (low !== this.#index.get(node)) return;
    const members = this.#open.splice(this.#open.lastIndexOf(node));
    for (const member of members) this.#isOpen.delete(member);
    this.components.push(members);
  }
}
