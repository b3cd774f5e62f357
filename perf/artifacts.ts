// Builds artifacts of one program with this checkout's own `snap`: as it is built without options, and trained with a job.

import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { corpusBin, node, scratch, snap } from './places.js';
import type { Program } from './scenarios.js';

export interface Artifact {
  readonly launcher: string;
  readonly buildMs: number;
  /** The same build once more, with nothing changed. */
  readonly rebuildMs: number;
  /** 0 built; 3 built, but it will run plain; others failed. */
  readonly exitCode: number | null;
  readonly blobBytes: number;
  readonly packBytes: number;
  /** What `SNAP_DEBUG=1` says: which way the launcher takes, and why. */
  readonly path: string;
  readonly log: string;
}

/** `jobs` are trained beside the default lines; without any, snap chooses the lines. */
export function buildArtifact(
  program: Program,
  jobs: readonly (readonly string[])[],
  env: Readonly<Record<string, string>>,
): Artifact {
  const out = join(scratch, 'artifacts', jobs.length === 0 ? program.corpus : `${program.corpus}-trained`);
  const lines = jobs.length === 0 ? [] : ['--version', '--help', ...jobs.map((args) => args.map(quote).join(' '))];
  // `=` keeps a training line that begins with a dash from being read as an option of snap.
  const train = lines.map((line) => `--train=${line}`);
  const entry = corpusBin(program.corpus, program.bin);
  const args = [snap, 'build', entry, '--out', out, '--name', program.bin, '--node', node, ...train];
  const variables = { ...env, ...program.env };
  rmSync(out, { recursive: true, force: true });
  const first = build(args, variables);
  const second = build(args, variables);
  const launcher = join(out, program.bin);
  return {
    launcher,
    buildMs: first.ms,
    rebuildMs: second.ms,
    exitCode: first.status,
    blobBytes: sizeOf(join(out, 'app.blob')),
    packBytes: sizeOf(join(out, 'app.pack')),
    path: existsSync(launcher) ? pathTaken(launcher, variables) : 'there is no launcher',
    log: first.log,
  };
}

function build(args: readonly string[], env: Readonly<Record<string, string>>) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  return { status, ms: performance.now() - started, log: `${stdout}${stderr}`.trim() };
}

function pathTaken(launcher: string, env: Readonly<Record<string, string>>): string {
  const { stderr } = spawnSync(launcher, ['--version'], { env: { ...env, SNAP_DEBUG: '1' }, encoding: 'utf8' });
  return stderr.trim().split('\n')[0] ?? '';
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
