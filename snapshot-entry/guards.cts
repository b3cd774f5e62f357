// Conditions on a run under which baked modules are what a plain load would make now: variables that are not set, words
// that the command line does not have, streams that are no terminals. They are compared when a module is activated, not
// at launch: a program may set a variable before it requires what reads it.
import type { GuardPlan } from './bake-plan.cjs';
import { compileTest } from './compile.cjs';

type Check = () => boolean;
type StreamName = 'stdin' | 'stdout' | 'stderr';

const STREAMS: readonly StreamName[] = ['stdin', 'stdout', 'stderr'];
const { isArray } = Array;
const { keys } = Object;

export class Guards {
  readonly #checks: readonly Check[];

  /** While building, where what is asked of a run has its neutral answer. `builtin` may be asked for `tty`. */
  constructor(plans: readonly GuardPlan[], builtin: (name: string) => unknown) {
    const env = process.env;
    const areTested = plans.some(({ kind }) => kind === 'no-terminal');
    const isTerminal = areTested ? (builtin('tty') as { isatty: (fd: number) => boolean }).isatty : () => false;
    this.#checks = plans.map((plan) => checkFor(plan, env, isTerminal));
  }

  holdsAt(position: number): boolean {
    return (this.#checks[position] as Check)();
  }
}

/** The environment object is the same one in every run of a snapshot; one that a program has put there is not. */
function checkFor(plan: GuardPlan, env: NodeJS.ProcessEnv, isTerminal: (fd: number) => boolean): Check {
  switch (plan.kind) {
    case 'env-unset':
      return () => process.env === env && env[plan.name] === undefined;
    case 'env-none': {
      const passes = compileTest(plan.test);
      return () => process.env === env && noneOf(keys(env), passes);
    }
    case 'argv-without':
      return () => isArray(process.argv) && noneOf(process.argv, (word) => word === plan.word);
    case 'no-terminal':
      return () => !isTerminal(plan.fd);
    case 'plain-stream':
      return () => isPlainStream(plan.name);
  }
}

function noneOf(words: readonly string[], passes: (word: string) => unknown): boolean {
  for (let i = 0; i < words.length; i++) if (passes(words[i] as string)) return false;
  return true;
}

/** Plain Node makes the stream when it is first asked for, and so does this. */
function isPlainStream(name: StreamName): boolean {
  const stream: { readonly isTTY?: unknown; readonly fd?: unknown } = process[name];
  return stream.isTTY === undefined && stream.fd === STREAMS.indexOf(name);
}

/**
 * While building there are no streams that could be kept: modules are told that they are no terminals. Whatever else is
 * asked of them after a launch goes to the run's own stream. Returns what puts Node's own back.
 */
export function withStandInStreams(): () => void {
  let isBuilding = true;
  const restores = STREAMS.map((name, fd) => {
    const own = Object.getOwnPropertyDescriptor(process, name);
    const real = (): object => (isBuilding ? Object.freeze({ fd }) : process[name]);
    const standIn = new Proxy({}, forwardingTo(real));
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => standIn });
    return () => own !== undefined && Object.defineProperty(process, name, own);
  });
  return () => {
    isBuilding = false;
    for (const restore of restores) restore();
  };
}

function forwardingTo(real: () => object): ProxyHandler<object> {
  return {
    get: (_target, key) => Reflect.get(real(), key),
    set: (_target, key, value) => Reflect.set(real(), key, value),
    has: (_target, key) => Reflect.has(real(), key),
    getPrototypeOf: () => Reflect.getPrototypeOf(real()),
  };
}
