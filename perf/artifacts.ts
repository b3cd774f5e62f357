// Builds the artifact of one program with this checkout's own `snap`.

import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { corpusBin, node, scratch, snap } from './places.js';
import type { Program } from './scenarios.js';

export interface Artifact {
  readonly launcher: string;
  readonly buildMs: number;
  /** 0 built; 3 built, but it will run plain; others failed. */
  readonly exitCode: number | null;
  readonly blobBytes: number;
  readonly packBytes: number;
  /** What `SNAP_DEBUG=1` says: which way the launcher takes, and why. */
  readonly path: string;
  readonly log: string;
}

export function buildArtifact(program: Program, env: Readonly<Record<string, string>>): Artifact {
  const out = join(scratch, 'artifacts', program.corpus);
  const lines = ['--version', '--help', ...program.scenarios.map(({ args }) => args.map(quote).join(' '))];
  // `=` keeps a training line that begins with a dash from being read as an option of snap.
  const train = [...new Set(lines)].map((line) => `--train=${line}`);
  const entry = corpusBin(program.corpus, program.bin);
  const args = [snap, 'build', entry, '--out', out, '--name', program.bin, '--node', node, ...train];
  const started = performance.now();
  const built = spawnSync(process.execPath, args, { env: { ...env, ...program.env }, encoding: 'utf8' });
  const launcher = join(out, program.bin);
  return {
    launcher,
    buildMs: performance.now() - started,
    exitCode: built.status,
    blobBytes: sizeOf(join(out, 'app.blob')),
    packBytes: sizeOf(join(out, 'app.pack')),
    path: existsSync(launcher) ? pathTaken(launcher, { ...env, ...program.env }) : 'there is no launcher',
    log: `${built.stdout}${built.stderr}`.trim(),
  };
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
