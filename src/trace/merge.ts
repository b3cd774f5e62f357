import { statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type {
  Graph,
  Load,
  Resolution,
  SharedWrite,
  TracedModule,
  TrainingLine,
  TrainingRun,
  WriteSpan,
} from '../graph/types.js';
import { FormatReader } from './format.js';
import type { RecordedModule, RecordedResolution } from './shape.cjs';
import type { FinishedRun } from './training-run.js';

interface Merged {
  readonly first: RecordedModule;
  readonly writesBefore: WriteSpan[];
  readonly lines: number[];
  readonly loads: Map<string, Load>;
}

/** By script; its functions by where they stand, so that each is there once. */
type Calls = Map<string, Map<string, readonly [number, number]>>;

/** One graph of all training runs, in the order of the lines. O(modules + loads + resolutions). */
export function mergeRuns(entry: string, lines: readonly TrainingLine[], runs: readonly FinishedRun[]): Graph {
  const formats = new FormatReader();
  const modules = new Map<string, Merged>();
  const resolutions = new Map<string, Resolution | null>();
  const writes: SharedWrite[] = [];
  const calls: Calls = new Map();
  for (const [line, { recording }] of runs.entries()) {
    const writesOfEarlierLines = writes.length;
    for (const module of recording.modules) addModule(modules, module, line, writesOfEarlierLines);
    for (const resolution of recording.resolutions) addResolution(resolutions, resolution);
    for (const { url, ranges } of recording.calls) addCalls(calls, url, ranges);
    for (const { by, what } of recording.writes) writes.push({ by: by ?? entry, what, line });
  }
  return {
    entry,
    entryFormat: formats.formatOf(entry, modules.get(entry)?.first.handler),
    runs: runs.map((run, line) => trainingRun(lines[line] ?? [], run)),
    modules: [...modules.values()].map((module, order) => ({
      ...tracedModule(module, order, formats),
      called: calledIn(calls, module.first.file),
    })),
    resolutions: withWarnings([...resolutions.values()].filter((resolution) => resolution !== null)),
    writes,
  };
}

function addModule(modules: Map<string, Merged>, found: RecordedModule, line: number, earlierWrites: number): void {
  let module = modules.get(found.file);
  if (module === undefined) {
    module = { first: found, writesBefore: [], lines: [], loads: new Map() };
    modules.set(found.file, module);
  }
  module.lines.push(line);
  module.writesBefore.push([earlierWrites, earlierWrites + found.writesBefore]);
  for (const load of found.loads) if (!module.loads.has(load.target)) module.loads.set(load.target, load);
}

/** Requests that lines answer differently (a file that one of them made) are left to Node's resolver: null. */
function addResolution(resolutions: Map<string, Resolution | null>, found: RecordedResolution): void {
  const key = `${found.from}\0${found.request}`;
  const known = resolutions.get(key);
  if (known === undefined) resolutions.set(key, found);
  else if (known !== null && known.target !== found.target) resolutions.set(key, null);
  else if (known !== null) resolutions.set(key, joined(known, found));
}

/** The same request with the same answer, in two runs. */
function joined(known: Resolution, found: Resolution): Resolution {
  const during = [...new Set([...(known.during ?? []), ...(found.during ?? [])])];
  return {
    ...known,
    during: during.length > 0 ? during : undefined,
    warns: known.warns ?? found.warns,
  };
}

/** Node warns of a request once in each folder: any of its modules may be the first to ask. */
function withWarnings(resolutions: readonly Resolution[]): Resolution[] {
  const keyOf = ({ from, request }: Resolution) => `${path.dirname(from)}\0${request}`;
  const warned = new Set(resolutions.filter(({ warns }) => warns).map(keyOf));
  return resolutions.map((resolution) => (warned.has(keyOf(resolution)) ? { ...resolution, warns: true } : resolution));
}

function addCalls(calls: Calls, url: string, ranges: readonly number[]): void {
  const known = calls.get(url) ?? new Map();
  for (let at = 0; at < ranges.length; at += 2) {
    const range = [ranges[at] as number, ranges[at + 1] as number] as const;
    known.set(range.join(), range);
  }
  calls.set(url, known);
}

function calledIn(calls: Calls, file: string): TracedModule['called'] {
  const ranges = calls.get(pathToFileURL(file).href);
  return ranges === undefined || ranges.size === 0 ? undefined : [...ranges.values()].flat();
}

function trainingRun(args: readonly string[], { exitCode, signal, wallMs }: FinishedRun): TrainingRun {
  return { args, exitCode, signal, wallMs };
}

function tracedModule(
  { first, lines, loads, writesBefore }: Merged,
  order: number,
  formats: FormatReader,
): TracedModule {
  const { file, handler, selfMs, totalMs, parent, during } = first;
  return {
    file,
    format: formats.formatOf(file, handler),
    bytes: statSync(file, { throwIfNoEntry: false })?.size ?? 0,
    order,
    selfMs,
    totalMs,
    lines,
    parent,
    during: during === null || during === parent ? undefined : during,
    loads: [...loads.values()],
    writesBefore,
  };
}
