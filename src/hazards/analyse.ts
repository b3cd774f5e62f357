// The throw-away bake under instrumentation: prepares the plan for the probe, runs it in a builder process of the
// target node, and sets modules aside that hang or crash it.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Analysis, Effect } from '../graph/analysis.js';
import type { Graph, TracedModule } from '../graph/types.js';
import { type Instrumented, instrument } from '../source/instrument.js';
import type { StaticFacts } from '../source/static-facts.js';
import { bundleScript } from '../target/bundle-script.js';
import { type ChildEnd, runChild } from '../target/child.js';
import { bareEnvironment } from '../target/measure.js';
import { isSafeToRead, unsafeBuiltins, unsafeGlobals } from '../target/unsafe.js';
import { analysisFailed, nodeFailed, tooManyCulprits } from './errors.js';
import { MadeTexts } from './made-texts.js';
import { packageDir } from './package-dir.js';
import { plainNames } from './plain-names.js';
import type { PlannedModule, ProbePlan, ProbeResult } from './probe/shapes.cjs';

export interface AnalyseOptions {
  readonly graph: Graph;
  /** The target binary, and its major version. */
  readonly node: { readonly path: string; readonly major: number };
  /** The values that the builder is given of the variables that may have one. Default: none. */
  readonly world?: Readonly<Record<string, string>> | undefined;
  /** Whether modules are told that the standard streams are terminals. Default: that they are none. */
  readonly isTerminal?: boolean | undefined;
  /** Whether statements that share their lines with others may be deferred, too. Default: false. */
  readonly relaxedColumns?: boolean | undefined;
  /** For one run of the probe. */
  readonly timeoutMs: number;
  /** An existing folder; temporary files go below it and are removed. */
  readonly workDir: string;
  /** Answers for a source that was instrumented before, by its text. */
  readonly instrumented?: ((source: string) => Instrumented) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface AnalysedProgram {
  readonly analysis: Analysis;
  readonly facts: ReadonlyMap<string, StaticFacts>;
}

/** Modules set aside because they hang or crash the builder; a program with more is beyond help here. */
const MAX_CULPRITS = 8;
/** Of objects that were found changed, so many are watched in the second run, which names who writes to them. */
const MAX_SUSPECTS = 20_000;
const KEPT_STDERR_BYTES = 4_000;

interface Prepared {
  readonly modules: PlannedModule[];
  readonly facts: Map<string, StaticFacts>;
}

async function prepare(options: AnalyseOptions): Promise<Prepared> {
  const { graph, relaxedColumns = false } = options;
  const instrumented = options.instrumented ?? ((source: string) => instrument(source, { relaxedColumns }));
  const facts = new Map<string, StaticFacts>();
  const modules: PlannedModule[] = [];
  const traced = graph.modules.filter((module) => module.file !== graph.entry);
  for (const module of [...traced].sort((a, b) => a.order - b.order)) {
    options.signal?.throwIfAborted();
    modules.push(await prepareOne(module, facts, instrumented));
  }
  return { modules, facts };
}

async function prepareOne(
  { file, format }: TracedModule,
  facts: Map<string, StaticFacts>,
  instrumented: (source: string) => Instrumented,
): Promise<PlannedModule> {
  // Files below this folder count as the module's own: reading them at load is no hazard.
  const packaged = packageDir(file);
  const shape = { file, format, packageDir: packaged, inserted: [] };
  if (format !== 'commonjs' && format !== 'json') return { ...shape, source: '' };
  const source = await readFile(file, 'utf8').catch((cause) => {
    throw analysisFailed(file, 'cannot be read', cause);
  });
  if (format === 'json') return { ...shape, source };
  const { code, inserted, facts: known } = instrumented(source);
  facts.set(file, known);
  return { ...shape, source: code, inserted };
}

type Outcome =
  | { readonly kind: 'done'; readonly result: ProbeResult }
  | { readonly kind: 'failed'; readonly last: string; readonly detail: string };

async function runBuilder(options: AnalyseOptions, folder: string, args: readonly string[]): Promise<ChildEnd> {
  const { node, world, timeoutMs, signal } = options;
  const env = { ...world, ...bareEnvironment(folder) };
  try {
    return await runChild(node.path, args, {
      cwd: folder,
      env,
      timeoutMs,
      signal,
      stderr: { last: KEPT_STDERR_BYTES },
    });
  } catch (cause) {
    throw signal?.aborted === true ? cause : nodeFailed(node.path, cause);
  }
}

async function runProbe(options: AnalyseOptions, folder: string, plan: ProbePlan): Promise<Outcome> {
  const planFile = path.join(folder, 'plan.json');
  const outFile = path.join(folder, 'out.json');
  await writeFile(planFile, JSON.stringify(plan));
  await rm(outFile, { force: true });
  const blob = path.join(folder, 'never-written.blob');
  const script = path.join(folder, 'analysis.js');
  const ended = await runBuilder(options, folder, [
    '--snapshot-blob',
    blob,
    '--build-snapshot',
    script,
    planFile,
    outFile,
  ]);
  if (ended.exitCode === 0) return { kind: 'done', result: JSON.parse(await readFile(outFile, 'utf8')) };
  const progress = (await readFile(plan.progressFile, 'utf8').catch(() => '')).trimEnd().split('\n');
  const how = ended.signal === null ? `exit code ${ended.exitCode}` : `signal ${ended.signal}`;
  return { kind: 'failed', last: progress.at(-1) ?? '', detail: `${how} ${ended.stderr}`.trim() };
}

/** Runs the probe until it ends; each module that stops it is set aside and charged. */
async function runToEnd(
  options: AnalyseOptions,
  folder: string,
  base: ProbePlan,
  culprits: Map<string, string>,
): Promise<ProbeResult> {
  for (;;) {
    const modules = base.modules.map((module) =>
      culprits.has(module.file) ? { ...module, format: 'other' as const } : module,
    );
    const outcome = await runProbe(options, folder, { ...base, modules });
    if (outcome.kind === 'done') return outcome.result;
    if (outcome.last === '' || culprits.has(outcome.last)) throw analysisFailed(options.node.path, outcome.detail);
    culprits.set(outcome.last, outcome.detail);
    if (culprits.size > MAX_CULPRITS) throw tooManyCulprits(outcome.last, outcome.detail);
  }
}

/**
 * Evaluates all traced modules but the entry under instrumentation, in a builder process of the target node.
 * Twice where objects were found changed: the second run watches those and names the writers.
 * @throws SnapError ANALYSE_TIMEOUT, ANALYSE_FAILED, ANALYSE_NODE_FAILED
 */
export async function analyseProgram(options: AnalyseOptions): Promise<AnalysedProgram> {
  const folder = await mkdtemp(path.join(options.workDir, 'analyse-'));
  try {
    const names = await plainNames(options.node.path, folder);
    const { modules, facts } = await prepare(options);
    const probe = fileURLToPath(new URL('./probe/main.cjs', import.meta.url));
    await writeFile(path.join(folder, 'analysis.js'), bundleScript(probe));
    const plan: ProbePlan = {
      entry: options.graph.entry,
      modules,
      resolutions: options.graph.resolutions.map(({ from, request, target, code, warns = false }) => {
        return [from, request, target, code, warns];
      }),
      plainNames: names,
      unsafeBuiltins: unsafeBuiltins(options.node.major),
      unsafeGlobals: unsafeGlobals(options.node.major),
      worldVariables: Object.keys(options.world ?? {}),
      isTerminal: options.isTerminal ?? false,
      progressFile: path.join(folder, 'progress'),
      watch: [],
      made: [],
    };
    const culprits = new Map<string, string>();
    const first = await runToEnd(options, folder, plan, culprits);
    const watch = first.suspects.slice(0, MAX_SUSPECTS).map((suspect) => suspect.watch);
    const texts = new MadeTexts();
    const isOnce = !texts.add(first) && watch.length === 0;
    const result = isOnce ? first : await runToEnd(options, folder, { ...plan, watch, made: texts.all }, culprits);
    const analysis = assemble(first, result, facts, culprits);
    const isSafe = isSafeToRead(options.node.major);
    const effects = [...analysis.effects, ...texts.effects(result)];
    return {
      analysis: { ...analysis, effects, reads: analysis.reads.filter(({ owner, member }) => isSafe(owner, member)) },
      facts,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function assemble(
  first: ProbeResult,
  result: ProbeResult,
  facts: ReadonlyMap<string, StaticFacts>,
  culprits: ReadonlyMap<string, string>,
): Analysis {
  const effects: Effect[] = [...result.effects];
  // Where an object changed and the second run did not find who wrote to it, the module that owns it is not baked.
  const explained = new Set(effects.filter((effect) => effect.kind === 'foreign-write').map((effect) => effect.owner));
  for (const { owner, path: where } of first.suspects) {
    if (owner !== '' && !explained.has(owner)) {
      effects.push({ module: owner, kind: 'foreign-write', subject: where, at: `${owner}:1`, owner });
    }
  }
  for (const [file, detail] of culprits) {
    effects.push({
      module: file,
      kind: 'throws',
      subject: `stops the builder: ${detail.slice(0, 200)}`,
      at: `${file}:1`,
    });
  }
  return {
    effects,
    inputs: result.inputs,
    reads: [...result.reads, ...staticReads(facts, new Set(result.missing))],
    loads: result.loads,
    touches: result.touches,
    uses: result.uses,
    late: result.missing,
    evaluated: result.evaluated.filter((file) => !culprits.has(file)),
  };
}

/**
 * Free names, and the members of standard globals that a text names: over the whole file, so more than is read at load. Not
 * what the builder lacks: to read that at load is a hazard, and to compare it with what it is not there would never hold.
 */
function staticReads(facts: ReadonlyMap<string, StaticFacts>, missing: ReadonlySet<string>): Analysis['reads'] {
  const isThere = (name: string) => !missing.has(name);
  return [...facts].flatMap(([module, { freeNames, globalMembers }]) => [
    ...freeNames.filter(isThere).map((member) => ({ module, owner: 'globalThis', member })),
    ...globalMembers.filter(isThere).map((name) => {
      const cut = name.lastIndexOf('.');
      return { module, owner: `globalThis.${name.slice(0, cut)}`, member: name.slice(cut + 1) };
    }),
  ]);
}
