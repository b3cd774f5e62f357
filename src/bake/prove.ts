// Proof by comparing blobs: the same modules are baked at least twice on side A and once on side B, two environments
// that differ in folder, HOME, variables, arguments, time and standard output, with values of equal length and V8's
// randomness pinned. Bytes that differ between the sides, and not between the builds on one side, mean that something
// baked depends on the environment that it was baked in. Where bytes differ, more builds tell whether they differ by
// chance.
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BakePlan } from '../../snapshot-entry/shared/bake-plan.cjs';
import type { Builder, ChildEnvironment } from './builder-run.js';
import { shortestFailing } from './culprits.js';

const PINNED = ['--hash-seed=1', '--random-seed=1', '--predictable'];

/** Of side A and of side B, with equal length: a kept value then changes bytes and moves none. */
const VALUES: Readonly<Record<string, readonly [string, string]>> = {
  USER: ['anna', 'bori'],
  LOGNAME: ['anna', 'bori'],
  SHELL: ['/bin/sh', '/bin/ba'],
  TERM: ['xterm', 'vt100'],
  NODE_ENV: ['test', 'prod'],
  DEBUG: ['aa', 'bb'],
  CI: ['1', '0'],
  FORCE_COLOR: ['0', '3'],
  COLUMNS: ['80', '99'],
  LANG: ['en_US.UTF-8', 'de_DE.UTF-8'],
  TZ: ['Asia/Tokyo', 'Asia/Dhaka'],
  EDITOR: ['vi', 'ed'],
};

export const VARIED_VARIABLES: readonly string[] = Object.keys(VALUES);

/** Builds on side A that are compared to learn which bytes (time, pid, checksums, counters) change by themselves. */
const MOST_REPEATS = 5;
/** The same where a wrong answer costs speed alone, and many are asked for. */
export const FEW_REPEATS = 3;
/**
 * Only heaps of one size can be compared, and on a busy machine V8 lays a heap out in several (Node 26: three). Then there
 * are more builds, up to this many times as many, until enough of them have one size.
 */
const MOST_ROUNDS = 3;

/**
 * Node's own header: versions, flags, and a checksum of what follows. Of checksums that differ by chance, bytes agree by
 * chance, too. https://github.com/nodejs/node/blob/main/src/node_snapshotable.cc
 */
const HEADER_BYTES = 128;

type Side = 'a' | 'b';

export type Proof =
  | { readonly same: true }
  | { readonly same: false; readonly bytes: number }
  | { readonly same: undefined; readonly detail: string };

/** The two environments in which the same modules are baked. */
export class EnvironmentPair {
  readonly #builder: Builder;
  readonly #folder: string;
  #varied: readonly string[];
  /** What guards say is not set, in any run that the snapshot is used in. */
  #unset: ReadonlySet<string> = new Set();
  /** What guards say is as it was in the builder. */
  #same: NodeJS.ProcessEnv = {};

  /** `varied`: the variables that the sides differ in; others have side A's value on both. */
  constructor(builder: Builder, folder: string, varied: readonly string[] = VARIED_VARIABLES) {
    this.#builder = builder;
    this.#folder = folder;
    this.#varied = varied;
  }

  /**
   * Leaves out the variables whose values Node's own heap keeps, whatever is baked (FORCE_COLOR on Node 20): a difference in
   * them would say nothing of the modules. What modules read of these variables, the analysis sees.
   */
  async calibrate(emptyPlan: BakePlan): Promise<readonly string[]> {
    for (;;) {
      const all = this.#varied;
      const isSame = async (length: number) => {
        this.#varied = all.slice(0, length);
        return (await this.compare(emptyPlan)).same === true;
      };
      if (await isSame(all.length)) return all;
      if (!(await isSame(0))) return [];
      const culprit = all[(await shortestFailing(0, all.length, isSame)) - 1];
      this.#varied = all.filter((name) => name !== culprit);
    }
  }

  /** Whether these modules bake to the same heap on both sides, which are built at the same time. */
  async compare(plan: BakePlan, mostRepeats = MOST_REPEATS): Promise<Proof> {
    await this.#builder.usePlan(withoutCalled(plan));
    this.#unset = new Set(plan.guards.flatMap((guard) => (guard.kind === 'env-unset' ? guard.name : [])));
    const same = plan.guards.flatMap((guard) => (guard.kind === 'env-same' ? guard.name : []));
    this.#same = Object.fromEntries(same.map((name) => [name, this.#builder.home.env[name]]));
    const built: Record<Side, Buffer[]> = { a: [], b: [] };
    for (let repeat = 1; ; repeat++) {
      // What changes by itself shows between two builds on one side.
      const sides: Side[] = repeat === 2 ? ['a'] : ['a', 'b'];
      const blobs = await Promise.all(sides.map((side) => this.#build(side)));
      for (const [at, blob] of blobs.entries()) {
        if (typeof blob === 'string') return { same: undefined, detail: blob };
        built[sides[at] as Side].push(blob);
      }
      const bytes = repeat === 1 ? 1 : leastLasting(built.a, built.b);
      if (bytes === 0) return { same: true };
      const isKnown = repeat >= mostRepeats && areEnough(built.a, built.b, mostRepeats);
      if (isKnown || repeat === mostRepeats * MOST_ROUNDS) return { same: false, bytes };
    }
  }

  async #build(side: Side): Promise<Buffer | string> {
    const environment = await this.#environmentOf(side);
    let outcome = await this.#builder.buildIn(environment, PINNED);
    // On a busy machine a builder dies now and then for reasons of its own: that says nothing of the modules.
    if (outcome.kind !== 'built') outcome = await this.#builder.buildIn(environment, PINNED);
    return outcome.kind === 'built' ? readFile(outcome.blob) : outcome.detail;
  }

  async #environmentOf(side: Side): Promise<ChildEnvironment> {
    const home = path.join(this.#folder, `side-${side}`);
    await mkdir(home, { recursive: true });
    const at = side === 'a' ? 0 : 1;
    const values = Object.entries(VALUES)
      .filter(([name]) => !this.#unset.has(name))
      .map(([name, pair]) => [name, pair[this.#varied.includes(name) ? at : 0]]);
    const env = {
      PATH: `/usr/bin:/${side}`,
      HOME: home,
      TMPDIR: home,
      PWD: home,
      NODE_NO_WARNINGS: '1',
      ...Object.fromEntries(values),
      ...this.#same,
    };
    return { cwd: home, env, args: [`--${side}`], stdout: side === 'a' ? 'ignore' : 'pipe' };
  }
}

/** What functions are compiled ahead does not matter where no code is kept. */
function withoutCalled(plan: BakePlan): BakePlan {
  return { ...plan, modules: plan.modules.map(({ called: _called, ...module }) => module) };
}

/**
 * Of builds with one size: on a busy machine V8 now and then lays a heap out in another way, on either side. Where no size
 * occurs on both sides, the size itself depends on the environment.
 */
export function leastLasting(a: readonly Buffer[], b: readonly Buffer[], from = HEADER_BYTES): number {
  const counts = [...new Set(a.map(({ length }) => length))].flatMap((size) => {
    const ofSize = ({ length }: Buffer) => length === size;
    const [ofA, ofB] = [a.filter(ofSize), b.filter(ofSize)];
    return ofB.length === 0 ? [] : [countLasting(ofA, ofB, from)];
  });
  return counts.length === 0 ? 1 : Math.min(...counts);
}

/**
 * Whether these builds tell what differs by itself: of one size, on either side, all but one of `repeats`. Two sides that
 * have each a size of their own need no more.
 */
export function areEnough(a: readonly Buffer[], b: readonly Buffer[], repeats: number): boolean {
  const sizes = new Set([...a, ...b].map(({ length }) => length));
  if (sizes.size === 2 && sizesOf(a).size === 1 && sizesOf(b).size === 1) return true;
  const count = (side: readonly Buffer[], size: number) => side.filter(({ length }) => length === size).length;
  return [...sizes].some((size) => count(a, size) >= repeats - 1 && count(b, size) >= repeats - 1);
}

function sizesOf(side: readonly Buffer[]): Set<number> {
  return new Set(side.map(({ length }) => length));
}

/** Positions, `from` one on, at which all builds on one side agree and the sides do not; 1 where only the sizes tell. */
export function countLasting(a: readonly Buffer[], b: readonly Buffer[], from = 0): number {
  const [first, ...restA] = a;
  const [other, ...restB] = b;
  if (first === undefined || other === undefined) return 0;
  if (first.length !== other.length) return 1;
  let lasting = 0;
  for (let i = from; i < first.length; i++) {
    if (first[i] === other[i]) continue;
    if (restA.every((blob) => blob[i] === first[i]) && restB.every((blob) => blob[i] === other[i])) lasting++;
  }
  return lasting;
}
