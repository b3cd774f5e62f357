// Conditions on a run under which baked modules are what a plain load would make now: variables that are not set, words
// that the command line does not have, streams that are terminals, or none. They are compared when a module is activated, not
// at launch: a program may set a variable before it requires what reads it.
import type { Guard } from '../shared/bake-plan.cjs';
import { compileTest } from './compile.cjs';

type Check = () => boolean;
type StreamName = 'stdin' | 'stdout' | 'stderr';

const STREAMS: readonly StreamName[] = ['stdin', 'stdout', 'stderr'];
const DESCRIPTORS: Readonly<Record<StreamName, number>> = { stdin: 0, stdout: 1, stderr: 2 };
const { isArray } = Array;
const { keys } = Object;
const { imul } = Math;
const { apply, get, getPrototypeOf, has, set } = Reflect;
const { charCodeAt } = String.prototype;

export class Guards {
  readonly #checks: readonly Check[];

  /**
   * In the builder, whose variables and arguments are those that modules are baked with: values that must stay the same are
   * taken here. `builtin` may be asked for `tty`.
   */
  constructor(plans: readonly Guard[], salt: string, builtin: (name: string) => unknown) {
    const env = process.env;
    const isTerminal = testsTerminals(plans) ? (builtin('tty') as Terminals).isatty : () => false;
    this.#checks = plans.map((plan) => checkFor(plan, { env, salt, isTerminal }));
  }

  holdsAt(position: number): boolean {
    return (this.#checks[position] as Check)();
  }
}

interface Terminals {
  isatty: (fd: number) => boolean;
}

/** Whether any of them asks `tty.isatty`. */
function testsTerminals(plans: readonly Guard[]): boolean {
  return plans.some(({ kind }) => kind === 'no-terminal' || kind === 'terminal');
}

/** What checks ask: the run's variables, and whether a descriptor is a terminal. `salt` hides values that are compared. */
interface RunInputs {
  readonly env: NodeJS.ProcessEnv;
  readonly salt: string;
  readonly isTerminal: (fd: number) => boolean;
}

/** FNV-1a of 2 × 32 bits, so that the heap does not hold the value. */
function digestOf(salt: string, value: string | undefined): string {
  if (value === undefined) return '';
  const text = `${salt}${value}`;
  let low = 0x811c9dc5;
  let high = 0xcbf29ce4;
  for (let i = 0; i < text.length; i++) {
    const code = apply(charCodeAt, text, [i]);
    low = imul(low ^ code, 0x01000193);
    high = imul(high ^ code, 0x01000197);
  }
  return `${low} ${high}`;
}

/** The environment object is the same one in every run of a snapshot; one that a program has put there is not. */
function checkFor(plan: Guard, { env, salt, isTerminal }: RunInputs): Check {
  switch (plan.kind) {
    case 'env-unset':
      return () => process.env === env && env[plan.name] === undefined;
    case 'env-same': {
      const digest = digestOf(salt, env[plan.name]);
      return () => process.env === env && digestOf(salt, env[plan.name]) === digest;
    }
    case 'env-none': {
      const passes = compileTest(plan.test);
      return () => process.env === env && noneOf(keys(env), passes);
    }
    case 'argv-without':
      return () => isArray(process.argv) && noneOf(process.argv, (word) => word === plan.word);
    case 'no-terminal':
      return () => !isTerminal(plan.fd);
    case 'terminal':
      return () => isTerminal(plan.fd);
    case 'plain-stream':
      return () => isPlainStream(plan.name);
    case 'terminal-stream':
      return () => isTerminalStream(plan.name);
  }
}

function noneOf(words: readonly string[], passes: (word: string) => unknown): boolean {
  for (let i = 0; i < words.length; i++) if (passes(words[i] as string)) return false;
  return true;
}

interface StandardStream {
  readonly isTTY?: unknown;
  readonly fd?: unknown;
  readonly columns?: unknown;
  readonly rows?: unknown;
}

/** Plain Node makes the stream when it is first asked for, and so does this. */
function isPlainStream(name: StreamName): boolean {
  const stream: StandardStream = process[name];
  const hasSize = stream.columns !== undefined || stream.rows !== undefined;
  return stream.isTTY === undefined && !hasSize && stream.fd === DESCRIPTORS[name];
}

function isTerminalStream(name: StreamName): boolean {
  const stream: StandardStream = process[name];
  return stream.isTTY === true && stream.fd === DESCRIPTORS[name];
}

/** `tty.isatty` says yes of the standard streams. A module may keep it: after a launch it asks Node's own. */
function withTerminals(tty: Terminals, isBuilding: () => boolean): () => void {
  const own = tty.isatty;
  const ask = (isatty: Terminals['isatty'], self: unknown, args: [fd: number]): boolean =>
    (isBuilding() && STREAMS[args[0]] !== undefined) || apply(isatty, self, args);
  tty.isatty = new Proxy(own, { apply: ask });
  return () => {
    tty.isatty = own;
  };
}

/**
 * While building there are no streams that could be kept: modules are told that they are terminals, or that they are
 * none. Whatever else is asked of them after a launch goes to the run's own stream. Returns what puts Node's own back.
 */
export function withStandInStreams(
  { isTerminal, guards }: { readonly isTerminal: boolean; readonly guards: readonly Guard[] },
  builtin: (name: string) => unknown,
): () => void {
  let isBuilding = true;
  const facts = isTerminal ? { isTTY: true } : {};
  const restores = STREAMS.map((name, fd) => {
    const own = Object.getOwnPropertyDescriptor(process, name);
    const real = (): object => (isBuilding ? Object.freeze({ ...facts, fd }) : process[name]);
    const standIn = new Proxy({}, forwardingTo(real));
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => standIn });
    return () => {
      if (own !== undefined) Object.defineProperty(process, name, own);
    };
  });
  if (isTerminal && testsTerminals(guards)) restores.push(withTerminals(builtin('tty') as Terminals, () => isBuilding));
  return () => {
    isBuilding = false;
    for (const restore of restores) restore();
  };
}

function forwardingTo(real: () => object): ProxyHandler<object> {
  return {
    get: (_target, key) => get(real(), key),
    set: (_target, key, value) => set(real(), key, value),
    has: (_target, key) => has(real(), key),
    getPrototypeOf: () => getPrototypeOf(real()),
  };
}
