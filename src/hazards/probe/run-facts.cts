// Facts of a run that have few values: is a stream a terminal, does the command line have a flag? A module that asks no
// more than that gets the answer of its world (pipes, or a terminal), and that the flag is not there; it also gets a
// guard. Whatever else it does with `process.argv` or a standard stream is charged, and so is keeping one.

import type { StdStream } from '../../../snapshot-entry/shared/bake-plan.cjs';
import type { EffectKind } from '../../graph/effects.cjs';
import * as safe from './saved.cjs';
import { record, recordGuarded } from './state.cjs';

/** What stands for `process.argv` and the streams, by the kind of effect and the name that keeping it is charged with. */
export const standIns = new safe.SafeMap<unknown, readonly [kind: EffectKind, subject: string]>();

const STREAMS: readonly StdStream[] = ['stdin', 'stdout', 'stderr'];
let isTerminal = false;

/** Before anything is trapped. */
export function chooseWorld(ofTerminal: boolean): void {
  isTerminal = ofTerminal;
}

function define(name: string, kind: EffectKind, standIn: object): void {
  standIns.set(standIn, [kind, `process.${name}`]);
  safe.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get: () => standIn,
    set: () => record('process-write', `process.${name}`),
  });
}

/** `argv.includes(word)`, `argv.indexOf(word)`: false and -1 here. */
function asksForWord(key: string | symbol): key is 'includes' | 'indexOf' {
  return key === 'includes' || key === 'indexOf';
}

export function trapArguments(): void {
  const argv = process.argv;
  const ask = (key: 'includes' | 'indexOf', args: readonly unknown[]): unknown => {
    const word = args[0];
    const answer = safe.apply(argv[key] as safe.Callable, argv, args);
    if (args.length === 1 && typeof word === 'string' && (answer === false || answer === -1))
      recordGuarded('argv', `process.argv for ${word}`, { kind: 'argv-without', word });
    else record('argv', 'process.argv');
    return answer;
  };
  define(
    'argv',
    'argv',
    new safe.RealProxy(argv, {
      get(target, key, receiver) {
        if (asksForWord(key)) return (...args: unknown[]) => ask(key, args);
        record('argv', 'process.argv');
        return safe.get(target, key, receiver);
      },
      has(target, key) {
        record('argv', 'process.argv');
        return safe.has(target, key);
      },
      ownKeys(target) {
        record('argv', 'process.argv');
        return safe.ownKeys(target);
      },
      getOwnPropertyDescriptor(target, key) {
        record('argv', 'process.argv');
        return safe.getOwnPropertyDescriptor(target, key);
      },
      set(_target, key) {
        record('process-write', `process.argv.${safe.toText(key)}`);
        return true;
      },
      defineProperty(_target, key) {
        record('process-write', `process.argv.${safe.toText(key)}`);
        return true;
      },
      deleteProperty(_target, key) {
        record('process-write', `process.argv.${safe.toText(key)}`);
        return true;
      },
    }),
  );
}

/** The real stream is made only for who asks more of it than whether it is a terminal. */
function streamStandIn(name: StdStream, fd: number, real: () => object): object {
  const use = (): object => {
    record('std-stream', `process.${name}`);
    return real();
  };
  const kind = isTerminal ? 'terminal-stream' : 'plain-stream';
  // What is a terminal has a size of its own; what is none has no size.
  const answers: Record<string, unknown> = isTerminal
    ? { fd, isTTY: true }
    : { fd, isTTY: undefined, columns: undefined, rows: undefined };
  return new safe.RealProxy(
    {},
    {
      get(_target, key) {
        const answer = typeof key === 'string' ? safe.getOwnPropertyDescriptor(answers, key) : undefined;
        if (answer === undefined) return safe.get(use(), key);
        recordGuarded('std-stream', `process.${name}.${safe.toText(key)}`, { kind, name });
        return answer.value;
      },
      has: (_target, key) => safe.has(use(), key),
      ownKeys: () => safe.ownKeys(use()),
      getPrototypeOf: () => safe.getPrototypeOf(use()),
      getOwnPropertyDescriptor(_target, key) {
        const descriptor = safe.getOwnPropertyDescriptor(use(), key);
        // A proxy may not show what its target does not have as fixed.
        return descriptor && { ...descriptor, configurable: true };
      },
      set: (_target, key, value) => safe.set(use(), key, value),
      defineProperty: (_target, key, descriptor) => safe.defineProperty(use(), key, descriptor),
      deleteProperty: (_target, key) => safe.deleteProperty(use(), key),
    },
  );
}

export function trapStreams(): void {
  for (const [fd, name] of STREAMS.entries()) {
    const getter = safe.getOwnPropertyDescriptor(process, name)?.get;
    if (getter === undefined) continue;
    define(
      name,
      'std-stream',
      streamStandIn(name, fd, () => safe.apply(getter, process, []) as object),
    );
  }
}

/** What stands for `tty.isatty`: of the standard streams it says what they are in this world. */
export function trapTerminalTest(tty: object): void {
  const isatty = safe.get(tty, 'isatty') as safe.Callable;
  const standIn = new safe.RealProxy(isatty, {
    apply(target, self, args) {
      const fd = args[0];
      if (fd !== 0 && fd !== 1 && fd !== 2) {
        record('std-stream', 'tty.isatty');
        return safe.apply(target, self, args);
      }
      recordGuarded('std-stream', `tty.isatty(${fd})`, { kind: isTerminal ? 'terminal' : 'no-terminal', fd });
      return isTerminal;
    },
  });
  // On pipes a builder has Node's own, which anybody may keep.
  if (isTerminal) standIns.set(standIn, ['std-stream', 'tty.isatty']);
  safe.set(tty, 'isatty', standIn);
}
