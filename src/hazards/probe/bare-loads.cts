// A module is bare while it has exported nothing that somebody could call or change: its exports are the object that it was
// given, with nothing but primitives in it. What it requires then is noted as a bare load. For example, in
//   exports.version = '1.0'; require('./b'); exports.run = () => …;
// `./b` is a bare load: whatever `./b` does to this module in a cycle, it finds nothing but the text '1.0'.
import { isObject } from './ledger.cjs';
import * as safe from './saved.cjs';
import type { SeenLoad } from './shapes.cjs';
import { recordLoad } from './state.cjs';

/** What a module required while it was bare, and the keys of what it had exported by then. */
interface BareLoad {
  readonly load: SeenLoad;
  readonly keys: readonly PropertyKey[];
}

/** What is asked of a module under evaluation. */
export interface Exporting {
  readonly module: NodeJS.Module;
  readonly exportsAtStart: object;
  readonly bareLoads: BareLoad[];
}

/** `module.exports` without running its getter, where a module made it one. */
export function exportsOf({ module }: Exporting): unknown {
  const descriptor = safe.getOwnPropertyDescriptor(module, 'exports');
  return descriptor?.get ?? descriptor?.value;
}

/** The keys of what a bare module has exported; undefined of one that is not bare. */
function bareKeys(exporting: Exporting): readonly PropertyKey[] | undefined {
  const { exportsAtStart } = exporting;
  if (exportsOf(exporting) !== exportsAtStart) return undefined;
  const keys = safe.ownKeys(exportsAtStart);
  for (let i = 0; i < keys.length; i++) {
    const descriptor = safe.getOwnPropertyDescriptor(exportsAtStart, keys[i] as PropertyKey);
    if (descriptor === undefined || descriptor.get !== undefined || descriptor.set !== undefined) return undefined;
    if (isObject(descriptor.value)) return undefined;
  }
  return keys;
}

/** Records that `exporting`, the module under evaluation, requires `target`. */
export function noteLoad(exporting: Exporting | undefined, target: string): void {
  const keys = exporting === undefined ? undefined : bareKeys(exporting);
  const load = recordLoad(target, keys !== undefined);
  if (exporting !== undefined && load !== undefined && keys !== undefined)
    exporting.bareLoads[exporting.bareLoads.length] = { load, keys };
}

/** At the end of its load. What was exported since and cannot be deleted shows in a cycle, however far the module is. */
export function judgeBareLoads({ bareLoads, exportsAtStart }: Exporting): void {
  const fixed = new safe.SafeSet<PropertyKey>();
  const keys = safe.ownKeys(exportsAtStart);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as PropertyKey;
    if (safe.getOwnPropertyDescriptor(exportsAtStart, key)?.configurable === false) fixed.add(key);
  }
  for (let i = 0; i < bareLoads.length; i++) {
    const { load, keys: known } = bareLoads[i] as BareLoad;
    let shown = 0;
    for (let k = 0; k < known.length; k++) if (fixed.has(known[k] as PropertyKey)) shown++;
    if (shown < fixed.size) load.isBare = false;
  }
}
