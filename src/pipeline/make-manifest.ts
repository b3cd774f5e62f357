// Gathers what the phases decided into the manifest.
import { existsSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkFolder } from '../artifact/folder.js';
import { ARTIFACT_FILES, MANIFEST_FILE } from '../artifact/layout.js';
import {
  MANIFEST_FORMAT,
  type Manifest,
  type ManifestModule,
  type ManifestOptions,
  type ManifestPlacement,
  type ManifestWorld,
} from '../artifact/manifest.js';
import { sha256 } from '../artifact/up-to-date.js';
import type { Demotion } from '../bake/search.js';
import type { Graph, TracedModule } from '../graph/types.js';
import type { AnalysedProgram } from '../hazards/analyse.js';
import { describeGuard } from '../plan/guards.js';
import type { Plan, PlannedVerdict } from '../plan/types.js';
import type { Stamps } from '../stamps/source-stamps.js';
import type { Accelerated } from './accelerate.js';
import type { Target } from './assemble.js';
import type { MadeWorld } from './make-world.js';
import { type BuildOptions, DEFAULT_TRAINING } from './options.js';
import { TOOL_VERSION, toolFingerprint } from './tool-version.js';

export function manifestOptions(options: BuildOptions, target: Target): ManifestOptions {
  return {
    entry: options.entry,
    name: target.name,
    node: options.node === undefined ? null : target.node.path,
    train: [...(options.train ?? DEFAULT_TRAINING)],
    sandbox: options.sandbox ?? false,
    keepSlower: options.keepSlower ?? false,
    defer: options.defer ?? true,
    relaxedColumns: options.relaxedColumns ?? false,
  };
}

const DEMOTION_WORDS: Record<Demotion['code'], string> = {
  BAKE_THREW: 'it fails while the snapshot is built',
  BAKE_ABORTED: 'V8 cannot put it into a snapshot',
  BAKE_DEPENDS_ON_WORLD: 'its heap is another one in another environment',
  BAKE_NEEDS_DEMOTED: 'it needs, at load, a module that cannot be baked',
  BAKE_NEVER_USED: 'where it is loaded, the program has changed what it was baked with',
  VERIFY_DIFFERS: 'the program does something else when it is baked',
};

function placement({ code }: Demotion): Pick<ManifestModule, 'verdict' | 'reason' | 'code'> {
  return { verdict: 'packed', reason: DEMOTION_WORDS[code], code };
}

function demoted(demotion: Demotion): Pick<ManifestModule, 'verdict' | 'reason' | 'code' | 'evidence' | 'via'> {
  const { detail, file, culprit } = demotion;
  return { ...placement(demotion), evidence: [detail], via: culprit === file ? [] : [culprit] };
}

/** What the phases made; null where a build ended before it. */
export interface Made {
  readonly graph: Graph | null;
  readonly program: AnalysedProgram | null;
  readonly plan: Plan | null;
  readonly accelerated: Accelerated | null;
  readonly plainReason: string | null;
  readonly stamps: Stamps;
  /** The world for terminals; what stands above is of the world of pipes. */
  readonly terminal: MadeWorld | null;
  readonly oneWorldReason: string | null;
  /** The world of pipes serves terminals alike. */
  readonly isShared: boolean;
}

function demotionOf(file: string, accelerated: Accelerated | null): Demotion | undefined {
  return accelerated?.demotions.find((one) => one.file === file);
}

async function describeModule(module: TracedModule, verdict: PlannedVerdict, made: Made): Promise<ManifestModule> {
  const { file, bytes, totalMs } = module;
  const demotion = demotionOf(file, made.accelerated);
  const inputs = (made.program?.analysis.inputs ?? [])
    .filter((input) => input.module === file)
    .map((input) => input.path);
  const { reason, code, via } = verdict;
  const evidence = verdict.evidence.map(({ at, message }) => `${at}: ${message}`);
  const decided =
    demotion === undefined ? { verdict: verdict.verdict, reason, code, evidence, via } : demoted(demotion);
  const deferred =
    demotion === undefined ? verdict.deferred.map(({ line, reason: why }) => `${file}:${line}: ${why}`) : [];
  const guards = demotion === undefined ? verdict.guards.map(({ guard }) => describeGuard(guard)) : [];
  const { mtimeMs } = await stat(file);
  return { file, ...decided, guards, deferred, bytes, loadMs: totalMs, inputs, sha256: await sha256(file), mtimeMs };
}

async function describeModules(made: Made): Promise<ManifestModule[]> {
  if (made.graph === null || made.plan === null) return [];
  const verdicts = new Map(made.plan.modules.map((module) => [module.file, module]));
  const described = made.graph.modules.map((module) => {
    const verdict = verdicts.get(module.file);
    return verdict === undefined ? null : describeModule(module, verdict, made);
  });
  return (await Promise.all(described)).filter((module) => module !== null);
}

function placedIn({ plan, accelerated }: Pick<MadeWorld, 'plan' | 'accelerated'>): ManifestPlacement[] {
  return plan.modules.map(({ file, verdict, reason, code }) => {
    const demotion = demotionOf(file, accelerated);
    if (demotion === undefined) return { file, verdict, reason, code };
    return { file, ...placement(demotion) };
  });
}

function describeWorlds({ plan, accelerated, plainReason, terminal, isShared }: Made): ManifestWorld[] {
  if (plan === null || accelerated === null || plainReason !== null) return [];
  const world = (
    name: ManifestWorld['name'],
    made: Accelerated,
    others: readonly ManifestPlacement[],
  ): ManifestWorld => {
    const { blobBytes, packBytes, baked } = made;
    return { name, baked: baked.length, blobBytes, packBytes, others };
  };
  const pipe = world(isShared ? 'shared' : 'pipe', accelerated, []);
  if (terminal === null) return [pipe];
  const verdicts = new Map(placedIn({ plan, accelerated }).map(({ file, verdict }) => [file, verdict]));
  const others = placedIn(terminal).filter(({ file, verdict }) => verdicts.get(file) !== verdict);
  return [pipe, world('terminal', terminal.accelerated, others)];
}

async function fileSizes(work: string, launcher: string): Promise<Manifest['files']> {
  const sizes: Record<string, { bytes: number }> = {};
  for (const name of [...ARTIFACT_FILES, launcher]) {
    const file = path.join(work, name);
    if (existsSync(file)) sizes[name] = { bytes: (await stat(file)).size };
  }
  return sizes;
}

export async function makeManifest(
  input: Made & {
    readonly options: BuildOptions;
    readonly target: Target;
    readonly folder: WorkFolder;
    readonly timings: Manifest['timings'];
  },
): Promise<Manifest> {
  const { target, options, folder } = input;
  const { path: binary, version, arch, v8Tag, bytes, mtimeMs, inode } = target.node;
  const { file, argv1, format } = target.entry;
  return {
    format: MANIFEST_FORMAT,
    tool: { name: 'v8-snap', version: TOOL_VERSION, fingerprint: toolFingerprint() },
    createdAt: new Date().toISOString(),
    mode: input.plainReason === null ? 'accelerated' : 'plain',
    plainReason: input.plainReason,
    entry: { file, argv1, format },
    node: { path: binary, version, arch, v8Tag, size: bytes, mtimeMs, inode },
    options: manifestOptions(options, target),
    files: await fileSizes(folder.work, target.name),
    modules: await describeModules(input),
    worlds: describeWorlds(input),
    oneWorldReason: input.oneWorldReason,
    stamps: input.stamps,
    verified: (input.accelerated?.verified ?? []).map(({ args, differences }) => ({
      args,
      same: differences.length === 0,
    })),
    timings: input.timings,
  };
}

export async function writeManifest(work: string, manifest: Manifest): Promise<void> {
  await writeFile(path.join(work, MANIFEST_FILE), `${JSON.stringify(manifest, null, 1)}\n`, { mode: 0o600 });
}
