// A blob ends with V8 code caches of all of Node's built-in modules, 4 of the 6 MB of an empty one on Node 24. Each
// start reads and copies them, for some 7 ms on the machine that docs/PERFORMANCE.md describes, and uses few: those of
// built-ins that are not in the heap already and are loaded during the run. Without its cache a built-in is compiled
// from its source, as in a Node that was built without caches; so leaving caches out costs some time at most, never
// behaviour.
import { findBuiltinCaches, withRecords } from './layout.js';

/**
 * The blob with the caches of those built-ins only; null where it does not end as expected, or where none would be left,
 * which a program could see (`process.features.cached_builtins`).
 */
export function trimBuiltinCaches(blob: Buffer, isWanted: (id: string) => boolean): Buffer | null {
  const list = findBuiltinCaches(blob);
  const kept = list?.records.filter(({ name }) => isWanted(name)) ?? [];
  return list === null || kept.length === 0 ? null : withRecords(blob, list, kept);
}
