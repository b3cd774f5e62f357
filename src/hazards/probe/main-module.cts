// Asking for the main module. In `require.main === module`, a module that is baked gets the same answer in all runs: it
// is never the main one. Any other question about the main module has other answers in other runs, and is charged.
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
