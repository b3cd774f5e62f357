// Training runs load files that no later run can meet: temporary modules that they remove, and whatever lies in their
// sandbox. The rest of the build is given a graph without these.
import { existsSync } from 'node:fs';
import { sep } from 'node:path';
import type { Graph, TracedModule } from '../graph/types.js';

/**
 * The graph without what has gone, or goes with `sandbox`. A load of such a file stays in its module's list: as one that
 * leads nowhere, it keeps the module from being baked.
 */
export function lastingGraph(graph: Graph, sandbox: string | null): Graph {
  const known = new Map<string, boolean>();
  const isLasting = (file: string): boolean => {
    if (file.startsWith('node:')) return true;
    const answer = known.get(file) ?? (!(sandbox !== null && file.startsWith(sandbox + sep)) && existsSync(file));
    known.set(file, answer);
    return answer;
  };
  return {
    ...graph,
    modules: graph.modules.filter(({ file }) => isLasting(file)).map((module) => withoutGone(module, isLasting)),
    resolutions: graph.resolutions.filter(
      ({ from, target }) => isLasting(from) && (target === null || isLasting(target)),
    ),
  };
}

function withoutGone(module: TracedModule, isLasting: (file: string) => boolean): TracedModule {
  const { parent, during } = module;
  return {
    ...module,
    parent: parent !== null && isLasting(parent) ? parent : null,
    during: during !== undefined && isLasting(during) ? during : undefined,
  };
}
