// Questions about who needs whom at load. All are O(V+E) and iterative: graphs run to 10^5 modules, and chains of
// requires to thousands.

import type { Graph, TracedModule } from './types.js';

/** Modules by file, and for each file the modules that require it while they are evaluated. */
export interface GraphIndex {
  readonly modules: ReadonlyMap<string, TracedModule>;
  readonly importers: ReadonlyMap<string, readonly string[]>;
}

/** O(V+E). Make it once per graph; built-ins are nobody's target here. */
export function indexGraph(graph: Graph): GraphIndex {
  const modules = new Map<string, TracedModule>();
  const importers = new Map<string, string[]>();
  for (const module of graph.modules) modules.set(module.file, module);
  for (const module of graph.modules) {
    // `loads` may name a target twice when training lines differ in how they ask for it.
    for (const target of new Set(module.loads.map((load) => load.target))) {
      if (!modules.has(target)) continue;
      const known = importers.get(target);
      if (known === undefined) importers.set(target, [module.file]);
      else known.push(module.file);
    }
  }
  return { modules, importers };
}

/** The modules that `file` needs at load, itself first, each once, nearer ones before farther ones. O(V+E). */
export function closureOf(index: GraphIndex, file: string): string[] {
  return reach(index, [file], (next) => index.modules.get(next)?.loads.map((load) => load.target) ?? []);
}

/** The modules that require `file` at load, directly. O(1). */
export function importersOf(index: GraphIndex, file: string): readonly string[] {
  return index.importers.get(file) ?? [];
}

/** The modules that cannot load without one of `files`, these first. O(V+E) for any number of files. */
export function dependentsOf(index: GraphIndex, files: Iterable<string>): string[] {
  return reach(index, files, (next) => importersOf(index, next));
}

/** A shortest chain of importers from a module that nobody requires at load down to `file`, which is last. O(V+E). */
export function importChain(index: GraphIndex, file: string): string[] {
  const towards = new Map<string, string | null>([[file, null]]);
  const queue = [file];
  for (const next of queue) {
    const above = importersOf(index, next).filter((importer) => !towards.has(importer));
    if (importersOf(index, next).length === 0) return chainFrom(next, towards);
    for (const importer of above) towards.set(importer, next);
    queue.push(...above);
  }
  // Only a cycle stands above it.
  return [file];
}

function chainFrom(start: string, towards: ReadonlyMap<string, string | null>): string[] {
  const chain: string[] = [];
  for (let at: string | null | undefined = start; at != null; at = towards.get(at)) chain.push(at);
  return chain;
}

function reach(index: GraphIndex, from: Iterable<string>, next: (file: string) => readonly string[]): string[] {
  const found = new Set<string>();
  for (const file of from) if (index.modules.has(file)) found.add(file);
  // A Set iterates over what is added meanwhile: it is the queue as well.
  for (const file of found) for (const target of next(file)) if (index.modules.has(target)) found.add(target);
  return [...found];
}
