// What a snapshot cannot hold, by Node major. Measured: each was loaded (built-ins) or kept (globals) in a builder that
// then tried to write its heap.

const BUILTINS: readonly (readonly [name: string, majors: readonly number[]])[] = [
  ['http', [20, 22, 24, 26]],
  ['https', [20, 22, 24, 26]],
  ['http2', [20, 22, 24, 26]],
  ['tls', [20, 22, 24, 26]],
  ['sqlite', [20, 22, 24, 26]],
  ['_http_agent', [20, 22, 24, 26]],
  ['_http_client', [20, 22, 24, 26]],
  ['_http_common', [20, 22, 24, 26]],
  ['_http_incoming', [20, 22, 24, 26]],
  ['_http_outgoing', [20, 22, 24, 26]],
  ['_http_server', [20, 22, 24, 26]],
  ['_tls_common', [20, 22, 24, 26]],
  ['_tls_wrap', [20, 22, 24, 26]],
  ['worker_threads', [20, 22]],
  ['repl', [24]],
  ['test', [20, 22, 24, 26]],
  ['test/reporters', [20, 22, 24, 26]],
];

const GLOBALS: readonly (readonly [name: string, majors: readonly number[]])[] = [
  ['FormData', [20, 22, 24, 26]],
  ['Headers', [20, 22, 24, 26]],
  ['Request', [20, 22, 24, 26]],
  ['Response', [20, 22, 24, 26]],
  ['MessageEvent', [22, 24, 26]],
  ['WebSocket', [22, 24, 26]],
  ['EventSource', [22, 24, 26]],
  ['CloseEvent', [24, 26]],
  ['Storage', [22, 24, 26]],
  ['localStorage', [22, 24, 26]],
  ['sessionStorage', [22, 24, 26]],
];

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
function forMajor(table: readonly (readonly [string, readonly number[]])[], major: number): string[] {
  const measured = table.some(([, majors]) => majors.includes(major));
  return table.filter(([, majors]) => !measured || majors.includes(major)).map(([name]) => name);
}

export function unsafeBuiltins(major: number): string[] {
  return forMajor(BUILTINS, major);
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

export function unsafeGlobals(major: number): string[] {
  return forMajor(GLOBALS, major);
}
