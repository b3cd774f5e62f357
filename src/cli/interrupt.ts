// Ctrl-C and a polite kill stop the work and let it clean up; a second one ends the process at once.
export function onInterrupt(abort: AbortController): () => void {
  const stop = () => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return () => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, stop);
  };
}
