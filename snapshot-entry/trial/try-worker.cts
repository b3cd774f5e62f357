// A worker thread that loads every built-in that it can. If the heap holds something that a worker aborts on, the whole
// process ends with it.
import type workerThreads = require('node:worker_threads');

/** Some built-ins cannot be loaded in a worker, or warn: that is no matter of the heap. */
const LOAD_ALL = `for (const name of require('node:module').builtinModules) try { require(name); } catch {}`;

const { getBuiltinModule } = process as unknown as { getBuiltinModule: (name: string) => unknown };

export function tryWorker(): void {
  const { Worker } = getBuiltinModule('node:worker_threads') as typeof workerThreads;
  const worker = new Worker(LOAD_ALL, { eval: true, execArgv: [], stdout: true, stderr: true });
  const fail = () => {
    process.exitCode = 1;
  };
  worker.on('error', fail);
  worker.on('exit', (code) => {
    if (code !== 0) fail();
  });
}
