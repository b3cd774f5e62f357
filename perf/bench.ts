// npm run bench [-- --quick] [-- --only NAME]... [-- --markdown]
//
// Compares ways to run real CLIs, each as a whole process, interleaved, on Node 24. Prints tables, keeps the figures in
// perf/results/latest.json. Needs hyperfine; counts need strace and GNU time.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { HyperfineError, hyperfineVersion } from 'hyperfine-wrapper';
import { measuringEnvironment } from '../src/perf/environment.js';
import { markdownTable, type Row, terminalTable } from '../src/perf/table.js';
import { type Artifact, buildArtifact } from './artifacts.js';
import { prepareInputs } from './inputs.js';
import { type Counts, countSide, type Effort, timeSides } from './measure.js';
import { corpusFolder, node, root, snap } from './places.js';
import * as report from './report.js';
import { type Program, programs } from './scenarios.js';
import { type SideName, sidesOf } from './sides.js';

const FULL: Effort = { rounds: 5, runs: 10, warmup: 2 };
const QUICK: Effort = { rounds: 2, runs: 3, warmup: 1 };

/** Something that the user has to do first: its message says it all, a stack would only hide it. */
class NotReady extends Error {}

type Environment = Readonly<Record<string, string>>;

interface Options {
  readonly effort: Effort;
  readonly chosen: readonly Program[];
  readonly markdown: boolean;
}

async function main(): Promise<void> {
  const options = readOptions();
  const missing = missingParts(options.chosen);
  if (missing !== undefined) throw new NotReady(missing);
  const { env: own, removed } = measuringEnvironment(process.env);
  const machine = await describeMachine(removed);
  say(`${machine.map((line) => `# ${line}`).join('\n')}\n`);
  prepareInputs();
  const reports = await withEmptyCache((cache) => measureAll(options, { ...own, XDG_CACHE_HOME: cache }));
  keep({ machine, effort: options.effort, reports });
  print(reports, options.markdown ? markdownTable : terminalTable);
}

/** Builds start with an empty cache: the first one pays for getting to know the node. */
async function withEmptyCache<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'snap-bench-cache-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureAll({ chosen, effort }: Options, env: Environment): Promise<report.ScenarioReport[]> {
  const reports: report.ScenarioReport[] = [];
  for (const program of chosen) reports.push(...(await measureProgram(program, effort, env)));
  return reports;
}

async function measureProgram(program: Program, effort: Effort, env: Environment) {
  const byDefault = artifactOf(program, [], env);
  const jobs = program.scenarios.filter(({ isTrained }) => isTrained).map(({ args }) => args);
  const trained = jobs.length === 0 ? byDefault : artifactOf(program, jobs, env);
  const reports: report.ScenarioReport[] = [];
  for (const scenario of program.scenarios) {
    say(`${program.bin} ${scenario.name}: measuring`);
    const artifact = scenario.isTrained ? trained : byDefault;
    const sides = sidesOf(program, scenario, artifact, env);
    const sound = sides.filter(({ failure }) => failure === undefined);
    const runs = Math.ceil(effort.runs * scenario.share);
    const rounds = await timeSides(sound, { ...effort, runs });
    const counts = new Map<SideName, Counts>(sound.map((side) => [side.name, countSide(side)]));
    reports.push(report.scenarioReport(program, scenario, artifact, sides, rounds, counts));
  }
  return reports;
}

function artifactOf(program: Program, jobs: readonly (readonly string[])[], env: Environment): Artifact {
  say(`${program.bin}: building${jobs.length === 0 ? '' : ', trained with its jobs'}`);
  const artifact = buildArtifact(program, jobs, env);
  if (artifact.exitCode !== 0)
    say(`${program.bin}: snap build ended with exit code ${artifact.exitCode}\n${artifact.log}`);
  return artifact;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
    },
  });
  const names = [...new Set(programs.flatMap(({ bin, corpus }) => [bin, corpus]))];
  const unknown = values.only.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new NotReady(`There is no ${unknown.join(', ')} to measure; there are: ${names.join(', ')}.`);
  const chosen = programs.filter(
    ({ bin, corpus }) => values.only.length === 0 || values.only.includes(bin) || values.only.includes(corpus),
  );
  return { effort: values.quick ? QUICK : FULL, chosen, markdown: values.markdown };
}

/** What to do first, or undefined where all is there. */
function missingParts(chosen: readonly Program[]): string | undefined {
  if (!existsSync(snap)) return 'snap is not built. Run: npm run build';
  if (!existsSync(node)) return 'The Node 24 that is measured is not installed. Run: npm ci';
  // The inputs of the real jobs are made from three corpora; the bundle is made by a fourth.
  const corpora = new Set(['esbuild', 'mocha', 'prettier', 'webpack', ...chosen.map(({ corpus }) => corpus)]);
  const absent = [...corpora].filter(
    (corpus) => !existsSync(join(corpusFolder(corpus), 'node_modules', '.corpus-stamp')),
  );
  return absent.length === 0 ? undefined : `Not installed yet. Run: node test/install-corpus.mjs ${absent.join(' ')}`;
}

async function describeMachine(removed: readonly string[]): Promise<string[]> {
  const version = await hyperfineVersion();
  return [
    `node ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}, ${version ?? 'no hyperfine'}`,
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`,
    `taken out of the environment: ${removed.join(', ') || 'nothing: NODE_EXTRA_CA_CERTS, NODE_OPTIONS and the like are not set'}`,
  ];
}

function keep(results: unknown): void {
  const folder = join(root, 'perf', 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(results, null, 2)}\n`);
}

function print(reports: readonly report.ScenarioReport[], table: (head: Row, rows: readonly Row[]) => string): void {
  const tables = [
    table(report.timesHead, reports.flatMap(report.timesRows)),
    table(report.countsHead, reports.flatMap(report.countsRows)),
    table(report.artifactsHead, report.artifactRows(reports)),
    table(report.promisesHead, reports.map(report.promiseRow)),
  ];
  process.stdout.write(tables.map((text) => `\n${text}`).join(''));
}

/** Progress goes to stderr, so that stdout holds the tables alone. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

main().catch((error: unknown) => {
  if (error instanceof HyperfineError) say(`${error.message}\n${error.hint}`);
  else if (error instanceof NotReady) say(error.message);
  else throw error;
  process.exitCode = 1;
});
