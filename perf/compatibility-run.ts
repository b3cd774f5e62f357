// One CLI: installed, built, compared with plain under the matrix, timed. What fails is a result too.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Manifest, readManifest } from '../src/artifact/manifest.js';
import { type Comparison, compare, mergeRounds, orderForRound, type Round } from '../src/perf/rounds.js';
import { timeSpawns } from '../src/perf/spawn-timer.js';
import { parseTrainingLine } from '../src/trace/training-args.js';
import { isFaster } from '../src/verify/gain.js';
import { type MatrixRow, runMatrix } from './compatibility-matrix.js';
import type { TriedProgram } from './compatibility-programs.js';
import { type NotBaked, notBaked } from './compatibility-reasons.js';
import { node, snap } from './places.js';

export interface Built {
  readonly modules: { readonly baked: number; readonly packed: number; readonly external: number };
  readonly mode: 'accelerated' | 'plain';
  readonly plainReason: string | null;
  /** Of the module graph, by what stands against it. */
  readonly notBaked: readonly NotBaked[];
  readonly buildMs: number;
  /** 0, or 3 where runs differed. */
  readonly exitCode: number | null;
  /** What the build printed, where runs differed. */
  readonly said: string | null;
}

export interface Tried {
  readonly program: TriedProgram;
  /** Of the snap that built it: another one's results are out of date. */
  readonly fingerprint: string;
  readonly node: string;
  /** The phase that failed, and the end of what it printed. */
  readonly failure?: { readonly phase: 'install' | 'build'; readonly said: string };
  readonly built?: Built;
  /** Of an artifact that is kept though it may be slower. */
  readonly matrix?: readonly MatrixRow[];
  /** `--version`, accelerated to plain. */
  readonly start?: Comparison | undefined;
}

export interface Place {
  readonly scratch: string;
  readonly fingerprint: string;
  readonly say: (text: string) => void;
}

type Env = Readonly<Record<string, string>>;

const INSTALL_TIMEOUT_MS = 300_000;
const BUILD_TIMEOUT_MS = 400_000;
const TRAIN_TIMEOUT_S = 60;
const SAID_CHARS = 6_000;

class PhaseFailed extends Error {
  readonly phase: 'install' | 'build';
  readonly said: string;
  constructor(phase: 'install' | 'build', said: string) {
    super(said);
    this.phase = phase;
    this.said = said;
  }
}

export async function tryProgram(program: TriedProgram, place: Place): Promise<Tried> {
  const folder = join(place.scratch, program.package.replaceAll(/\W+/g, '-'));
  const common = { program, fingerprint: place.fingerprint, node: nodeVersion() };
  try {
    return { ...common, ...(await tryInstalled(program, folder, place)) };
  } catch (error) {
    if (!(error instanceof PhaseFailed)) throw error;
    const said = error.said.replaceAll(folder, '').replaceAll(dirname(dirname(node)), 'NODE');
    return { ...common, failure: { phase: error.phase, said: said.slice(-SAID_CHARS) } };
  }
}

async function tryInstalled(program: TriedProgram, folder: string, place: Place) {
  install(program, folder);
  const cwd = writeFiles(program, folder);
  const env = environment(program, folder, place);
  const run = { program, folder, cwd, env };
  place.say('build');
  const { out, ...ended } = build(run);
  const manifest = await readManifest(out);
  place.say(manifest.plainReason ?? 'accelerated');
  const lines = allLines(program).map(parseTrainingLine);
  const matrix = await runMatrix({ artifact: out, lines, cwd, env, scratch: folder }, (row) =>
    place.say(`${row.isSame ? 'same' : 'DIFFERS'}: ${row.name} (${row.accelerated} of ${row.lines} accelerated)`),
  );
  const rounds = timeStart(run, manifest, out, place);
  const start = rounds && compare(rounds, 'accelerated', 'plain');
  const said = ended.exitCode === 0 ? null : withoutPlace(ended.log, folder).slice(-SAID_CHARS);
  const { exitCode, buildMs } = ended;
  const built = { exitCode, buildMs, said, ...describeBuild(manifest, folder), ...verdictOf(manifest, rounds, folder) };
  return { built, matrix, start };
}

/** As a build without `--keep-slower` decides. */
function verdictOf({ plainReason }: Manifest, rounds: readonly Round[] | undefined, folder: string) {
  if (plainReason !== null) return { mode: 'plain', plainReason: withoutPlace(plainReason, folder) } as const;
  const times = mergeRounds(rounds ?? []);
  const [plainMs, acceleratedMs] = [times.get('plain')?.min, times.get('accelerated')?.min];
  const isSlower = plainMs !== undefined && acceleratedMs !== undefined && !isFaster({ plainMs, acceleratedMs });
  if (isSlower) return { mode: 'plain', plainReason: 'it starts no faster' } as const;
  return { mode: 'accelerated', plainReason: null } as const;
}

function withoutPlace(text: string, folder: string): string {
  return text.replaceAll(`${realpathSync(folder)}/node_modules/`, '');
}

interface Run {
  readonly program: TriedProgram;
  readonly folder: string;
  readonly cwd: string;
  readonly env: Env;
}

function install({ package: name, version, beside = [] }: TriedProgram, folder: string): void {
  const installed = join(folder, 'node_modules', name, 'package.json');
  // A folder that was kept is as it was left.
  if (existsSync(installed) && existsSync(join(folder, '.installed'))) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', `${name}@${version}`];
  const { status, stderr, error } = spawnSync('npm', [...args, ...beside], {
    cwd: folder,
    encoding: 'utf8',
    timeout: INSTALL_TIMEOUT_MS,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) throw new PhaseFailed('install', error?.message ?? stderr);
  writeFileSync(join(folder, '.installed'), '');
}

function writeFiles({ files = {} }: TriedProgram, folder: string): string {
  const cwd = join(folder, 'project');
  const all = { 'package.json': '{ "name": "demo", "version": "1.0.0", "private": true }\n', ...files };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return cwd;
}

/** Nothing of whoever measures: the same on each machine, with a home that goes with the scratch folder. */
function environment({ env = {} }: TriedProgram, folder: string, { scratch }: Place): Env {
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  const paths = {
    PATH: `${dirname(node)}:${process.env.PATH ?? ''}`,
    HOME: home,
    XDG_CACHE_HOME: join(scratch, 'cache'),
  };
  return { ...paths, LANG: 'C.UTF-8', TERM: 'xterm-256color', ...env };
}

function allLines(program: TriedProgram): readonly string[] {
  return ['--version', '--help', ...program.lines];
}

/** Kept though it may be slower: whether it behaves the same is worth knowing of small programs too. */
function build({ program, folder, cwd, env }: Run) {
  const out = join(folder, 'artifact');
  const train = allLines(program).map((line) => `--train=${line}`);
  const options = ['--out', out, '--node', node, '--train-timeout', String(TRAIN_TIMEOUT_S), '--keep-slower'];
  const startedMs = performance.now();
  const { status, stdout, stderr, signal } = spawnSync(
    process.execPath,
    [snap, 'build', program.bin, ...options, ...train],
    { cwd, env, encoding: 'utf8', timeout: BUILD_TIMEOUT_MS },
  );
  const log = `${stdout}${stderr}`;
  if (status !== 0 && status !== 3) throw new PhaseFailed('build', `${signal ?? `exit code ${status}`}\n${log}`);
  return { out, log, exitCode: status, buildMs: performance.now() - startedMs };
}

function describeBuild(manifest: Manifest, folder: string): Pick<Built, 'modules' | 'notBaked'> {
  const count = (verdict: string) => manifest.modules.filter((module) => module.verdict === verdict).length;
  const modules = { baked: count('baked'), packed: count('packed'), external: count('external') };
  return { modules, notBaked: notBaked(manifest.modules, realpathSync(folder)) };
}

const ROUNDS = 4;
const RUNS_A_ROUND = 4;

/** Interleaved, each side as a whole process. */
function timeStart({ cwd, env, folder }: Run, manifest: Manifest, out: string, { say }: Place): Round[] | undefined {
  const clean = { ...env, HOME: join(folder, 'home') };
  const sides = [
    { name: 'plain', argv: [node, manifest.entry.argv1, '--version'] },
    { name: 'accelerated', argv: [join(out, manifest.options.name), '--version'] },
  ];
  const rounds: Round[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const options = { warmup: 1, runs: RUNS_A_ROUND, env: clean, cwd };
      rounds.push(new Map(orderForRound(sides, round).map(({ name, argv }) => [name, timeSpawns(argv, options)])));
    }
  } catch (error) {
    // A program whose --version ends with an error has no start to compare.
    say(`not timed: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  return rounds;
}

function nodeVersion(): string {
  return spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
}

export function readTried(file: string): Tried | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Tried) : undefined;
}
