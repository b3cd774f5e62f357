// `snap verify`: repeats the build's comparison for an artifact that is in place.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Manifest, readManifest } from '../artifact/manifest.js';
import { readShebang } from '../entry/shebang.js';
import { parseTrainingLine } from '../trace/training-args.js';
import type { RunOptions } from './run-once.js';
import { type LineResult, verifyEnvironment, verifyLine } from './verify.js';

async function nodeFlagsOf(manifest: Manifest): Promise<readonly string[]> {
  return readShebang(await readFile(manifest.entry.file, 'utf8'))?.flags ?? [];
}

/** Each line run twice plainly and once by the artifact. Default lines: those it was trained with. @throws SnapError NOT_AN_ARTIFACT */
export async function verifyArtifact(
  folder: string,
  options: RunOptions & { readonly lines?: readonly (readonly string[])[] },
): Promise<LineResult[]> {
  const manifest = await readManifest(folder);
  const { node, entry } = manifest;
  const launcher = path.join(folder, manifest.options.name);
  const lines = options.lines ?? manifest.options.train.map(parseTrainingLine);
  const env = verifyEnvironment(options.env, node.path);
  const common = { ...options, env, launcher, node: node.path, entry: entry.file, argv1: entry.argv1 };
  const nodeFlags = await nodeFlagsOf(manifest);
  const results: LineResult[] = [];
  for (const line of lines) results.push(await verifyLine({ ...common, nodeFlags }, line));
  return results;
}
