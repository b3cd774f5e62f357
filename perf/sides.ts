// The ways to run one scenario that are compared. A side that cannot do the job is reported as failed, with the reason,
// and not timed.

import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact } from './artifacts.js';
import { corpusBin, corpusFolder, node, scratch } from './places.js';
import type { Program, Scenario } from './scenarios.js';

export type SideName = 'floor' | 'plain' | 'compile cache' | 'bundle' | 'accelerated';

export interface Side {
  readonly name: SideName;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Why it is not measured. */
  readonly failure?: string;
}

type Env = Readonly<Record<string, string>>;

export function sidesOf(program: Program, scenario: Scenario, artifact: Artifact, env: Env): Side[] {
  const own = { ...env, ...program.env };
  const entry = corpusBin(program.corpus, program.bin);
  const plain: Side = { name: 'plain', argv: [node, entry, ...scenario.args], env: own };
  const cache = freshFolder('compile-cache', program.corpus, scenario.name);
  const cached = { ...env, NODE_COMPILE_CACHE: cache };
  const bundle = bundleOf(program);
  const bundled = { ...env, NODE_COMPILE_CACHE: freshFolder('bundle-cache', program.corpus, scenario.name) };
  const candidates: Side[] = [
    { name: 'compile cache', argv: plain.argv, env: cached },
    bundle.failure === undefined
      ? { name: 'bundle', argv: [node, bundle.file, ...scenario.args], env: bundled }
      : { name: 'bundle', argv: [], env: bundled, failure: bundle.failure },
    { name: 'accelerated', argv: [artifact.launcher, ...scenario.args], env: own },
  ];
  const floor: Side = { name: 'floor', argv: [node, emptyScript()], env };
  return [floor, plain, ...candidates.map((side) => checked(side, plain))];
}

/** Two runs of a side beside plain: they warm its caches, and show that it does the same. */
function checked(side: Side, plain: Side): Side {
  if (side.failure !== undefined) return side;
  const wanted = run(plain);
  run(side);
  const got = run(side);
  if (got.status !== wanted.status) return { ...side, failure: `exit code ${got.status}, plain ${wanted.status}` };
  if (got.stdout !== wanted.stdout) return { ...side, failure: 'its output is not that of the plain run' };
  return side;
}

function run({ argv, env }: Side): { status: number | null; stdout: string } {
  const [program = '', ...args] = argv;
  const { status, stdout, error } = spawnSync(program, args, { env, encoding: 'utf8', maxBuffer: 1 << 28 });
  return { status: error === undefined ? status : null, stdout };
}

function bundleOf({ corpus, bin }: Program): { file: string; failure?: string } {
  const file = join(scratch, 'bundles', `${bin}.cjs`);
  const esbuild = join(corpusFolder('esbuild'), 'node_modules', 'esbuild', 'bin', 'esbuild');
  const options = ['--bundle', '--minify', '--platform=node', '--format=cjs', '--log-level=error', `--outfile=${file}`];
  const { status, stderr } = spawnSync(node, [esbuild, corpusBin(corpus, bin), ...options], { encoding: 'utf8' });
  if (status === 0) return { file };
  return { file, failure: `esbuild: ${stderr.trim().split('\n')[0] ?? `exit code ${status}`}` };
}

function emptyScript(): string {
  const file = join(scratch, 'empty.cjs');
  writeFileSync(file, '');
  return file;
}

function freshFolder(...parts: readonly string[]): string {
  const folder = join(scratch, ...parts);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
