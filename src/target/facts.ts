/**
 * What each Node major can do, as far as this project depends on it. One table; test/node runs every
 * line of it against real binaries. Adding a major: add a row, run the tests, correct the row.
 */

/** A NODE_OPTIONS word under which a snapshot boots and behaves as a plain run does under it. */
export interface AllowedOption {
  readonly flag: `--${string}`;
  /** `none`: the bare flag; `digits`: `flag=NUMBER`; a list: `flag=ONE_OF_THESE`. */
  readonly value: 'none' | 'digits' | readonly string[];
}

export interface NodeFacts {
  readonly major: number;
  /** First version of this major that the project supports. https://github.com/nodejs/release#release-schedule */
  readonly supportedFrom: string;
  /** First version with `process.execve`, if any. https://nodejs.org/api/process.html#processexecvefile-args-env */
  readonly execveFrom: string | undefined;
  /**
   * Whether a blob boots under V8 flags other than the builder's: Node 20 exits with 14 unless they are equal.
   */
  readonly bootsUnderOtherV8Flags: boolean;
  /** Whether V8 accepts code caches that were made under other sizes of the heap (`v8.cachedDataVersionTag()`). */
  readonly heapSizesKeepCaches: boolean;
  readonly nodeOptionsAllow: readonly AllowedOption[];
}

// Kept small on purpose: an option is here only if test/node shows it to boot and to have, after the boot,
// the effect that it has on a plain run (https://nodejs.org/api/cli.html#node_optionsoptions has them all).
// Left out though they boot: --no-deprecation (util.deprecate() reads it while modules load), --conditions,
// --preserve-symlinks, --enable-source-maps, --frozen-intrinsics, --disable-proto, --permission and
// --stack-trace-limit, which all change what baked code would have been.
const runtimeOnly: readonly AllowedOption[] = [
  { flag: '--no-warnings', value: 'none' },
  { flag: '--trace-warnings', value: 'none' },
  { flag: '--unhandled-rejections', value: ['throw', 'strict', 'warn', 'none', 'warn-with-error-code'] },
  { flag: '--dns-result-order', value: ['ipv4first', 'verbatim'] },
  { flag: '--max-http-header-size', value: 'digits' },
];
const heapSizes: readonly AllowedOption[] = [
  { flag: '--max-old-space-size', value: 'digits' },
  { flag: '--max-semi-space-size', value: 'digits' },
];

export const nodeFacts: readonly NodeFacts[] = [
  {
    major: 20,
    supportedFrom: '20.19.0',
    execveFrom: undefined,
    bootsUnderOtherV8Flags: false,
    heapSizesKeepCaches: false,
    nodeOptionsAllow: runtimeOnly,
  },
  {
    major: 22,
    supportedFrom: '22.0.0',
    execveFrom: '22.15.0',
    bootsUnderOtherV8Flags: true,
    heapSizesKeepCaches: false,
    nodeOptionsAllow: [...runtimeOnly, ...heapSizes],
  },
  {
    major: 24,
    supportedFrom: '24.0.0',
    execveFrom: '24.0.0',
    bootsUnderOtherV8Flags: true,
    heapSizesKeepCaches: true,
    nodeOptionsAllow: [...runtimeOnly, ...heapSizes],
  },
  {
    major: 26,
    supportedFrom: '26.0.0',
    execveFrom: '26.0.0',
    bootsUnderOtherV8Flags: true,
    heapSizesKeepCaches: true,
    nodeOptionsAllow: [...runtimeOnly, ...heapSizes],
  },
];

/** Numbers of `v24.1.0`, `24.1.0` or `24.1.0-nightly…`; undefined if it is no version. */
function numbersOf(version: string): [number, number, number] | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** Whether `version` is `minimum` or later; false if either is no version. */
export function isAtLeast(version: string, minimum: string): boolean {
  const have = numbersOf(version);
  const want = numbersOf(minimum);
  if (have === undefined || want === undefined) return false;
  return (have[0] - want[0] || have[1] - want[1] || have[2] - want[2]) >= 0;
}

/** The facts for a supported version (`v24.1.0` or `24.1.0`), undefined for one that is too old or not known. */
export function factsFor(version: string): NodeFacts | undefined {
  const major = numbersOf(version)?.[0];
  const facts = nodeFacts.find((row) => row.major === major);
  return facts !== undefined && isAtLeast(version, facts.supportedFrom) ? facts : undefined;
}

/** Whether this exact version has `process.execve`. */
export function hasExecve(version: string): boolean {
  const from = factsFor(version)?.execveFrom;
  return from !== undefined && isAtLeast(version, from);
}
