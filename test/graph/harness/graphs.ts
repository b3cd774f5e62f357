// Traced programs of a test, with no more in them than it asks for.
import type { Graph, TracedModule } from '../../../src/graph/types.js';

/** A module that one training line loaded, and that did nothing. */
export function tracedModule(file: string, order: number, more: Partial<TracedModule> = {}): TracedModule {
  return {
    file,
    order,
    format: 'commonjs',
    bytes: 1,
    selfMs: 0,
    totalMs: 0,
    lines: [0],
    parent: null,
    loads: [],
    writesBefore: [],
    ...more,
  };
}

/** By file, in the order of their first load. */
export function graphOf(
  modules: Readonly<Record<string, Partial<TracedModule>>>,
  more: Partial<Omit<Graph, 'modules'>> = {},
): Graph {
  return {
    entry: 'main',
    entryFormat: 'commonjs',
    runs: [],
    modules: Object.entries(modules).map(([file, module], order) => tracedModule(file, order, module)),
    resolutions: [],
    writes: [],
    ...more,
  };
}
