// One world of an artifact: the traced modules analysed, planned, baked, packed and compared as they are on pipes, or as on
// a terminal.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { BakePlan } from '../../snapshot-entry/shared/bake-plan.cjs';
import { BakedTexts } from '../bake/baked-texts.js';
import type { Builder } from '../bake/builder-run.js';
import type { Worlds } from '../bake/prove.js';
import type { ContentCache } from '../cache/content-cache.js';
import type { Graph } from '../graph/types.js';
import type { AnalysedProgram } from '../hazards/analyse.js';
import type { Plan } from '../plan/types.js';
import { type Instrumented, instrument } from '../source/instrument.js';
import type { StaticFacts } from '../source/static-facts.js';
import { globalFolders } from '../stamps/global-folders.js';
import { NO_STAMPS, type Stamps, stampSources } from '../stamps/source-stamps.js';
import { type Accelerated, Accelerator, type WorldRuns } from './accelerate.js';
import type { Target } from './assemble.js';
import { bakeInput } from './bake-input.js';
import type { PhaseClock, Progress } from './phases.js';
import { type AnalyseInput, analyse, calibratedWorlds, planProgram } from './plan-program.js';
import { prepareBuilder } from './prepare-builder.js';

/** What all worlds of a program have in common. */
export interface TracedProgram {
  readonly target: Target;
  /** The modules that the training runs loaded; they ran on pipes. */
  readonly graph: Graph;
  readonly lines: readonly (readonly string[])[];
  readonly cwd: string;
  /** The user's own. */
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly isLazy: boolean;
  readonly relaxedColumns: boolean;
  readonly clock: PhaseClock;
  readonly progress: Progress;
  readonly cache: ContentCache;
  /** As `AnalyseOptions.instrumented`: all worlds have the same sources. */
  readonly instrumented?: (source: string) => Instrumented;
  /** Made of all its modules by one world, and taken by the next. */
  readonly texts?: BakedTexts;
  readonly signal?: AbortSignal;
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
  readonly worlds: Worlds;
}

export interface MadeWorld extends PlannedWorld {
  readonly accelerated: Accelerated;
}

/** What is asked of a world's analysis. */
export function analysisOf(traced: TracedProgram, { isTerminal, variables, folder }: World): AnalyseInput {
  const { target, graph, relaxedColumns, cache, signal, instrumented } = traced;
  const also = { ...(signal === undefined ? {} : { signal }), ...(instrumented === undefined ? {} : { instrumented }) };
  const asked = { graph, node: target.node, world: variables, isTerminal, relaxedColumns, workDir: folder, cache };
  return { ...asked, ...also };
}

/** `onAnalysed`: told what was found, before the plan is made of it and while no other program runs. */
export async function planWorld(
  traced: TracedProgram,
  world: World,
  onAnalysed: (program: AnalysedProgram) => void = () => undefined,
): Promise<PlannedWorld> {
  const { target, graph, lines, env, isLazy, relaxedColumns, clock, signal } = traced;
  const { isTerminal, variables, folder: workDir } = world;
  const { node } = target;
  const input = analysisOf(traced, world);
  const program = await clock.run('analyse', `${graph.modules.length} modules`, () => analyse(input));
  const artifactId = randomBytes(16).toString('hex');
  const builder = await prepareBuilder(workDir, node.path, variables, signal);
  const instrumented = traced.instrumented ?? ((source: string) => instrument(source, { relaxedColumns }));
  const importsDynamically = (await factsOfAll(program, graph.entry, instrumented)).some(
    (facts) => facts.dynamicImports,
  );
  const { late = [] } = program.analysis;
  const wanted = { graph, target, artifactId, importsDynamically, isTerminal, late };
  const emptyPlan = bakeInput({ ...wanted, plan: { modules: [], order: [] }, stamps: NO_STAMPS });
  const worlds = await calibratedWorlds(builder, emptyPlan, input);
  // Not before: a calibration lasts, and has no doubts of what a busy machine does to it.
  onAnalysed(program);
  const asked = { ...input, program, worlds, emptyPlan, builder, isLazy, habits: { env, lines } };
  const plan = await clock.run('plan', `${graph.modules.length} modules`, () => planProgram(asked));
  const texts = await (traced.texts ?? new BakedTexts()).of(plan, graph, program.facts);
  const { inputs } = program.analysis;
  const globals = globalFolders(env, node.path);
  const stamps = await stampSources({ graph, baked: new Set(plan.order), inputs, globals });
  const bakePlan = bakeInput({ ...wanted, plan, stamps, texts });
  return { ...world, program, plan, stamps, bakePlan, builder, worlds };
}

/** `neverUsed`: as `AccelerateInput.neverUsed`. */
export async function makeWorld(
  traced: TracedProgram,
  planned: PlannedWorld,
  runs: WorldRuns,
  neverUsed: readonly string[] = [],
): Promise<MadeWorld> {
  const { bakePlan, folder, program, builder, worlds } = planned;
  const { facts } = program;
  const accelerator = new Accelerator({ ...traced, plan: bakePlan, folder, facts, builder, worlds, runs, neverUsed });
  return { ...planned, accelerated: await accelerator.run() };
}

/** The analysis leaves the entry out, which is never baked. */
async function factsOfAll(
  { facts }: AnalysedProgram,
  entry: string,
  instrumented: (source: string) => Instrumented,
): Promise<StaticFacts[]> {
  return [...facts.values(), instrumented(await readFile(entry, 'utf8')).facts];
}
