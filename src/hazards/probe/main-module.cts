// Who is the main module? A comparison with the module that asks is false for whatever is baked: no other question is the same
// in all runs.
import * as safe from './saved.cjs';
import { record } from './state.cjs';

/** What has a member that is the main module. */
const holders = new safe.SafeWeakSet<object>();
/** The read that follows at once is of one side of a comparison. */
let isCompared = false;

export function holdsMain(holder: object): void {
  holders.add(holder);
}

/** Stands around `require` and `process` in `require.main === module`. */
export function comparesMain(holder: unknown): unknown {
  isCompared = holders.has(holder as object);
  return holder;
}

export function readMain(subject: string): void {
  if (!isCompared) record('loader-read', subject);
  isCompared = false;
}
