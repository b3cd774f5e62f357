// A build, as a table of contents.
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeRefused } from '../artifact/errors.js';
import { checkName, openWorkFolder, switchIn, type WorkFolder } from '../artifact/folder.js';
import { ARTIFACT_FILES } from '../artifact/layout.js';
import { readManifest } from '../artifact/manifest.js';
import { isUpToDate } from '../artifact/up-to-date.js';
import { openCache } from '../cache/content-cache.js';
import { resolveEntry } from '../entry/resolve-entry.js';
import type { Graph } from '../graph/types.js';
import type { AnalysedProgram } from '../hazards/analyse.js';
import { workerStarter } from '../hazards/static-facts.js';
import { rewritePlan } from '../lazy/rewrite-plan.js';
import { measureNode } from '../node/measure.js';
import type { Plan } from '../plan/types.js';
import { NO_STAMPS, stampSources } from '../sources/stamps.js';
import { lastingGraph } from '../trace/lasting.js';
import { traceProgram } from '../trace/run.js';
import { openRunPlace, type RunPlace } from '../trace/sandbox.js';
import { parseTrainingLine } from '../trace/training-args.js';
import { trainingEnvironment } from '../trace/training-run.js';
import { isFaster } from '../verify/gain.js';
import { type Accelerated, Accelerator } from './accelerate.js';
import { type Target, writePlainLauncher } from './assemble.js';
import { bakeInput } from './bake-input.js';
import { type Made, makeManifest, manifestOptions, writeManifest } from './make-manifest.js';
import { type BuildOptions, type BuildResult, DEFAULT_TRAIN_TIMEOUT_MS, DEFAULT_TRAINING } from './options.js';
import { PhaseClock } from './phases.js';
import { analyse, calibratedWorlds, planProgram } from './plan-program.js';
import { prepareBuilder } from './prepare-builder.js';
import { unfitFlag } from './shebang-flags.js';
import { toolFingerprint } from './tool-version.js';

/** @throws SnapError, TraceError, LaunchError, PackWriteError: each with a code, a message and a hint. */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const clock = new PhaseClock(options.progress);
  const target = await findTarget(options, clock);
  checkName(target.name);
  const out = path.resolve(options.cwd, options.out ?? path.join('.snap', target.name));
  await mkdir(path.dirname(out), { recursive: true }).catch((error) => writeRefused(out, error));
  const folder = await openWorkFolder(out, options.signal);
  try {
    return (await reuse(options, target, folder)) ?? (await buildInto(folder, options, target, clock));
  } finally {
    await folder.release();
  }
}

async function findTarget(options: BuildOptions, clock: PhaseClock): Promise<Target> {
  const entry = await resolveEntry(options.entry, options.cwd);
  const binary = options.node === undefined ? process.execPath : path.resolve(options.cwd, options.node);
  const node = await clock.run('node', binary, () => measureNode(binary));
  return {
    entry,
    name: options.name ?? entry.name,
    node,
    isPinned: options.node !== undefined,
    nodePath: options.env.NODE_PATH ?? '',
  };
}

/** The artifact as it stands, if a build would make the same one. */
async function reuse(options: BuildOptions, target: Target, { out }: WorkFolder): Promise<BuildResult | null> {
  const manifest = await readManifest(out).catch(() => null);
  if (manifest === null) return null;
  const { file, argv1, format } = target.entry;
  const wanted = {
    fingerprint: toolFingerprint(),
    options: manifestOptions(options, target),
    node: target.node,
    entry: { file, argv1, format },
  };
  if (!(await isUpToDate(out, manifest, wanted))) return null;
  return { out, launcher: path.join(out, target.name), manifest, isUpToDate: true, differences: [] };
}

async function buildInto(
  folder: WorkFolder,
  options: BuildOptions,
  target: Target,
  clock: PhaseClock,
): Promise<BuildResult> {
  const unfit = whyUnfit(target);
  const made = unfit === null ? await makeInPlace(folder, options, target, clock) : nothingMade(unfit);
  if (made.plainReason !== null) {
    await clock.run('launch', 'plain', () => makePlain(folder.work, target, made.plainReason ?? ''));
  }
  const manifest = await makeManifest({ ...made, options, target, folder, timings: clock.timings });
  options.signal?.throwIfAborted();
  await writeManifest(folder.work, manifest);
  await switchIn(folder, target.name);
  const differences = (made.accelerated?.verified ?? []).filter((line) => line.differences.length > 0);
  return { out: folder.out, launcher: path.join(folder.out, target.name), manifest, isUpToDate: false, differences };
}

/** Why nothing needs to be tried. */
function whyUnfit({ entry, node }: Target): string | null {
  if (entry.format === 'module') return 'the entry is an ES module';
  const flag = unfitFlag(entry.nodeFlags, node.version);
  return flag === undefined ? null : `the shebang's flag ${flag} changes how modules load`;
}

/** A launcher alone: what an attempt left beside it is of no use. */
async function makePlain(work: string, target: Target, reason: string): Promise<void> {
  for (const name of ARTIFACT_FILES) await rm(path.join(work, name), { force: true });
  await writePlainLauncher(work, target, reason);
}

function nothingMade(plainReason: string): Made {
  return {
    graph: null,
    program: null,
    plan: null,
    accelerated: null,
    plainReason,
    stamps: NO_STAMPS,
  };
}

/** All runs of the program happen in one place: what the first ones write there the later ones find, as without a sandbox. */
async function makeInPlace(
  folder: WorkFolder,
  options: BuildOptions,
  target: Target,
  clock: PhaseClock,
): Promise<Made> {
  const place = await openRunPlace(options.cwd, options.sandbox ?? false);
  try {
    return await makeAccelerated(place, folder, options, target, clock);
  } finally {
    place.remove();
  }
}

async function makeAccelerated(
  place: RunPlace,
  folder: WorkFolder,
  options: BuildOptions,
  target: Target,
  clock: PhaseClock,
): Promise<Made> {
  const { signal, progress, trainTimeoutMs: timeoutMs = DEFAULT_TRAIN_TIMEOUT_MS } = options;
  const { cwd } = place;
  const env = { ...options.env, ...place.env };
  const { node } = target;
  const workDir = folder.work;
  const stop = signal === undefined ? {} : { signal };
  const lines = (options.train ?? DEFAULT_TRAINING).map(parseTrainingLine);
  const traced = await clock.run('trace', `${lines.length} training lines`, () =>
    trace({ ...options, cwd, env }, target, lines),
  );
  const graph = lastingGraph(traced, place.scratch);
  const input = { graph, node, workDir, cache: await openCache(options.env), ...stop };
  const program = await clock.run('analyse', `${graph.modules.length} modules`, () => analyse(input));
  const starter = node.workersSurvive ? undefined : workerStarter(program.facts);
  if (starter !== undefined)
    return {
      ...nothingMade(`${starter} can start worker threads, which abort after ${node.version} has booted a snapshot`),
      graph,
      program,
    };
  const artifactId = randomBytes(16).toString('hex');
  const builder = await prepareBuilder(workDir, node.path, signal);
  const importsDynamically = [...program.facts.values()].some((facts) => facts.dynamicImports);
  const wanted = { graph, target, artifactId, importsDynamically };
  const emptyPlan = bakeInput({ ...wanted, plan: { modules: [], order: [] }, stamps: NO_STAMPS });
  const worlds = await calibratedWorlds(builder, emptyPlan, input);
  const plan = await clock.run('plan', `${graph.modules.length} modules`, () =>
    planProgram({ ...input, program, worlds, emptyPlan, isLazy: options.lazy ?? true, habits: { env, lines } }),
  );
  const rewritten = await rewritePlan(plan);
  const inputs = inputFiles(program, plan);
  const stamps = await stampSources([...graph.modules.map(({ file }) => file), ...inputs.present], inputs.absent);
  const accelerated = await new Accelerator({
    ...{
      target,
      graph,
      lines,
      clock,
      progress,
      cwd,
      timeoutMs,
      builder,
      worlds,
      facts: program.facts,
      folder: workDir,
      ...stop,
    },
    ...{
      env: trainingEnvironment(env),
      userEnv: env,
      isForced: options.keepSlower ?? false,
      plan: bakeInput({ ...wanted, plan, stamps, rewritten }),
    },
  }).run();
  const plainReason = whyPlain(accelerated);
  return { graph, program, plan, accelerated, plainReason, stamps };
}

function whyPlain({ isSame, gain }: Accelerated): string | null {
  if (!isSame) return 'its accelerated runs differ from plain ones';
  if (gain === undefined || isFaster(gain)) return null;
  return `it starts no faster from a snapshot (${gain.acceleratedMs.toFixed(0)} ms, plain ${gain.plainMs.toFixed(0)} ms)`;
}

/**
 * What baked modules read, listed and missed of their package's files while they were loaded. Packed modules read theirs
 * again in each run.
 */
function inputFiles({ analysis }: AnalysedProgram, plan: Plan): { present: string[]; absent: string[] } {
  const baked = new Set(plan.order);
  const inputs = analysis.inputs.filter(({ module }) => baked.has(module));
  const pathsOf = (isAbsent: boolean) =>
    inputs.filter(({ kind }) => (kind === 'absent') === isAbsent).map((input) => input.path);
  return { present: pathsOf(false), absent: pathsOf(true) };
}

function trace(options: BuildOptions, target: Target, lines: readonly (readonly string[])[]): Promise<Graph> {
  return traceProgram({
    ...{
      entry: target.entry.argv1,
      node: target.node.path,
      nodeFlags: target.entry.nodeFlags,
      lines,
      cwd: options.cwd,
    },
    ...{
      timeoutMs: options.trainTimeoutMs ?? DEFAULT_TRAIN_TIMEOUT_MS,
      env: options.env,
    },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    onProgress: (_line, args) => options.progress.note(`training: ${target.name} ${args.join(' ')}`),
  });
}
