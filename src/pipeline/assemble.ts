// Puts the pieces of an artifact into the work folder: pack, launcher and stamps beside a blob that is there already.
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import type { Entry } from '../entry/resolve-entry.js';
import type { Graph } from '../graph/types.js';
import {
  artifactFiles,
  checksumOf,
  identifyNode,
  type LauncherSpec,
  type TerminalWorld,
  terminalFolder,
  writeLauncher,
  writeStamps,
} from '../launch/index.js';
import type { PackInput, PackModule } from '../pack/types.js';
import { writePack } from '../pack/writer.js';
import { factsFor } from '../target/facts.js';
import type { NodeBinary } from '../target/measure.js';

export interface Target {
  readonly entry: Entry;
  readonly name: string;
  readonly node: NodeBinary;
  /** Whether `--node` was given. */
  readonly isPinned: boolean;
  /** NODE_PATH, under which the training lines run. */
  readonly nodePath: string;
}

/** Packs `modules`; resolutions of all traced modules go in, whoever asks. */
export function writeArtifactPack(
  folder: string,
  input: {
    readonly artifactId: Buffer;
    readonly node: NodeBinary;
    readonly graph: Graph;
    readonly modules: readonly PackModule[];
  },
): Promise<{ bytes: number; crc: number }> {
  const { version, arch, v8Tag } = input.node;
  const pack: PackInput = {
    artifactId: input.artifactId,
    node: { version, arch, v8Tag },
    modules: input.modules,
    // Node warns of some requests while it resolves them: those are left to it.
    resolutions: input.graph.resolutions.filter(({ warns }) => !warns),
  };
  return writePack(path.join(folder, artifactFiles.pack), pack);
}

/**
 * A program with a heap as large as this allocates tens of MB while it starts; firebase-tools 22 MB. V8's young generation has
 * 1 MB by default, so it is collected a dozen times meanwhile; with 16 MB once, for 23 ms; with 32 MB not at all. firebase-tools
 * started in 643 ms by default, in 607 ms with 16 MB, and 2 to 4 % faster still with 32 (docs/PERFORMANCE.md). eslint (7 MB)
 * gains nothing.
 */
const LARGE_BLOB_BYTES = 16e6;
const YOUNG_GENERATION = '--min-semi-space-size=32';

/** Not beside flags of the program's, which Node would not take from us for worker threads (worker-flags.cts). */
function bootFlagsFor({ entry, node }: Target, blobBytes: number): string[] {
  if (entry.nodeFlags.length > 0 || factsFor(node.version)?.heapSizesKeepCaches !== true) return [];
  return blobBytes >= LARGE_BLOB_BYTES ? [YOUNG_GENERATION] : [];
}

function launcherSpec(
  target: Target,
  rest: Pick<LauncherSpec, 'mode' | 'blobBytes' | 'packBytes'> & {
    plainReason?: string;
    blobChecksum?: string;
    terminal?: TerminalWorld | undefined;
  },
): LauncherSpec {
  const { entry, name, node, isPinned } = target;
  return {
    name,
    entry: entry.argv1,
    node: identifyNode(node.path, node.version, isPinned),
    nodeFlags: entry.nodeFlags,
    nodePath: target.nodePath,
    hugePages: process.platform === 'linux',
    nodeOptionsAllow: factsFor(node.version)?.nodeOptionsAllow ?? [],
    bootFlags: bootFlagsFor(target, rest.blobBytes),
    ...rest,
  };
}

export interface Sizes {
  readonly blobBytes: number;
  readonly packBytes: number;
}

/** The blob is written by node, with the permissions of the user's umask: it holds the program's heap. */
export async function writeAcceleratedLauncher(
  folder: string,
  target: Target,
  { blobBytes, packBytes }: Sizes,
  terminal?: TerminalWorld,
): Promise<string> {
  const blob = path.join(folder, artifactFiles.blob);
  await chmod(blob, 0o600);
  await writeStamps(folder, { node: target.node.path, blob });
  const blobChecksum = await checksumOf(blob);
  return writeLauncher(
    folder,
    launcherSpec(target, { mode: 'accelerated', blobBytes, packBytes, blobChecksum, terminal }),
  );
}

/** Of an artifact that has a world for terminals, too. */
export async function writeTwoWorldsLauncher(
  folder: string,
  target: Target,
  pipe: Sizes,
  terminal: Sizes & Pick<TerminalWorld, 'descriptors'>,
): Promise<string> {
  const blob = path.join(folder, terminalFolder, artifactFiles.blob);
  await chmod(blob, 0o600);
  await writeStamps(path.dirname(blob), { blob });
  const blobChecksum = await checksumOf(blob);
  return writeAcceleratedLauncher(folder, target, pipe, { ...terminal, blobChecksum });
}

export function writePlainLauncher(folder: string, target: Target, plainReason: string): Promise<string> {
  return writeLauncher(folder, launcherSpec(target, { mode: 'plain', plainReason, blobBytes: 0, packBytes: 0 }));
}
