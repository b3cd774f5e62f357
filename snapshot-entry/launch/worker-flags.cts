// A worker thread that names no `execArgv` gets the flags that the process was started with, from where no assignment to
// `process.execArgv` reaches, and shows them to what it starts. Some launches have a flag of ours among them
// (src/launch/choose-path.ts). Then the native object behind each worker is told the others, as if the program had named
// them: below Node's own class, so that whoever took that class, whenever, has it as Node made it.
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
