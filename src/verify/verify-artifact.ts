// `snap verify`: repeats the build's comparison for an artifact that is in place.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Manifest, readManifest } from '../artifact/manifest.js';
import { readShebang } from '../entry/shebang.js';
import type { TrainingLine } from '../graph/types.js';
import { parseTrainingLine } from '../trace/training-args.js';
import type { RunOptions } from './run-once.js';
import { type LineResult, type VerifyOptions, verifyEnvironment, verifyLine } from './verify.js';

async function nodeFlagsOf(manifest: Manifest): Promise<readonly string[]> {
  return readShebang(await readFile(manifest.entry.file, 'utf8'))?.flags ?? [];
}

export interface ArtifactOptions extends RunOptions {
  /** Default: those that the artifact was trained with. */
  readonly lines?: readonly TrainingLine[];
}

/** What to run, and by which lines. @throws SnapError NOT_AN_ARTIFACT */
export async function openArtifact(
  folder: string,
  { lines, ...options }: ArtifactOptions,
): Promise<{ readonly options: VerifyOptions; readonly lines: readonly TrainingLine[] }> {
  const manifest = await readManifest(folder);
  const { node, entry } = manifest;
  const launcher = path.join(folder, manifest.options.name);
  const env = verifyEnvironment(options.env, node.path);
  const program = { launcher, node: node.path, entry: entry.file, argv1: entry.argv1 };
  return {
    options: { ...options, ...program, env, nodeFlags: await nodeFlagsOf(manifest) },
    lines: lines ?? manifest.options.train.map(parseTrainingLine),
  };
}

/** Each line run plainly and by the artifact. @throws SnapError NOT_AN_ARTIFACT */
export async function verifyArtifact(folder: string, options: ArtifactOptions): Promise<LineResult[]> {
  const artifact = await openArtifact(folder, options);
  const results: LineResult[] = [];
  for (const line of artifact.lines) results.push(await verifyLine(artifact.options, line));
  return results;
}
