// One attempt after the other to make an artifact that does what plain does: bake, pack, write the launcher, compare
// runs; leave out what makes a difference and try again.
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BakePlan } from '../../snapshot-entry/shared/bake-plan.cjs';
import { bake, type Demotion, loadsOf, neededBy } from '../bake/bake.js';
import type { Builder } from '../bake/builder-run.js';
import { completionOrder, shortestFailing, withDependents } from '../bake/closed-prefix.js';
import type { Worlds } from '../bake/prove.js';
import { trimBuiltinCaches } from '../blob/builtin-caches.js';
import type { Graph } from '../graph/types.js';
import { artifactFiles } from '../launch/index.js';
import { cachesByFile, type OwnedCache } from '../pack/read-back.js';
import type { PackModule } from '../pack/types.js';
import { type Usage, usageOf } from '../pack/usage.js';
import { type WarmedUp, type WarmUpOptions, warmUp } from '../pack/warm-up.js';
import { type StaticFacts, workerStarter } from '../source/static-facts.js';
import { type Gain, measureGain } from '../verify/gain.js';
import { differing, type LineResult, type VerifyOptions, verifyEnvironment } from '../verify/verify.js';
import { type Sizes, type Target, writeArtifactPack } from './assemble.js';
import type { PhaseClock, Progress } from './phases.js';

/** How a world's artifact is run and judged. */
export interface WorldRuns {
  /** Of the runs of a build. */
  readonly env: NodeJS.ProcessEnv;
  /** Writes a launcher, with the stamps that it asks for; returns its path. */
  launch(sizes: Sizes): Promise<string>;
  /** Against plain. */
  verify(options: VerifyOptions, lines: readonly (readonly string[])[]): Promise<readonly LineResult[]>;
  /** Of the runs that show whether it is faster; absent where nobody asks. */
  readonly gainEnv?: NodeJS.ProcessEnv;
  /** Before the program is run: until nothing else does that would see its files, or that it would see. */
  idle?(): Promise<void>;
  /** As `WarmUpOptions.start`. */
  readonly start?: NonNullable<WarmUpOptions['start']>;
}

export interface AccelerateInput {
  readonly target: Target;
  readonly graph: Graph;
  readonly facts: ReadonlyMap<string, StaticFacts>;
  readonly plan: BakePlan;
  readonly builder: Builder;
  readonly worlds: Worlds;
  /** The work folder. */
  readonly folder: string;
  readonly lines: readonly (readonly string[])[];
  readonly cwd: string;
  readonly runs: WorldRuns;
  /** What another world of the program never used as it was baked: this one does without it from the start. */
  readonly neverUsed?: readonly string[];
  readonly timeoutMs: number;
  readonly clock: PhaseClock;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

export interface Accelerated {
  readonly baked: readonly string[];
  readonly demotions: readonly Demotion[];
  readonly blobBytes: number;
  readonly packBytes: number;
  readonly verified: readonly LineResult[];
  /** False where nothing that was tried made the runs the same. */
  readonly isSame: boolean;
  readonly launcher: string;
  /** Known where it was in doubt. */
  readonly gain?: Gain;
}

/** What does not parse is left to Node, whose error names the file. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
    return true;
  } catch {
    return false;
  }
}

/** To Node a hashbang behind a byte order mark is an error of syntax, whose message shows the line. */
export function hidesHashbang(text: string): boolean {
  return text.startsWith('\uFEFF#!');
}

/** Each round packs the same texts again. */
function parsedAs(facts: StaticFacts | undefined): Pick<PackModule, 'parsed'> {
  return facts?.parsed === true ? { parsed: facts } : {};
}

/** What the first of these lines shows otherwise. */
function inWords([first]: readonly LineResult[]): string {
  const line = (first?.args ?? []).join(' ');
  const what = [...new Set((first?.differences ?? []).map(({ what }) => what))].join(', ');
  return `the accelerated run differs from plain (${what}, given ${line === '' ? 'no arguments' : line})`;
}

const NOTHING: ReadonlySet<string> = new Set();

/** A worker thread loads it anew. What V8 compiles from its source has other names in stack traces than what a cache holds. */
const LOADER = 'internal/modules/cjs/loader';

/** Programs differ in one place or two; more rounds than this mean that baking is wrong for the whole program. */
const MOST_ROUNDS = 6;

export class Accelerator {
  readonly #input: AccelerateInput;
  readonly #demotions: Demotion[] = [];
  #caches = new Map<string, OwnedCache>();

  get #id(): Buffer {
    return Buffer.from(this.#input.plan.artifactId, 'hex');
  }

  get #blob(): string {
    return path.join(this.#input.folder, artifactFiles.blob);
  }

  get #stop(): { signal?: AbortSignal } {
    const { signal } = this.#input;
    return signal === undefined ? {} : { signal };
  }

  constructor(input: AccelerateInput) {
    this.#input = input;
  }

  /** Tries again until the runs are the same; whether they are faster is asked then. */
  async run(): Promise<Accelerated> {
    const made = await this.#untilSame();
    const { gainEnv } = this.#input.runs;
    if (!made.isSame || gainEnv === undefined) return made;
    return { ...made, gain: await this.#gain(made, gainEnv) };
  }

  async #untilSame(): Promise<Accelerated> {
    const { neverUsed = [] } = this.#input;
    const all = this.#input.plan.modules.map(({ file }) => file);
    const idle = neverUsed.filter((file) => all.includes(file));
    let plan = this.#withoutIdle(this.#input.plan, all, idle);
    for (let round = 1; ; round++) {
      const attempt = await this.#attempt(plan, true);
      if (attempt.isSame || plan.modules.length === 0) return attempt;
      const culprit = round < MOST_ROUNDS ? await this.#findCulprit(plan, attempt) : null;
      plan = culprit === null ? { ...plan, modules: [] } : this.#without(plan, attempt.baked, culprit);
    }
  }

  /** A trial skips what only makes an artifact fast or proves what an earlier attempt has proven, and runs some `lines`. */
  async #attempt(plan: BakePlan, isFinal: boolean, lines = this.#input.lines): Promise<Accelerated> {
    const { clock, runs } = this.#input;
    const { baked, packBytes } = await this.#make(plan, isFinal);
    const { size: blobBytes } = await stat(this.#blob);
    const sizes = { blobBytes, packBytes };
    const launcher = await runs.launch(sizes);
    const options = this.#verifyOptions(launcher, runs.env);
    const verified = await clock.run('verify', 'against plain', () => runs.verify(options, lines));
    const isSame = differing(verified).length === 0;
    return { baked, demotions: this.#demotions, ...sizes, verified, isSame, launcher };
  }

  /** What the training lines turn out not to use as it was baked is packed instead, or as well. */
  async #make(plan: BakePlan, isFinal: boolean): Promise<{ baked: readonly string[]; packBytes: number }> {
    let baked = await this.#bake(plan, isFinal ? this.#input.worlds : null);
    let packed = await this.#pack(baked, isFinal);
    for (let round = 1; packed.usage.idle.length > 0 && round < MOST_ROUNDS; round++) {
      baked = await this.#bake(this.#withoutIdle(plan, baked, packed.usage.idle), null);
      packed = await this.#pack(baked, isFinal);
    }
    const also = new Set([...packed.usage.idle, ...packed.usage.partly]);
    if (also.size > 0) packed = await this.#pack(baked, isFinal, also);
    return { baked, packBytes: packed.bytes };
  }

  async #bake(plan: BakePlan, worlds: Worlds | null): Promise<readonly string[]> {
    const { clock, progress, builder, signal } = this.#input;
    signal?.throwIfAborted();
    const onProgress = (text: string) => progress.note(text);
    const { baked, demotions } = await clock.run('bake', `${plan.modules.length} modules`, () =>
      bake(plan, { builder, worlds, onProgress }),
    );
    this.#demotions.push(...demotions);
    return baked;
  }

  /** Packs what is not baked, and `also`. Of an artifact that may be the last one, with code caches. */
  async #pack(baked: readonly string[], isFinal: boolean, also = NOTHING): Promise<{ bytes: number; usage: Usage }> {
    const { clock, folder, graph, target, runs } = this.#input;
    if (isFinal) await runs.idle?.();
    const modules = await this.#packedModules(new Set(baked.filter((file) => !also.has(file))));
    const write = () =>
      writeArtifactPack(folder, { artifactId: this.#id, node: target.node, graph, modules: this.#withCaches(modules) });
    return clock.run('pack', `${modules.length} modules`, async () => {
      const { bytes } = await write();
      if (!isFinal) return { bytes, usage: usageOf([]) };
      const { builtins, usage } = await this.#warmUp();
      if (builtins !== null) await this.#trimBlob(builtins);
      return { bytes: (await write()).bytes, usage: usageOf(usage) };
    });
  }

  /** A worker thread compiles built-ins of its own, which no list of this process names. */
  async #trimBlob(builtins: ReadonlySet<string>): Promise<void> {
    if (workerStarter(this.#input.facts) !== undefined || builtins.has('worker_threads')) return;
    const isWanted = (id: string) => builtins.has(id) || id.startsWith('internal/per_context/') || id === LOADER;
    const trimmed = trimBuiltinCaches(await readFile(this.#blob), isWanted);
    if (trimmed !== null) await writeFile(this.#blob, trimmed);
  }

  async #packedModules(baked: ReadonlySet<string>): Promise<PackModule[]> {
    const { graph, facts } = this.#input;
    const wanted = graph.modules.filter(
      ({ file, format }) => !baked.has(file) && (format === 'commonjs' || format === 'json'),
    );
    const read = await Promise.all(
      wanted.map(async ({ file, format }) => ({
        file,
        format: format as 'commonjs' | 'json',
        source: await readFile(file, 'utf8'),
        usesDynamicImport: facts.get(file)?.dynamicImports ?? true,
        ...parsedAs(facts.get(file)),
      })),
    );
    return read.filter(({ format, source }) => (format === 'json' ? isJson(source) : !hidesHashbang(source)));
  }

  #withCaches(modules: readonly PackModule[]): PackModule[] {
    return modules.map((module) => {
      const found = this.#caches.get(module.file);
      return found === undefined ? module : { ...module, cache: found.cache, cacheSourceHash: found.hash };
    });
  }

  async #warmUp(): Promise<Pick<WarmedUp, 'builtins' | 'usage'>> {
    const { target, folder, lines, cwd, runs, timeoutMs } = this.#input;
    const { node, entry } = target;
    const pack = path.join(folder, artifactFiles.pack);
    this.#caches.clear();
    const { caches, builtins, usage } = await warmUp({
      ...{ node: node.path, nodeFlags: entry.nodeFlags, lines, cwd, env: runs.env, timeoutMs, folder },
      ...{ entry: entry.argv1, blob: this.#blob, ...(runs.start === undefined ? {} : { start: runs.start }) },
      ...this.#stop,
    });
    const expected = { artifactId: this.#id, nodeVersion: node.version, arch: node.arch, v8Tag: node.v8Tag };
    for (const [file, cache] of cachesByFile(pack, expected, caches)) this.#caches.set(file, cache);
    return { builtins, usage };
  }

  #verifyOptions(launcher: string, env: NodeJS.ProcessEnv): VerifyOptions {
    const { target, cwd, timeoutMs } = this.#input;
    const { node, entry } = target;
    const program = { node: node.path, nodeFlags: entry.nodeFlags, entry: entry.file, argv1: entry.argv1 };
    return { ...program, launcher, cwd, env: verifyEnvironment(env, node.path), timeoutMs, ...this.#stop };
  }

  /** Of the first training line. */
  #gain({ launcher }: Accelerated, env: NodeJS.ProcessEnv): Promise<Gain> {
    const { clock, lines } = this.#input;
    const options = this.#verifyOptions(launcher, env);
    return clock.run('verify', 'is it faster?', () => measureGain(options, lines[0] ?? []));
  }

  /** The module whose being baked makes the difference; null when it is there with nothing baked. */
  async #findCulprit(plan: BakePlan, attempt: Accelerated): Promise<string | null> {
    const results = differing(attempt.verified);
    this.#input.progress.note(`${inWords(results)}; searching which module makes the difference`);
    const lines = results.map(({ args }) => args);
    const baked = new Set(attempt.baked);
    const modules = plan.modules.filter(({ file }) => baked.has(file));
    const order = completionOrder(loadsOf(modules));
    const isSame = async (length: number) => {
      const kept = new Set(order.slice(0, length));
      const trial = { ...plan, modules: modules.filter(({ file }) => kept.has(file)) };
      return (await this.#attempt(trial, false, lines)).isSame;
    };
    if (order.length === 0 || !(await isSame(0))) return null;
    return order[(await shortestFailing(0, order.length, isSame)) - 1] ?? null;
  }

  #without(plan: BakePlan, baked: readonly string[], culprit: string): BakePlan {
    const detail = 'the program does something else when it is baked';
    return this.#leaveOut(plan, baked, [culprit], { code: 'VERIFY_DIFFERS', detail });
  }

  #withoutIdle(plan: BakePlan, baked: readonly string[], idle: readonly string[]): BakePlan {
    const detail = 'where the training lines load it, the program has changed what it was baked with';
    return this.#leaveOut(plan, baked, idle, { code: 'BAKE_NEVER_USED', detail });
  }

  /** The baked modules but for some, and for those that need one of them. */
  #leaveOut(
    plan: BakePlan,
    baked: readonly string[],
    culprits: readonly string[],
    { code, detail }: Pick<Demotion, 'code' | 'detail'>,
  ): BakePlan {
    const kept = new Set(baked);
    const modules = plan.modules.filter(({ file }) => kept.has(file));
    const needed = neededBy(modules);
    const gone = withDependents(needed, culprits);
    for (const file of gone) {
      const isCulprit = culprits.includes(file);
      const culprit = isCulprit ? file : (culprits.find((one) => withDependents(needed, [one]).has(file)) ?? file);
      this.#demotions.push({ file, code: isCulprit ? code : 'BAKE_NEEDS_DEMOTED', detail, culprit });
    }
    return { ...plan, modules: modules.filter(({ file }) => !gone.has(file)) };
  }
}
