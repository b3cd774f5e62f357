// Some launches start node with a flag of ours (src/launch/choose-path.ts). A worker thread that names no `execArgv`
// gets the flags that the process was started with, shows them, and hands them on to what it starts; Node takes them
// from a place that no assignment to `process.execArgv` reaches. So for each worker the native object behind it is
// given the other flags, as if the program had named them. That is done below Node's own class, so that whoever takes
// that class, whenever, has it as Node made it.
import type { BindingAccess } from './native-bindings.cjs';
import { copyOf } from './seal.cjs';

export interface WorkerFlags {
  /** What a plain run has; undefined where that is what Node knows anyway. */
  own: readonly string[] | undefined;
}

const { isArray } = Array;
const { construct } = Reflect;

type NativeWorker = new (...args: unknown[]) => object;

/** Of the native class: the script, the environment, the flags. */
const EXEC_ARGV = 2;

/** In the builder, before Node's class is made of the native one. */
export function ownWorkerFlags({ binding }: Pick<BindingAccess, 'binding'>): WorkerFlags {
  const flags: WorkerFlags = { own: undefined };
  const native = binding('worker') as { Worker: NativeWorker };
  native.Worker = new Proxy(native.Worker, {
    construct(Worker, args: unknown[]) {
      if (flags.own !== undefined && !isArray(args[EXEC_ARGV])) args[EXEC_ARGV] = copyOf(flags.own);
      return construct(Worker, args) as object;
    },
  });
  return flags;
}
