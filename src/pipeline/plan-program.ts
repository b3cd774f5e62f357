// From the trace to the plan: what the analysis finds, and what this node's built-ins are known to keep of their
// environment. Both are answers to questions that rarely change, so they are cached by content.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { BakePlan } from '../../snapshot-entry/shared/bake-plan.cjs';
import type { Builder } from '../bake/builder-run.js';
import { keepingBuiltins } from '../bake/environment-builtins.js';
import { EnvironmentPair, VARIED_VARIABLES } from '../bake/prove.js';
import { workerUnsafeBuiltins } from '../bake/worker-builtins.js';
import { type ContentCache, hashKey } from '../cache/content-cache.js';
import type { Graph } from '../graph/types.js';
import { type AnalysedProgram, analyseProgram } from '../hazards/analyse.js';
import type { Habits } from '../plan/guards.js';
import { makePlan } from '../plan/make-plan.js';
import type { Plan } from '../plan/types.js';
import type { Instrumented } from '../source/instrument.js';
import type { NodeBinary } from '../target/measure.js';
import { unsafeBuiltins } from '../target/unsafe.js';
import { inputsKey } from './analysis-inputs.js';
import { toolFingerprint } from './tool-version.js';

const FINGERPRINT = toolFingerprint();

/** Longer than any analysis measured: firebase-tools, 3121 modules, takes a fifth. */
const ANALYSIS_TIMEOUT_MS = 120_000;

export function nodeKey({ path: binary, version, bytes, mtimeMs, inode }: NodeBinary): readonly unknown[] {
  return [FINGERPRINT, binary, version, bytes, mtimeMs, inode];
}

/** The sources that the analysis reads, by content; and what the trace says of them, without its times. */
async function graphKey(graph: Graph): Promise<readonly unknown[]> {
  const modules = await Promise.all(
    graph.modules.map(async ({ file, format, order, parent, loads, writesBefore }) => {
      const hash = createHash('sha256')
        .update(await readFile(file))
        .digest('hex');
      return [file, hash, format, order, parent, loads, writesBefore];
    }),
  );
  return [graph.entry, modules, graph.resolutions, graph.writes];
}

export interface AnalyseInput {
  readonly graph: Graph;
  readonly node: NodeBinary;
  /** The values that builders are given of the variables that may have one. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether modules are to be evaluated as on a terminal; else as on pipes. */
  readonly isTerminal: boolean;
  /** Whether statements that share their lines with others may be deferred, too. */
  readonly relaxedColumns: boolean;
  readonly workDir: string;
  readonly cache: ContentCache;
  /** As `AnalyseOptions.instrumented`. */
  readonly instrumented?: ((source: string) => Instrumented) | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface CachedProgram {
  /** Of `analysis.inputs`. */
  readonly inputs: string;
  readonly analysis: AnalysedProgram['analysis'];
  readonly facts: readonly (readonly [string, NonNullable<ReturnType<AnalysedProgram['facts']['get']>>])[];
}

export async function analyse(input: AnalyseInput): Promise<AnalysedProgram> {
  const { graph, node, variables, isTerminal, relaxedColumns, cache } = input;
  const key = hashKey('analysis', nodeKey(node), variables, isTerminal, relaxedColumns, await graphKey(graph));
  const known = (await cache.get(key)) as CachedProgram | undefined;
  if (known !== undefined && known.inputs === (await inputsKey(known.analysis.inputs)))
    return { analysis: known.analysis, facts: new Map(known.facts) };
  const program = await analyseProgram({ ...input, world: variables, timeoutMs: ANALYSIS_TIMEOUT_MS });
  const { analysis, facts } = program;
  await cache.put(key, { inputs: await inputsKey(analysis.inputs), analysis, facts: [...facts] });
  return program;
}

export interface PlanProgramInput extends AnalyseInput {
  readonly program: AnalysedProgram;
  readonly pair: Pick<EnvironmentPair, 'compare'>;
  readonly emptyPlan: BakePlan;
  /** As `PlanInput.mayWait`. */
  readonly mayWait: boolean;
  readonly habits: Habits;
  readonly builder: Pick<Builder, 'build'>;
}

/** Built-ins that baked modules require at load, each once. */
function builtinsLoaded(graph: Graph, plan: Plan): string[] {
  const baked = new Set(plan.order);
  const targets = graph.modules.flatMap(({ file, loads }) =>
    baked.has(file) ? loads.map(({ target }) => target) : [],
  );
  const builtins = targets.flatMap((target) => (target.startsWith('node:') ? target.slice('node:'.length) : []));
  return [...new Set(builtins)].sort();
}

/** The environments of the proof for this node. Which of their differences its own heap keeps is asked once. */
export async function calibratedPair(
  builder: Builder,
  emptyPlan: BakePlan,
  input: AnalyseInput,
): Promise<EnvironmentPair> {
  const key = hashKey('varied', nodeKey(input.node), VARIED_VARIABLES);
  const known = (await input.cache.get(key)) as string[] | undefined;
  const varied = known ?? (await new EnvironmentPair(builder, input.workDir).calibrate(emptyPlan));
  if (known === undefined) await input.cache.put(key, varied);
  return new EnvironmentPair(builder, input.workDir, varied);
}

/** Asks only about the built-ins that no build with this node has met before. */
async function builtinsWith(
  input: PlanProgramInput,
  names: readonly string[],
  question: string,
  ask: (unknown: readonly string[]) => Promise<readonly string[]>,
): Promise<string[]> {
  const keyOf = (name: string) => hashKey(question, nodeKey(input.node), VARIED_VARIABLES, name);
  const known = new Map(
    await Promise.all(names.map(async (name) => [name, await input.cache.get(keyOf(name))] as const)),
  );
  const unknown = names.filter((name) => known.get(name) === undefined);
  const found = new Set(unknown.length === 0 ? [] : await ask(unknown));
  for (const name of unknown) await input.cache.put(keyOf(name), found.has(name));
  return names.filter((name) => known.get(name) === true || found.has(name));
}

/** Built-ins that may not be in the heap, because of what they keep or of what they do to worker threads. */
async function unfitBuiltins(input: PlanProgramInput, names: readonly string[]): Promise<Set<string>> {
  const { pair, emptyPlan, builder } = input;
  const keeping = await builtinsWith(input, names, 'builtin', (unknown) => keepingBuiltins(pair, emptyPlan, unknown));
  const aborting = await builtinsWith(input, names, 'worker builtin', (unknown) =>
    workerUnsafeBuiltins(builder, emptyPlan, unknown),
  );
  return new Set([...keeping, ...aborting]);
}

/** Plans, and plans again without the modules whose built-ins keep their environment. */
export async function planProgram(input: PlanProgramInput): Promise<Plan> {
  const { graph, program, mayWait, habits } = input;
  const { analysis, facts } = program;
  const planned = { graph, analysis, facts, mayWait, habits };
  const first = makePlan(planned);
  // What no snapshot can hold is not in the heap, whoever loads it.
  const unsafe = unsafeBuiltins(input.node.major);
  const names = builtinsLoaded(graph, first).filter((name) => !unsafe.includes(name));
  const unfit = await unfitBuiltins(input, names);
  if (unfit.size === 0) return first;
  return makePlan({ ...planned, unfitBuiltins: new Set([...unfit].map((name) => `node:${name}`)) });
}
