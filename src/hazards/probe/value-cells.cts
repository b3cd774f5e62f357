// Some members of shared objects have accessors of the probe in the place of their values, which note each read
// (member-traps.cts). The values themselves are kept here, where the traps that wrap a function find them.
import * as safe from './saved.cjs';

export interface ValueCell {
  value: unknown;
}

const cells = new safe.SafeMap<object, Map<PropertyKey, ValueCell>>();

export function keepCell(holder: object, key: PropertyKey, cell: ValueCell): void {
  const members = cells.get(holder) ?? new safe.SafeMap<PropertyKey, ValueCell>();
  cells.set(holder, members.set(key, cell));
}

/** Undefined where no accessor of ours stands. */
export function cellOf(holder: object, key: PropertyKey): ValueCell | undefined {
  return cells.get(holder)?.get(key);
}
