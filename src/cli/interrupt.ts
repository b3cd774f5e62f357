// Ctrl-C and a polite kill. Before a command has begun there is nothing to clean up; then the first one stops the work
// and lets it clean up, and a second one ends the process at once.
import { EXIT } from './exit-codes.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function exit(): void {
  process.exit(EXIT.interrupted);
}

export function exitOnInterrupt(): void {
  for (const signal of SIGNALS) process.on(signal, exit);
}

/** Returns its undo. */
export function onInterrupt(abort: AbortController): () => void {
  const stop = () => {
    if (abort.signal.aborted) exit();
    abort.abort();
  };
  for (const signal of SIGNALS) process.off(signal, exit).on(signal, stop);
  return () => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
}
