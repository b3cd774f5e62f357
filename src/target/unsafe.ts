// What a snapshot cannot hold, and what may be loaded later instead, when something of it is first used.
import { MAJORS, UNFIT_BUILTINS, UNFIT_GLOBALS } from './facts-table.cjs';

/** Names of members by the built-in that has them. */
type Members = Readonly<Record<string, readonly string[]>>;

const SOCKETS: Members = {
  buffer: ['Buffer'],
  diagnostics_channel: ['channel', 'tracingChannel'],
  events: ['captureRejectionSymbol'],
  stream: ['Duplex'],
  timers: ['clearTimeout', 'setImmediate', 'setTimeout'],
  util: ['inspect'],
  'util/types': ['isUint8Array'],
};
const VIEWS = ['isArrayBufferView', 'isAnyArrayBuffer', 'isTypedArray', 'isDataView', 'isSharedArrayBuffer'];
const FLOATS = ['isFloat16Array', 'isFloat32Array', 'isFloat64Array'];

/**
 * Built-ins whose load nobody can notice: it prints nothing, starts nothing, and looks at nothing but these members of other
 * built-ins. So a baked `require('net')` may be left for the moment when the program first uses it. Others do more when they
 * are loaded: `assert` looks for colours, `sqlite` warns, and `http` makes an agent, for which it looks for proxies in the
 * environment. Measured on each major (test/hazards/quiet-builtins.ts).
 */
const QUIET: Readonly<Record<string, Members>> = {
  net: SOCKETS,
  tty: SOCKETS,
  child_process: { ...SOCKETS, 'util/types': ['isUint8Array', 'isArrayBufferView'] },
  worker_threads: {
    buffer: ['Buffer'],
    diagnostics_channel: ['channel'],
    stream: ['Readable', 'Writable'],
    util: ['inspect'],
  },
  crypto: {
    buffer: ['Buffer', 'kMaxLength'],
    stream: ['Transform', 'Writable'],
    string_decoder: ['StringDecoder'],
    'util/types': [...VIEWS, ...FLOATS, 'isPromise'],
  },
};

/**
 * What a built-in (`node:NAME`) takes from others when it is loaded, for those that may be loaded when something of them is
 * first used; undefined of the others.
 */
export function takenAtLoad(
  target: string,
): readonly { readonly owner: string; readonly member: string }[] | undefined {
  const taken = target.startsWith('node:') ? QUIET[target.slice('node:'.length)] : undefined;
  if (taken === undefined) return undefined;
  return Object.entries(taken).flatMap(([name, members]) =>
    members.map((member) => ({ owner: `node:${name}`, member })),
  );
}

/** A major that was not measured gets every entry: packed too much is slower, baked too much is wrong. */
function forMajor(table: typeof UNFIT_BUILTINS, major: number): string[] {
  const isMeasured = MAJORS.some((one) => one === major);
  return table.flatMap(({ names, majors }) => (!isMeasured || majors.some((one) => one === major) ? names : []));
}

export function unsafeBuiltins(major: number): string[] {
  return forMajor(UNFIT_BUILTINS, major);
}

export function unsafeGlobals(major: number): string[] {
  return forMajor(UNFIT_GLOBALS, major);
}

/**
 * Whether a builder may look at `owner.member`, to have it compared in a launch. A mere look at `globalThis.Headers` loads
 * what no snapshot can hold. Nothing that is baked has read such a member: reading it is a hazard.
 */
export function isSafeToRead(major: number): (owner: string, member: string) => boolean {
  const builtins = new Set(unsafeBuiltins(major).map((name) => `node:${name}`));
  const globals = new Set(unsafeGlobals(major));
  return (owner, member) => {
    const [root = '', name = member] = owner.split('.');
    return root === 'globalThis' ? !globals.has(name) : !builtins.has(root);
  };
}
