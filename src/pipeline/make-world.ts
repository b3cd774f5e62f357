// One world of an artifact: the traced modules analysed, planned, baked, packed and compared as they are on pipes, or as on
// a terminal.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { BakePlan } from '../../snapshot-entry/shared/bake-plan.cjs';
import type { BakedTexts } from '../bake/baked-texts.js';
import type { Builder } from '../bake/builder-run.js';
import type { EnvironmentPair } from '../bake/prove.js';
import type { ContentCache } from '../cache/content-cache.js';
import type { Graph, TrainingLine } from '../graph/types.js';
import type { AnalysedProgram } from '../hazards/analyse.js';
import type { Plan } from '../plan/types.js';
import { type Instrumented, instrument } from '../source/instrument.js';
import type { StaticFacts } from '../source/static-facts.js';
import { globalFolders } from '../stamps/global-folders.js';
import { NO_STAMPS, type Stamps, stampSources } from '../stamps/source-stamps.js';
import { type Accelerated, accelerate, type WorldRuns } from './accelerate.js';
import type { Target } from './assemble.js';
import { bakeInput } from './bake-input.js';
import type { PhaseClock, Progress } from './phases.js';
import { type AnalyseInput, analyse, calibratedPair, planProgram } from './plan-program.js';
import { prepareBuilder } from './prepare-builder.js';

/** What all worlds of a program have in common. */
export interface TracedProgram {
  readonly target: Target;
  /** The modules that the training runs loaded; they ran on pipes. */
  readonly graph: Graph;
  readonly lines: readonly TrainingLine[];
  readonly cwd: string;
  /** The user's own. */
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** As `PlanInput.mayWait`. */
  readonly mayWait: boolean;
  readonly relaxedColumns: boolean;
  readonly clock: PhaseClock;
  readonly progress: Progress;
  readonly cache: ContentCache;
  /** As `AnalyseOptions.instrumented`: all worlds have the same sources. */
  readonly instrumented?: ((source: string) => Instrumented) | undefined;
  /** What one world has made of the texts of its modules, for the next one to take. */
  readonly texts: BakedTexts;
  readonly signal?: AbortSignal | undefined;
}

export interface World {
  readonly isTerminal: boolean;
  /** The values that builders are given of the variables that may have one. */
  readonly variables: Readonly<Record<string, string>>;
  /** Where its files are made. */
  readonly folder: string;
}

export interface PlannedWorld extends World {
  readonly program: AnalysedProgram;
  readonly plan: Plan;
  readonly stamps: Stamps;
  readonly bakePlan: BakePlan;
  readonly builder: Builder;
  readonly pair: EnvironmentPair;
}

export interface MadeWorld extends PlannedWorld {
  readonly accelerated: Accelerated;
}

/** What is asked of a world's analysis. */
export function analysisOf(traced: TracedProgram, { isTerminal, variables, folder }: World): AnalyseInput {
  const { target, graph, relaxedColumns, cache, signal, instrumented } = traced;
  const { node } = target;
  return { graph, node, variables, isTerminal, relaxedColumns, workDir: folder, cache, signal, instrumented };
}

/**
 * `onAnalysed` is told what the analysis found. It may start work of its own in the background: nothing that is measured,
 * and no run of the program, is under way when it is called.
 */
export async function planWorld(
  traced: TracedProgram,
  world: World,
  onAnalysed: (program: AnalysedProgram) => void = () => undefined,
): Promise<PlannedWorld> {
  const { target, graph, lines, env, mayWait, clock, signal } = traced;
  const input = analysisOf(traced, world);
  const count = `${graph.modules.length} modules`;
  const program = await clock.run('analyse', count, () => analyse(input));
  const builder = await prepareBuilder(world.folder, target.node.path, world.variables, signal);
  const wanted = await bakeInputOf(traced, world, program);
  const emptyPlan = bakeInput({ ...wanted, plan: { modules: [], order: [] }, stamps: NO_STAMPS });
  const pair = await calibratedPair(builder, emptyPlan, input);
  // Only now: the calibration builds the same heap several times and compares the bytes, and its answer is kept for all later
  // builds with this node. On a machine that is busy with other work V8 lays heaps out in other ways, and a variable would be
  // left out of the proof for good.
  onAnalysed(program);
  const asked = { ...input, program, pair, emptyPlan, builder, mayWait, habits: { env, lines } };
  const plan = await clock.run('plan', count, () => planProgram(asked));
  const texts = await traced.texts.of(plan, graph, program.facts);
  const { inputs } = program.analysis;
  const globals = globalFolders(env, target.node.path);
  const stamps = await stampSources({ graph, baked: new Set(plan.order), inputs, globals });
  const bakePlan = bakeInput({ ...wanted, plan, stamps, texts });
  return { ...world, program, plan, stamps, bakePlan, builder, pair };
}

/** What every plan of a bake in this world says, whatever is baked. */
async function bakeInputOf(traced: TracedProgram, world: World, program: AnalysedProgram) {
  const { target, graph, relaxedColumns } = traced;
  const { instrumented = (source: string) => instrument(source, { relaxedColumns }) } = traced;
  const facts = await factsOfAll(program, graph.entry, instrumented);
  const importsDynamically = facts.some(({ dynamicImports }) => dynamicImports);
  const artifactId = randomBytes(16).toString('hex');
  const { late = [] } = program.analysis;
  return { graph, target, artifactId, importsDynamically, isTerminal: world.isTerminal, late };
}

/** `neverUsed`: as `Wanted.neverUsed` (attempts.ts). */
export async function makeWorld(
  traced: TracedProgram,
  planned: PlannedWorld,
  runs: WorldRuns,
  neverUsed: readonly string[] = [],
): Promise<MadeWorld> {
  const { bakePlan, folder, program, builder, pair } = planned;
  const { facts } = program;
  return {
    ...planned,
    accelerated: await accelerate({ ...traced, plan: bakePlan, folder, facts, builder, pair, runs, neverUsed }),
  };
}

/** The analysis leaves the entry out, which is never baked. */
async function factsOfAll(
  { facts }: AnalysedProgram,
  entry: string,
  instrumented: (source: string) => Instrumented,
): Promise<StaticFacts[]> {
  return [...facts.values(), instrumented(await readFile(entry, 'utf8')).facts];
}
