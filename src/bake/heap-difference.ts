// What differs between two views of a heap, below two roots: both are walked side by side by the names of their edges.
// A difference is a name that leads nowhere on one side, another value, or another object than before; each is told
// with the path to it.
import type { Edge, HeapGraph } from './heap-graph.js';

export interface HeapDifference {
  /** From the root: names of properties, variables of functions, entries of collections. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** What is not there. */
const NOTHING = '(nothing)';

/** Edges within V8's own objects that lead on to what programs can see. */
const INNER = new Set([
  ...['context', 'previous', 'bound_function', 'bound_this', 'bound_arguments', 'bindings', 'target', 'handler'],
  ...['result', 'receiver', 'value', 'getter', 'setter'],
]);
/** V8's own objects, texts and numbers end a path. */
const LEAVES = new Set([
  'string',
  'concatenated string',
  'sliced string',
  'number',
  'hidden',
  'bigint',
  'symbol',
  'code',
]);
/** Properties that differ between any two processes, or by what Node has loaded when. */
const OF_THE_PROCESS = new Set(['pid', 'ppid', 'moduleLoadList']);
const EMPTY = /^(?:undefined|null)$|hole/;

/** Nodes of both graphs that stand for one another, and how the walk came there. */
interface Pair {
  readonly before: number;
  readonly after: number;
  readonly from: Pair | undefined;
  readonly name: string;
}

export interface Walk {
  readonly before: HeapGraph;
  readonly after: HeapGraph;
  /** The builder's own script: functions of it are left alone. */
  readonly script: string;
}

/** Entries of a Map or a Set, in the order in which they were put in; a value by its key, where that is a text. */
function entriesOf(graph: HeapGraph, table: number): [string, number][] {
  const entries: [string, number][] = [];
  let first: number | undefined;
  let key: { readonly at: number; readonly text: string } | undefined;
  for (const { type, name, to } of graph.edges(table)) {
    if (type !== 'internal' || !/^\d+$/.test(name)) continue;
    if (graph.type(to) === 'hidden' && EMPTY.test(graph.name(to))) continue;
    first ??= Number(name);
    const at = Number(name) - first;
    entries.push([key?.at === at - 1 ? `get(${key.text})` : `entry ${at}`, to]);
    key = graph.type(to) === 'string' ? { at, text: graph.name(to) } : undefined;
  }
  return entries;
}

function nameOf({ type, name }: Edge): string | undefined {
  if (type === 'property') return OF_THE_PROCESS.has(name) ? undefined : name;
  if (type === 'element') return `[${name}]`;
  // A variable of the function above, or of one around it.
  if (type === 'context') return name === 'this' || name === 'arguments' ? undefined : `{${name}}`;
  return type === 'internal' && INNER.has(name) ? `(${name})` : undefined;
}

function childrenOf(graph: HeapGraph, node: number): Map<string, number> {
  const children = new Map<string, number>();
  for (const edge of graph.edges(node)) {
    const name = nameOf(edge);
    if (name !== undefined) children.set(name, edge.to);
    const isTable = edge.type === 'internal' && edge.name === 'table' && !graph.name(node).startsWith('Weak');
    if (isTable) for (const [entry, to] of entriesOf(graph, edge.to)) children.set(entry, to);
  }
  return children;
}

function shown(graph: HeapGraph, node: number): string {
  const type = graph.type(node);
  if (type === 'number') {
    const value = graph.follow(node, 'internal', 'value');
    return value === undefined ? graph.name(node) : graph.name(value);
  }
  if (type === 'string') return JSON.stringify(graph.name(node));
  if (type === 'closure') return `closure ${graph.name(node)} of ${graph.scriptOf(node) ?? 'native code'}`;
  return type === 'hidden' ? graph.name(node) : `${type} ${graph.name(node)}`;
}

/** V8 makes it when somebody first asks for it. */
function isFreshPrototype(graph: HeapGraph, name: string, node: number): boolean {
  return (
    name === 'prototype' && [...childrenOf(graph, node).keys()].every((key) => /^(?:constructor|__proto__)$/.test(key))
  );
}

class Walker {
  readonly #walk: Walk;
  /** By the node before. */
  readonly #met = new Map<number, Pair>();
  readonly #queue: Pair[] = [];
  readonly #found: { readonly pair: Pair; readonly difference: HeapDifference }[] = [];

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  run(before: number, after: number): HeapDifference[] {
    this.#meet({ before, after, from: undefined, name: '' });
    for (const pair of this.#queue) this.#compare(pair);
    const known = new Set(this.#queue.map((pair) => pair.after));
    return this.#found.flatMap(({ pair, difference }) => {
      // `url ??= require('internal/url')`: an empty variable that now has what both heaps have elsewhere.
      const isMemo = pair.name.startsWith('{') && EMPTY.test(difference.before) && known.has(pair.after);
      return isMemo ? [] : [difference];
    });
  }

  #meet(pair: Pair): void {
    const known = this.#met.get(pair.before);
    if (known === undefined) {
      this.#met.set(pair.before, pair);
      this.#queue.push(pair);
    } else if (known.after !== pair.after && !LEAVES.has(this.#walk.before.type(pair.before))) {
      this.#tell(pair, pathOf(known), 'another object');
    } else if (known.after !== pair.after) this.#compareLeaves(pair);
  }

  #compare(pair: Pair): void {
    const { before, after } = this.#walk;
    const [a, b] = [before.type(pair.before), after.type(pair.after)];
    const isSameKind = a === b && before.name(pair.before) === after.name(pair.after);
    if (LEAVES.has(a) || LEAVES.has(b)) this.#compareLeaves(pair);
    else if (!isSameKind) this.#tell(pair, shown(before, pair.before), shown(after, pair.after));
    else if (a !== 'closure' || !this.#isBuilders(pair)) this.#compareChildren(pair);
  }

  #isBuilders(pair: Pair): boolean {
    const { before, after, script } = this.#walk;
    return before.scriptOf(pair.before) === script || after.scriptOf(pair.after) === script;
  }

  #compareChildren(pair: Pair): void {
    const { before, after } = this.#walk;
    const [was, is] = [childrenOf(before, pair.before), childrenOf(after, pair.after)];
    for (const [name, from] of was) {
      const to = is.get(name);
      const child = { before: from, after: to ?? -1, from: pair, name };
      if (to !== undefined) this.#meet(child);
      else if (!isFreshPrototype(before, name, from)) this.#tell(child, shown(before, from), NOTHING);
    }
    for (const [name, to] of is) {
      if (was.has(name) || isFreshPrototype(after, name, to)) continue;
      this.#tell({ before: -1, after: to, from: pair, name }, NOTHING, shown(after, to));
    }
  }

  #compareLeaves(pair: Pair): void {
    const [was, is] = [shown(this.#walk.before, pair.before), shown(this.#walk.after, pair.after)];
    // How a text or code is kept is V8's affair; texts in parts have no value here.
    const isOpaque = (value: string) => /^(?:concatenated string|sliced string|code) /.test(value);
    if (was !== is && !isOpaque(was) && !isOpaque(is)) this.#tell(pair, was, is);
  }

  #tell(pair: Pair, before: string, after: string): void {
    this.#found.push({ pair, difference: { path: pathOf(pair), before, after } });
  }
}

function pathOf(pair: Pair): string {
  const names: string[] = [];
  for (let at: Pair | undefined = pair; at?.from !== undefined; at = at.from) names.unshift(at.name);
  return names.join(' ');
}

/** Below what both heaps hold under the name `root`. */
export function differencesBelow(root: string, walk: Walk): HeapDifference[] {
  const [before, after] = [walk.before.named(root), walk.after.named(root)];
  if (before === undefined || after === undefined) throw new Error(`a view of a heap without ${root}`);
  return new Walker(walk).run(before, after);
}
