// Makes the accelerated artifact of one world: what attempts.ts tries, with a real node.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { BakePlan, PlannedModule } from '../../snapshot-entry/shared/bake-plan.cjs';
import { bake } from '../bake/bake.js';
import type { Builder } from '../bake/builder-run.js';
import type { EnvironmentPair } from '../bake/prove.js';
import type { Demotion, Placed } from '../bake/search.js';
import type { Graph, TrainingLine } from '../graph/types.js';
import { artifactFiles } from '../launch/index.js';
import type { WarmUpOptions } from '../pack/warm-up.js';
import type { StaticFacts } from '../source/static-facts.js';
import { type Gain, measureGain } from '../verify/gain.js';
import { type LineResult, type VerifyOptions, verifyEnvironment } from '../verify/verify.js';
import type { Sizes, Target } from './assemble.js';
import { type Compared, type Packed, type Steps, untilSame } from './attempts.js';
import { Packing } from './packing.js';
import type { PhaseClock, Progress } from './phases.js';

/** How a world's artifact is run and judged. */
export interface WorldRuns {
  /** Of the runs of a build. */
  readonly env: NodeJS.ProcessEnv;
  /** Writes a launcher, with the stamps that it asks for; returns its path. */
  launch(sizes: Sizes): Promise<string>;
  /** Against plain. */
  verify(options: VerifyOptions, lines: readonly TrainingLine[]): Promise<readonly LineResult[]>;
  /** Of the runs that show whether it is faster; absent where nobody asks. */
  readonly gainEnv?: NodeJS.ProcessEnv | undefined;
  /** Before the program is run: until nothing else does that would see its files, or that it would see. */
  idle?(): Promise<void>;
  /** As `WarmUpOptions.start`. */
  readonly start?: WarmUpOptions['start'];
}

export interface AccelerateInput {
  readonly target: Target;
  readonly graph: Graph;
  readonly facts: ReadonlyMap<string, StaticFacts>;
  readonly plan: BakePlan;
  readonly builder: Builder;
  readonly pair: EnvironmentPair;
  /** The work folder. */
  readonly folder: string;
  readonly lines: readonly TrainingLine[];
  readonly cwd: string;
  readonly runs: WorldRuns;
  /** As `Wanted.neverUsed`. */
  readonly neverUsed: readonly string[];
  readonly timeoutMs: number;
  readonly clock: PhaseClock;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
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

/** Tries until the runs are the same; then asks whether they are faster. */
export async function accelerate(input: AccelerateInput): Promise<Accelerated> {
  const { lines, neverUsed, plan, runs, clock } = input;
  const { placed, made, fault } = await untilSame(new RealSteps(input), { modules: plan.modules, lines, neverUsed });
  const baked = placed.baked.map(({ file }) => file);
  const { gainEnv } = runs;
  const result = { ...made, baked, demotions: placed.demotions, isSame: fault === null };
  if (!result.isSame || gainEnv === undefined) return result;
  const options = verifyOptions(input, made.launcher, gainEnv);
  const gain = await clock.run('verify', 'is it faster?', () => measureGain(options, lines[0] ?? []));
  return { ...result, gain };
}

function verifyOptions(input: AccelerateInput, launcher: string, env: NodeJS.ProcessEnv): VerifyOptions {
  const { target, cwd, timeoutMs, signal } = input;
  const { node, entry } = target;
  const program = { node: node.path, nodeFlags: entry.nodeFlags, entry: entry.file, argv1: entry.argv1 };
  return { ...program, launcher, cwd, env: verifyEnvironment(env, node.path), timeoutMs, signal };
}

class RealSteps implements Steps {
  readonly #input: AccelerateInput;
  readonly #packing: Packing;

  constructor(input: AccelerateInput) {
    const { runs, plan } = input;
    this.#input = input;
    this.#packing = new Packing({ ...input, env: runs.env, start: runs.start, artifactId: plan.artifactId });
  }

  async bake(modules: readonly PlannedModule[], { isProven }: { readonly isProven: boolean }): Promise<Placed> {
    const { plan, clock, builder, pair, signal } = this.#input;
    signal?.throwIfAborted();
    return clock.run('bake', `${modules.length} modules`, () =>
      bake({ ...plan, modules }, { builder, pair: isProven ? pair : null, onProgress: (text) => this.note(text) }),
    );
  }

  async pack(without: ReadonlySet<string>, { isTrial }: { readonly isTrial: boolean }): Promise<Packed> {
    const { runs, clock } = this.#input;
    if (!isTrial) await runs.idle?.();
    const modules = await this.#packing.modules(without);
    return clock.run('pack', `${modules.length} modules`, () => this.#packing.pack(modules, isTrial));
  }

  async compare(packBytes: number, lines: readonly TrainingLine[]): Promise<Compared> {
    const { folder, runs, clock } = this.#input;
    const { size: blobBytes } = await stat(path.join(folder, artifactFiles.blob));
    const launcher = await runs.launch({ blobBytes, packBytes });
    const options = verifyOptions(this.#input, launcher, runs.env);
    const verified = await clock.run('verify', 'against plain', () => runs.verify(options, lines));
    return { launcher, blobBytes, verified };
  }

  note(text: string): void {
    this.#input.progress.note(text);
  }
}
