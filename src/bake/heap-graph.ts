// V8's view of a heap, as `v8.getHeapSnapshot()` writes it: nodes, and named edges between them.
// https://v8.dev/docs/memory-leaks names no format; it is told by the view's own `meta`.

interface Written {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [readonly string[], ...unknown[]];
      readonly edge_fields: readonly string[];
      readonly edge_types: readonly [readonly string[], ...unknown[]];
    };
  };
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  readonly strings: readonly string[];
}

export interface Edge {
  readonly type: string;
  readonly name: string;
  readonly to: number;
}

/** Edges that are numbered; the others are named. */
const NUMBERED = new Set(['element', 'hidden']);

export class HeapGraph {
  readonly #nodes: Uint32Array;
  readonly #edges: Uint32Array;
  readonly #strings: readonly string[];
  readonly #nodeTypes: readonly string[];
  readonly #edgeTypes: readonly string[];
  readonly #nodeSize: number;
  readonly #edgeSize: number;
  /** Where each node's edges begin. */
  readonly #first: Uint32Array;

  constructor(text: string) {
    const { snapshot, nodes, edges, strings } = JSON.parse(text) as Written;
    const { node_fields, node_types, edge_fields, edge_types } = snapshot.meta;
    this.#nodes = Uint32Array.from(nodes);
    this.#edges = Uint32Array.from(edges);
    this.#strings = strings;
    this.#nodeTypes = node_types[0];
    this.#edgeTypes = edge_types[0];
    this.#nodeSize = node_fields.length;
    this.#edgeSize = edge_fields.length;
    const countAt = node_fields.indexOf('edge_count');
    this.#first = new Uint32Array(nodes.length / this.#nodeSize + 1);
    for (let node = 0; node < this.size; node++) {
      const count = this.#nodes[node * this.#nodeSize + countAt] as number;
      this.#first[node + 1] = (this.#first[node] as number) + count * this.#edgeSize;
    }
  }

  get size(): number {
    return this.#first.length - 1;
  }

  type(node: number): string {
    return this.#nodeTypes[this.#nodes[node * this.#nodeSize] as number] as string;
  }

  name(node: number): string {
    return this.#strings[this.#nodes[node * this.#nodeSize + 1] as number] as string;
  }

  edges(node: number): Edge[] {
    const found: Edge[] = [];
    const end = this.#first[node + 1] as number;
    for (let at = this.#first[node] as number; at < end; at += this.#edgeSize) {
      const type = this.#edgeTypes[this.#edges[at] as number] as string;
      const named = this.#edges[at + 1] as number;
      const name = NUMBERED.has(type) ? `${named}` : (this.#strings[named] as string);
      found.push({ type, name, to: (this.#edges[at + 2] as number) / this.#nodeSize });
    }
    return found;
  }

  follow(node: number, type: string, name: string): number | undefined {
    return this.edges(node).find((edge) => edge.type === type && edge.name === name)?.to;
  }

  /** What some object has under this name. */
  named(name: string): number | undefined {
    const index = this.#strings.indexOf(name);
    if (index < 0) return undefined;
    const property = this.#edgeTypes.indexOf('property');
    for (let at = 0; at < this.#edges.length; at += this.#edgeSize) {
      if (this.#edges[at + 1] !== index || this.#edges[at] !== property) continue;
      return (this.#edges[at + 2] as number) / this.#nodeSize;
    }
    return undefined;
  }

  /** The file of a function's text. */
  scriptOf(closure: number): string | undefined {
    const shared = this.follow(closure, 'internal', 'shared');
    const script = shared === undefined ? undefined : this.follow(shared, 'internal', 'script');
    const name = script === undefined ? undefined : this.follow(script, 'internal', 'name');
    return name === undefined ? undefined : this.name(name);
  }
}
