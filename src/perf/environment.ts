// The environment that everything is measured in.

/** Each of these changes how long every Node process takes to start, or what it loads. */
const DISTURBING = [
  'NODE_EXTRA_CA_CERTS', // Node 20 reads and parses the certificates at each start: about 40 ms
  'NODE_OPTIONS',
  'NODE_COMPILE_CACHE',
  'NODE_DISABLE_COMPILE_CACHE',
  'NODE_V8_COVERAGE',
  'NODE_PATH',
  'SNAP_DEBUG',
  'SNAP_DISABLE',
];

export interface MeasuringEnvironment {
  readonly env: Readonly<Record<string, string>>;
  /** Names that were set and are not any more. */
  readonly removed: readonly string[];
}

export function measuringEnvironment(env: Readonly<Record<string, string | undefined>>): MeasuringEnvironment {
  const kept: Record<string, string> = {};
  const removed: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue;
    if (DISTURBING.includes(name)) removed.push(name);
    else kept[name] = value;
  }
  return { env: kept, removed: removed.sort() };
}
