// Worker threads inherit the flags that the process was started with, `--snapshot-blob` among them, from where no
// assignment to `process.execArgv` reaches. A worker that names its own `execArgv` inherits nothing; so one that names
// none is given what plain Node would give it. Done when `worker_threads` is first loaded, whoever does, not at each start.
import type workerThreads = require('node:worker_threads');

import type { BuiltinModule } from './internals.cjs';

type WorkerClass = typeof workerThreads.Worker;

function withFlags(options: unknown): unknown {
  if (options === undefined || options === null) return { execArgv: [...process.execArgv] };
  if (typeof options !== 'object' || (options as { execArgv?: unknown }).execArgv !== undefined) return options;
  return { ...options, execArgv: [...process.execArgv] };
}

/** All but construction passes through: subclasses, `instanceof`, the name and the statics are those of Node's class. */
function scrubbed(Worker: WorkerClass): WorkerClass {
  const proxy: WorkerClass = new Proxy(Worker, {
    construct(target, [script, options, ...rest], newTarget) {
      return Reflect.construct(target, [script, withFlags(options), ...rest], newTarget === proxy ? target : newTarget);
    },
  });
  Object.defineProperty(Worker.prototype, 'constructor', { value: proxy });
  return proxy;
}

/** In the builder: Node's own record of the built-in is told what to do when somebody loads it. */
export function scrubWorkerFlags(builtins: ReadonlyMap<string, BuiltinModule>): void {
  const record = builtins.get('worker_threads');
  if (record === undefined) return;
  const { compileForPublicLoader } = record;
  let isScrubbed = false;
  record.compileForPublicLoader = (...args) => {
    const threads = compileForPublicLoader.apply(record, args) as { Worker: WorkerClass };
    if (!isScrubbed) threads.Worker = scrubbed(threads.Worker);
    isScrubbed = true;
    return threads;
  };
}
