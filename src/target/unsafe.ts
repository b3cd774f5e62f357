// What a snapshot cannot hold, and what may be loaded later instead, when something of it is first used.
import { MAJORS, UNFIT_BUILTINS, UNFIT_GLOBALS } from './facts-table.cjs';

const SOCKETS = [
  ...['buffer.Buffer', 'diagnostics_channel.channel', 'diagnostics_channel.tracingChannel', 'stream.Duplex'],
  ...['events.captureRejectionSymbol', 'timers.clearTimeout', 'timers.setImmediate', 'timers.setTimeout'],
  ...['util.inspect', 'util/types.isUint8Array'],
];

/**
 * Built-ins of which nobody can tell when they are loaded: that prints nothing, starts nothing, and looks at nothing but
 * these members of other built-ins. Others do more: `assert` looks for colours, `sqlite` warns, and `http` makes an agent,
 * for which it looks for proxies in the environment. Measured on each major (test/hazards/quiet-builtins.ts).
 */
const QUIET: Readonly<Record<string, readonly string[]>> = {
  net: SOCKETS,
  tty: SOCKETS,
  child_process: [...SOCKETS, 'util/types.isArrayBufferView'],
  worker_threads: [
    ...['buffer.Buffer', 'diagnostics_channel.channel', 'stream.Readable', 'stream.Writable', 'util.inspect'],
  ],
  crypto: [
    ...['buffer.Buffer', 'buffer.kMaxLength', 'stream.Transform', 'stream.Writable', 'string_decoder.StringDecoder'],
    ...['ArrayBufferView', 'AnyArrayBuffer', 'TypedArray', 'Float16Array', 'Float32Array', 'Float64Array'].map(
      (type) => `util/types.is${type}`,
    ),
    ...['DataView', 'Promise', 'SharedArrayBuffer'].map((type) => `util/types.is${type}`),
  ],
};

/** What the load of a built-in (`node:NAME`) takes, where it may be loaded when something of it is first used. */
export function takenAtLoad(
  target: string,
): readonly { readonly owner: string; readonly member: string }[] | undefined {
  const taken = target.startsWith('node:') ? QUIET[target.slice('node:'.length)] : undefined;
  return taken?.map((path) => {
    const [name = '', member = ''] = path.split('.');
    return { owner: `node:${name}`, member };
  });
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
 * Whether a builder may look at `owner.member`, to compare it later: even a look loads what no snapshot can hold. What
 * cannot be looked at was not read by anything that is baked either.
 */
export function isSafeToRead(major: number): (owner: string, member: string) => boolean {
  const builtins = new Set(unsafeBuiltins(major).map((name) => `node:${name}`));
  const globals = new Set(unsafeGlobals(major));
  return (owner, member) => {
    const [root = '', name = member] = owner.split('.');
    return root === 'globalThis' ? !globals.has(name) : !builtins.has(root);
  };
}
