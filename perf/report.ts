// What was measured, as plain data and as tables.

import { type Comparison, compare, mergeRounds, type Round } from '../src/perf/rounds.js';
import type { Summary } from '../src/perf/statistics.js';
import { fileCalls } from '../src/perf/system-calls.js';
import type { Row } from '../src/perf/table.js';
import type { Artifact } from './artifacts.js';
import type { Counts } from './measure.js';
import type { Program, Scenario } from './scenarios.js';
import type { Side, SideName } from './sides.js';

export interface SideReport {
  readonly name: SideName;
  readonly failure?: string;
  /** Milliseconds. */
  readonly times?: Summary;
  readonly toPlain?: Comparison;
  readonly toCompileCache?: Comparison;
  readonly toFloor?: Comparison;
  readonly systemCalls?: number;
  readonly fileCalls?: number;
  readonly pageFaults?: number;
}

export interface ScenarioReport {
  readonly program: string;
  readonly scenario: string;
  readonly trainedWith: 'defaults' | 'its jobs';
  readonly limit: number;
  readonly sides: readonly SideReport[];
  readonly artifact: Omit<Artifact, 'launcher' | 'log'>;
}

export function scenarioReport(
  { bin }: Program,
  { name, limit, isTrained }: Scenario,
  { launcher: _launcher, log: _log, ...artifact }: Artifact,
  sides: readonly Side[],
  rounds: readonly Round[],
  counts: ReadonlyMap<SideName, Counts>,
): ScenarioReport {
  const merged = mergeRounds(rounds);
  const reports = sides.map((side) => sideReport(side, merged.get(side.name), rounds, counts.get(side.name) ?? {}));
  const trainedWith = isTrained ? 'its jobs' : 'defaults';
  return { program: bin, scenario: name, trainedWith, limit, sides: reports, artifact };
}

function sideReport(
  { name, failure }: Side,
  times: Summary | undefined,
  rounds: readonly Round[],
  { calls, resources }: Counts,
): SideReport {
  const optional = <K extends string, V>(key: K, value: V | undefined) => (value === undefined ? {} : { [key]: value });
  return {
    name,
    ...optional('failure', failure),
    ...optional('times', times),
    ...optional('toPlain', compare(rounds, name, 'plain')),
    ...optional('toCompileCache', compare(rounds, name, 'compile cache')),
    ...optional('toFloor', compare(rounds, name, 'floor')),
    ...optional('systemCalls', calls?.total),
    ...optional('fileCalls', calls === undefined ? undefined : fileCalls(calls)),
    ...optional('pageFaults', resources?.minorFaults),
  };
}

export const timesHead: Row = [
  'run',
  'side',
  'median ms',
  'p10–p90',
  'to plain',
  'range',
  'to compile cache',
  'to floor',
];

export function timesRows({ program, scenario, sides }: ScenarioReport): Row[] {
  return sides.map(({ name, failure, times, toPlain, toCompileCache, toFloor }) => [
    `${program} ${scenario}`,
    name,
    times === undefined ? (failure ?? 'not measured') : times.median.toFixed(1),
    times === undefined ? '' : `${times.p10.toFixed(1)}–${times.p90.toFixed(1)}`,
    ratio(toPlain),
    toPlain === undefined ? '' : `${toPlain.lowest.toFixed(2)}–${toPlain.highest.toFixed(2)}`,
    ratio(toCompileCache),
    ratio(toFloor),
  ]);
}

export const countsHead: Row = ['run', 'side', 'system calls', 'open, stat, read', 'page faults'];

export function countsRows({ program, scenario, sides }: ScenarioReport): Row[] {
  const text = (count: number | undefined) => (count === undefined ? '–' : String(count));
  return sides
    .filter(({ failure }) => failure === undefined)
    .map((side) => [
      `${program} ${scenario}`,
      side.name,
      text(side.systemCalls),
      text(side.fileCalls),
      text(side.pageFaults),
    ]);
}

export const artifactsHead: Row = [
  'program',
  'trained with',
  'blob MB',
  'pack MB',
  'build s',
  'unchanged s',
  'exit code',
  'path taken',
];

/** One row for each artifact: several runs may share one. */
export function artifactRows(reports: readonly ScenarioReport[]): Row[] {
  const byArtifact = new Map(reports.map((one) => [`${one.program}\0${one.trainedWith}`, one]));
  return [...byArtifact.values()].map(artifactRow);
}

function artifactRow({ program, trainedWith, artifact }: ScenarioReport): Row {
  return [
    program,
    trainedWith,
    (artifact.blobBytes / 1e6).toFixed(1),
    (artifact.packBytes / 1e6).toFixed(1),
    (artifact.buildMs / 1000).toFixed(1),
    (artifact.rebuildMs / 1000).toFixed(1),
    String(artifact.exitCode),
    artifact.path,
  ];
}

export const promisesHead: Row = ['run', 'ratio to plain', 'promised at most', 'kept'];

/** What the launcher itself costs, which a program that runs plain pays for nothing: `bash` and its tests of files. */
const LAUNCHER_MS = 2;

/** One row for each promise; a side that failed has not kept it. */
export function promiseRow({ program, scenario, limit, sides }: ScenarioReport): Row {
  const found = sides.find(({ name }) => name === 'accelerated')?.toPlain;
  const plainMs = sides.find(({ name }) => name === 'plain')?.times?.median ?? 0;
  const allowed = limit < 1 ? limit : limit + LAUNCHER_MS / plainMs;
  const kept = found !== undefined && found.ratio <= allowed;
  return [`${program} ${scenario}`, ratio(found) || 'failed', allowed.toFixed(2), kept ? 'yes' : 'no'];
}

function ratio(comparison: Comparison | undefined): string {
  return comparison === undefined ? '' : comparison.ratio.toFixed(2);
}
