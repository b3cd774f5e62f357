// A build, as a table of contents.
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeRefused } from '../artifact/errors.js';
import { checkName, openWorkFolder, switchIn, type WorkFolder } from '../artifact/folder.js';
import { ARTIFACT_FILES } from '../artifact/layout.js';
import { readManifest } from '../artifact/manifest.js';
import { isUpToDate } from '../artifact/up-to-date.js';
import { BakedTexts } from '../bake/baked-texts.js';
import { openCache } from '../cache/content-cache.js';
import { resolveEntry } from '../entry/resolve-entry.js';
import type { Graph, TrainingLine } from '../graph/types.js';
import { instrument } from '../source/instrument.js';
import { globalFolders } from '../stamps/global-folders.js';
import { mergeStamps, NO_STAMPS } from '../stamps/source-stamps.js';
import { worldOf } from '../target/environment.js';
import { lastingGraph } from '../trace/lasting.js';
import { traceProgram } from '../trace/run.js';
import { openRunPlace, type RunPlace } from '../trace/sandbox.js';
import { parseTrainingLine } from '../trace/training-args.js';
import { isFaster } from '../verify/gain.js';
import { differing } from '../verify/verify.js';
import type { Accelerated } from './accelerate.js';
import { AnalysisAhead } from './analyse-ahead.js';
import { type Target, writePlainLauncher } from './assemble.js';
import { knownNode } from './known-node.js';
import { type Made, makeManifest, manifestOptions, writeManifest } from './make-manifest.js';
import { makeWorld, planWorld, type TracedProgram } from './make-world.js';
import { type BuildOptions, type BuildResult, DEFAULT_TRAIN_TIMEOUT_MS, DEFAULT_TRAINING } from './options.js';
import { PhaseClock } from './phases.js';
import { pipeRuns } from './pipe-world.js';
import { unfitFlag } from './shebang-flags.js';
import { makeTerminalWorld, terminalOf } from './terminal-world.js';
import { toolFingerprint } from './tool-version.js';

/** @throws SnapError */
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
  const entry = await resolveEntry(options.entry, options.cwd, options.env.PATH);
  const binary = options.node === undefined ? process.execPath : path.resolve(options.cwd, options.node);
  const node = await clock.run('node', binary, async () => knownNode(binary, await openCache(options.env)));
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
    globals: globalFolders(options.env, target.node.path),
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
  const differences = differing(made.accelerated?.verified ?? []);
  return { out: folder.out, launcher: path.join(folder.out, target.name), manifest, isUpToDate: false, differences };
}

/** Why the artifact can only run plainly, where that is known before anything is tried. */
function whyUnfit({ entry, node }: Target): string | null {
  if (entry.format === 'module') return 'the entry is an ES module';
  const flag = unfitFlag(entry.nodeFlags, node.version);
  return flag === undefined ? null : `the shebang's flag ${flag} changes how modules load`;
}

/** The launcher and nothing else: what attempts have left beside it would never be used. */
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
    terminal: null,
    oneWorldReason: null,
    isShared: false,
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
  const { defer: mayWait = true, relaxedColumns = false } = options;
  const { cwd } = place;
  const env = { ...options.env, ...place.env };
  const lines = (options.train ?? DEFAULT_TRAINING).map(parseTrainingLine);
  const recorded = await clock.run('trace', `${lines.length} training lines`, () =>
    trace({ ...options, cwd, env }, target, lines),
  );
  const graph = lastingGraph(recorded, place.scratch);
  const cache = await openCache(options.env);
  const instrumented = remembering((source) => instrument(source, { relaxedColumns }));
  const texts = new BakedTexts();
  const choices = { mayWait, relaxedColumns };
  const traced = {
    target,
    graph,
    lines,
    cwd,
    env,
    timeoutMs,
    ...choices,
    instrumented,
    texts,
    clock,
    progress,
    cache,
    signal,
  };
  const ahead = new AnalysisAhead();
  try {
    return await makeWorlds(traced, folder.work, options.keepSlower ?? false, ahead);
  } finally {
    await ahead.end();
  }
}

async function makeWorlds(
  traced: TracedProgram,
  folder: string,
  isForced: boolean,
  ahead: AnalysisAhead,
): Promise<Made> {
  const { graph, env } = traced;
  const pipes = { isTerminal: false, variables: worldOf(env), folder };
  const planned = await planWorld(traced, pipes, (program) =>
    ahead.startIfNeeded(program, traced, { ...terminalOf(traced), folder }),
  );
  const runs = pipeRuns(traced, folder, isForced);
  const pipe = await makeWorld(traced, planned, { ...runs, idle: () => ahead.settled() });
  const { program, plan, accelerated } = pipe;
  const plainReason = whyPlain(accelerated);
  if (plainReason !== null)
    return { ...nothingMade(plainReason), graph, program, plan, accelerated, stamps: pipe.stamps };
  const outcome = await makeTerminalWorld(traced, pipe);
  const { stamps } = outcome.terminal ?? pipe;
  return { graph, program, plan, accelerated, plainReason, stamps: mergeStamps(pipe.stamps, stamps), ...outcome };
}

/** Both worlds instrument the same sources, which takes half of the time of an analysis. */
function remembering<V>(make: (text: string) => V): (text: string) => V {
  const known = new Map<string, V>();
  return (text) => {
    const value = known.get(text) ?? make(text);
    known.set(text, value);
    return value;
  };
}

function whyPlain({ isSame, gain }: Accelerated): string | null {
  if (!isSame) return 'its accelerated runs differ from plain ones';
  if (gain === undefined || isFaster(gain)) return null;
  return `it starts no faster from a snapshot (${gain.acceleratedMs.toFixed(0)} ms, plain ${gain.plainMs.toFixed(0)} ms)`;
}

function trace(options: BuildOptions, target: Target, lines: readonly TrainingLine[]): Promise<Graph> {
  const { cwd, env, signal, progress, trainTimeoutMs: timeoutMs = DEFAULT_TRAIN_TIMEOUT_MS } = options;
  const { entry, name, node } = target;
  return traceProgram({
    entry: entry.argv1,
    node: node.path,
    nodeFlags: entry.nodeFlags,
    lines,
    cwd,
    env,
    timeoutMs,
    signal,
    onProgress: (_line, args) => progress.note(`training: ${name} ${args.join(' ')}`),
  });
}
