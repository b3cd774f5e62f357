// Runs an artifact next to plain under one environment after the other. The only part of the table that knows how
// runs are compared, so that it can be exchanged.

import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { verifyArtifact } from '../src/verify/verify-artifact.js';

export interface MatrixRow {
  readonly name: string;
  readonly isSame: boolean;
  /** Lines of this row that the artifact ran from its snapshot. */
  readonly accelerated: number;
  readonly lines: number;
  readonly differences: readonly {
    readonly args: readonly string[];
    readonly what: string;
    readonly plain: string;
    readonly accelerated: string;
  }[];
}

export interface MatrixInput {
  /** The folder that `snap build` wrote. */
  readonly artifact: string;
  readonly lines: readonly (readonly string[])[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** For what a row needs: another home, another folder. */
  readonly scratch: string;
}

interface Setting {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A run that takes longer hangs. */
const RUN_TIMEOUT_MS = 60_000;
const SHOWN_CHARS = 4_000;

function settings({ cwd, scratch }: MatrixInput): Setting[] {
  const elsewhere = join(scratch, 'another', 'folder');
  cpSync(cwd, elsewhere, { recursive: true });
  const home = join(scratch, 'another home');
  mkdirSync(home, { recursive: true });
  return [
    { name: 'as built' },
    { name: 'FORCE_COLOR=3', env: { FORCE_COLOR: '3' } },
    { name: 'NO_COLOR=1', env: { NO_COLOR: '1' } },
    { name: 'TERM=dumb', env: { TERM: 'dumb' } },
    { name: 'DEBUG=*', env: { DEBUG: '*' } },
    { name: 'NODE_ENV=production', env: { NODE_ENV: 'production' } },
    { name: 'CI=true', env: { CI: 'true' } },
    { name: 'another folder', cwd: elsewhere },
    { name: 'another HOME', env: { HOME: home } },
    { name: 'LANG=de_DE.UTF-8', env: { LANG: 'de_DE.UTF-8' } },
    { name: 'TZ=Asia/Tokyo', env: { TZ: 'Asia/Tokyo' } },
  ];
}

export async function runMatrix(input: MatrixInput, onRow: (row: MatrixRow) => void): Promise<MatrixRow[]> {
  const rows: MatrixRow[] = [];
  for (const [at, setting] of settings(input).entries()) {
    // `--version` prints one line in any environment: once is enough.
    const lines = at === 0 ? input.lines : input.lines.filter((line) => line[0] !== '--version');
    const row = await runRow({ ...input, lines }, setting);
    onRow(row);
    rows.push(row);
    // Plain next to plain shows nothing more.
    if (row.accelerated === 0) break;
  }
  return rows;
}

async function runRow({ artifact, lines, cwd, env }: MatrixInput, setting: Setting): Promise<MatrixRow> {
  const results = await verifyArtifact(artifact, {
    lines,
    cwd: setting.cwd ?? cwd,
    env: { ...env, ...setting.env },
    timeoutMs: RUN_TIMEOUT_MS,
  });
  const differences = results.flatMap(({ args, differences: found }) =>
    found.map(({ what, plain, accelerated }) => ({ args, what, ...whereTheyPart(plain, accelerated) })),
  );
  return {
    name: setting.name,
    isSame: differences.length === 0,
    accelerated: results.filter(({ isAccelerated }) => isAccelerated).length,
    lines: results.length,
    differences,
  };
}

/** From the first line that differs on: whole outputs would make the results unreadable. */
function whereTheyPart(plain: string, accelerated: string): { plain: string; accelerated: string } {
  const [left, right] = [plain.split('\n'), accelerated.split('\n')];
  const first = left.findIndex((line, at) => line !== right[at]);
  const from = first < 0 ? left.length : first;
  const shown = (lines: readonly string[]) => lines.slice(from).join('\n').slice(0, SHOWN_CHARS);
  return { plain: shown(left), accelerated: shown(right) };
}
