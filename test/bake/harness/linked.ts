// Modules by what each requires, and by its heads; nothing else of them matters to a search.
import type { PlannedModule } from '../../../snapshot-entry/shared/bake-plan.cjs';

export type Links = Readonly<Record<string, readonly string[]>>;

/** In this order their evaluation began. */
export function linked(requires: Links, heads: Links = {}): PlannedModule[] {
  return Object.entries(requires).map(([file, targets]) => ({
    file,
    format: 'commonjs',
    requests: targets.map((target) => [target, target]),
    heads: heads[file] ?? [],
    reads: [],
    guards: [],
    isLazy: false,
    standIns: [],
  }));
}
