// Builds artifacts with the compiled tool, as a user would, and reads what they say of themselves.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { Verdict } from '../../../src/plan/types.js';
import { pathFolder, type TestNode } from './nodes.js';
import { scratch, tool } from './places.js';
import { baseEnvironment, type Environment, type RunResult, run } from './run.js';
import { shareCache } from './shared-cache.js';

export interface BuildOptions {
  readonly entry: string;
  readonly train?: readonly string[] | undefined;
  readonly out?: string;
  readonly name?: string;
  readonly cwd?: string;
  readonly env?: Environment | undefined;
  /** Builds with `--node BINARY`; otherwise the artifact follows PATH. */
  readonly pinned?: boolean;
  readonly extra?: readonly string[];
  readonly timeoutMs?: number;
  /** A cache that no other build has written to, below the build's own home. */
  readonly ownCache?: boolean;
}

/** A program and its artifact: what `compare` needs to run both. */
export interface Target {
  readonly node: TestNode;
  readonly entry: string;
  readonly out: string;
  readonly launcher: string;
  /** A folder of our own: homes and the like. */
  readonly ground: string;
  readonly env: Environment;
  /** The entry as the plain command line spells it, where that is not `entry`. */
  readonly plainEntry?: string;
}

/** SNAP_TEST_TOOL runs the cases against another main.js: a stub that only writes plain launchers tests the tests. */
export const toolFile = process.env.SNAP_TEST_TOOL ?? tool;

/** Runs `snap` with `args` under `node`; `env` adds to the clean environment. */
export function snap(
  node: TestNode,
  args: readonly string[],
  ground: string,
  options: {
    readonly cwd?: string | undefined;
    readonly env?: Environment | undefined;
    readonly timeoutMs?: number | undefined;
    readonly uid?: number;
    /** As of `BuildOptions`. */
    readonly ownCache?: boolean | undefined;
  } = {},
): Promise<RunResult> {
  const { env, ownCache = false, cwd = ground, timeoutMs = 600_000, uid } = options;
  if (!ownCache) shareCache(ground, toolFile);
  return run('node', [toolFile, ...args], {
    cwd,
    timeoutMs,
    uid,
    env: { ...baseEnvironment(ground, pathFolder(ground, node)), ...env },
  });
}

export function buildArguments(node: TestNode, out: string, name: string, options: BuildOptions): string[] {
  return [
    'build',
    // Small programs start no faster; what is tested here is that they do the same.
    '--keep-slower',
    options.entry,
    '--out',
    out,
    '--name',
    name,
    ...(options.pinned === true ? ['--node', node.binary] : []),
    ...(options.train ?? []).flatMap((line) => ['--train', line]),
    ...(options.extra ?? []),
  ];
}

/** A build that has to succeed, in a scratch folder of its own unless `out` says where. */
export async function build(t: Test, node: TestNode, options: BuildOptions): Promise<Target> {
  const ground = scratch(t, 'build');
  const out = options.out ?? join(ground, 'artifact');
  const name = options.name ?? 'cli';
  const started = Date.now();
  const { cwd, env: added, timeoutMs, ownCache } = options;
  const result = await snap(node, buildArguments(node, out, name, options), ground, {
    cwd,
    env: added,
    timeoutMs,
    ownCache,
  });
  t.comment(`built with ${node.name} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  if (!t.equal(result.code, 0, `snap build succeeds on ${node.name}`)) {
    throw new Error(`the build failed:\n${result.stdout}\n${result.stderr}`);
  }
  const env = { ...baseEnvironment(join(ground), pathFolder(ground, node)), ...options.env };
  return { node, entry: options.entry, out, launcher: join(out, name), ground, env };
}

export interface Placed {
  readonly file: string;
  readonly verdict: Verdict;
  readonly reason: string;
}

function isPlaced(value: unknown): value is Placed {
  if (typeof value !== 'object' || value === null) return false;
  return 'file' in value && typeof value.file === 'string' && 'verdict' in value && 'reason' in value;
}

/** The modules that the manifest lists. */
export function placed(target: Target): Placed[] {
  const manifest: unknown = JSON.parse(readFileSync(join(target.out, 'manifest.json'), 'utf8'));
  if (typeof manifest !== 'object' || manifest === null || !('modules' in manifest)) return [];
  return Array.isArray(manifest.modules) ? manifest.modules.filter(isPlaced) : [];
}

export function verdictsOf(target: Target): readonly Verdict[] {
  return placed(target).map(({ verdict }) => verdict);
}

/** Where the module whose path ends in `suffix` was put. */
export function verdictOf(target: Target, suffix: string): Verdict | undefined {
  return placed(target).find((module) => module.file.endsWith(suffix))?.verdict;
}
