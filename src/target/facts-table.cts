// The table: what one Node major does otherwise than another, as far as this project depends on it. Each fact has a link to
// where Node or V8 says so, and test/target asks real binaries. Adding a major: add it to MAJORS, let the compiler show what
// has to be said of it, run the tests, correct what they find.
//
// Nothing outside src/target asks for a version. This file is CommonJS without dependencies, so that code which runs inside
// the target node (the preload of training runs, the probe) reads it too: `factsHere()`.

export const MAJORS = [20, 22, 24, 26] as const;
export type Major = (typeof MAJORS)[number];

interface Fact<Value> {
  readonly what: string;
  readonly link: `https://${string}`;
  readonly in: Readonly<Record<Major, Value>>;
}

/** A NODE_OPTIONS word under which a snapshot boots and behaves as a plain run does under it. */
export interface AllowedOption {
  readonly flag: `--${string}`;
  /** `none`: the bare flag; `digits`: `flag=NUMBER`; a list: `flag=ONE_OF_THESE`. */
  readonly value: 'none' | 'digits' | readonly string[];
}

// Kept small on purpose: an option is here only if test/target shows it to boot and to have, after the boot, the effect that
// it has on a plain run. Left out though they boot: --no-deprecation (util.deprecate() reads it while modules load),
// --conditions, --preserve-symlinks, --enable-source-maps, --frozen-intrinsics, --disable-proto, --permission and
// --stack-trace-limit, which all change what baked code would have been.
const runtimeOnly: readonly AllowedOption[] = [
  { flag: '--no-warnings', value: 'none' },
  { flag: '--trace-warnings', value: 'none' },
  { flag: '--unhandled-rejections', value: ['throw', 'strict', 'warn', 'none', 'warn-with-error-code'] },
  { flag: '--dns-result-order', value: ['ipv4first', 'verbatim'] },
  { flag: '--max-http-header-size', value: 'digits' },
];
// Node 20 boots a blob under the V8 flags of its builder only; since then it asks for the version alone:
// https://github.com/nodejs/node/pull/54122
const withHeapSizes: readonly AllowedOption[] = [
  ...runtimeOnly,
  { flag: '--max-old-space-size', value: 'digits' },
  { flag: '--max-semi-space-size', value: 'digits' },
];

export interface NodeFacts {
  readonly supportedFrom: string;
  readonly nodeOptionsAllow: readonly AllowedOption[];
  readonly heapSizesKeepCaches: boolean;
  readonly cachesKeepImports: boolean;
  readonly framesAreNamedByText: boolean;
  readonly datesKeepLocalTime: boolean;
}

export const FACTS: { readonly [Name in keyof NodeFacts]: Fact<NodeFacts[Name]> } = {
  supportedFrom: {
    what: 'The first version of the major that this project supports.',
    link: 'https://github.com/nodejs/release#release-schedule',
    in: { 20: '20.19.0', 22: '22.0.0', 24: '24.0.0', 26: '26.0.0' },
  },
  nodeOptionsAllow: {
    what: 'Options in NODE_OPTIONS under which a snapshot does what a plain run does.',
    link: 'https://nodejs.org/api/cli.html#node_optionsoptions',
    in: { 20: runtimeOnly, 22: withHeapSizes, 24: withHeapSizes, 26: withHeapSizes },
  },
  heapSizesKeepCaches: {
    what: 'V8 accepts code caches that were made under other sizes of the heap (`v8.cachedDataVersionTag()`).',
    link: 'https://github.com/nodejs/node/pull/60069',
    in: { 20: false, 22: false, 24: true, 26: true },
  },
  cachesKeepImports: {
    what: 'A script that was compiled with a code cache still knows how its `import()` is answered.',
    link: 'https://github.com/nodejs/node/issues/43663',
    in: { 20: false, 22: true, 24: true, 26: true },
  },
  framesAreNamedByText: {
    what: 'Frames of nameless functions of Node itself (`Module.require`) keep their names behind an accessor.',
    link: 'https://v8.dev/docs/stack-trace-api#appendix%3A-stack-trace-format',
    in: { 20: true, 22: false, 24: false, 26: false },
  },
  datesKeepLocalTime: {
    what: 'V8 works out the local time of a Date when it is made, and keeps it in the heap beside the time itself.',
    link: 'https://github.com/v8/v8/blob/main/src/objects/js-date.tq',
    in: { 20: false, 22: false, 24: false, 26: true },
  },
};

interface Unfit {
  readonly names: readonly string[];
  readonly majors: readonly Major[];
  readonly link: `https://${string}`;
}

/** Of built-ins and V8's objects that a snapshot cannot hold. */
const TRACKED = 'https://github.com/nodejs/node/issues/44014';

/** Built-in modules that a snapshot cannot hold. Measured: each was loaded in a builder that then tried to write its heap. */
export const UNFIT_BUILTINS: readonly Unfit[] = [
  { names: ['http', 'https', 'http2', 'tls', 'sqlite'], majors: MAJORS, link: TRACKED },
  { names: ['_http_agent', '_http_client', '_http_common'], majors: MAJORS, link: TRACKED },
  { names: ['_http_incoming', '_http_outgoing', '_http_server'], majors: MAJORS, link: TRACKED },
  { names: ['_tls_common', '_tls_wrap'], majors: MAJORS, link: TRACKED },
  { names: ['worker_threads'], majors: [20, 22], link: 'https://github.com/nodejs/node/pull/56120' },
  { names: ['repl'], majors: [24], link: TRACKED },
  { names: ['test', 'test/reporters'], majors: MAJORS, link: TRACKED },
];

/** Globals that a snapshot cannot hold. Measured: each was kept in a builder that then tried to write its heap. */
export const UNFIT_GLOBALS: readonly Unfit[] = [
  { names: ['FormData', 'Headers', 'Request', 'Response'], majors: MAJORS, link: TRACKED },
  { names: ['MessageEvent', 'WebSocket', 'EventSource'], majors: [22, 24, 26], link: TRACKED },
  { names: ['CloseEvent'], majors: [24, 26], link: TRACKED },
  { names: ['Storage', 'localStorage', 'sessionStorage'], majors: [22, 24, 26], link: TRACKED },
];

/** `24` of `v24.1.0` or `24.1.0`; NaN where that is no version. Without expressions: `RegExp.$1` is the program's. */
export function majorOf(version: string): number {
  const [major = '', ...rest] = (version.startsWith('v') ? version.slice(1) : version).split('.');
  return rest.length >= 2 && major !== '' ? Number(major) : Number.NaN;
}

/** What the table says of a major; of one that it does not know: what it says of the last one before. */
export function rowOf(major: number): NodeFacts {
  const known = MAJORS.filter((one) => one <= major).pop() ?? MAJORS[0];
  return {
    supportedFrom: FACTS.supportedFrom.in[known],
    nodeOptionsAllow: FACTS.nodeOptionsAllow.in[known],
    heapSizesKeepCaches: FACTS.heapSizesKeepCaches.in[known],
    cachesKeepImports: FACTS.cachesKeepImports.in[known],
    framesAreNamedByText: FACTS.framesAreNamedByText.in[known],
    datesKeepLocalTime: FACTS.datesKeepLocalTime.in[known],
  };
}

/** Of the node that runs this. */
export function factsHere(): NodeFacts {
  return rowOf(majorOf(process.version));
}
