// Reads what `hyperfine --export-json` wrote. The file comes from another program, so every field is checked.

import { HyperfineError, problemOutput } from './errors.js';

export interface TimedResult {
  readonly name: string;
  readonly medianMs: number;
  readonly meanMs: number;
  /** Null where there was one run only. */
  readonly stddevMs: number | null;
  readonly minMs: number;
  readonly maxMs: number;
  /** Means over all runs: hyperfine reports no others. */
  readonly userMs: number;
  readonly systemMs: number;
  /** Wall time of each run, in order. */
  readonly timesMs: readonly number[];
  /** Exit code of each run; null for one that a signal ended. */
  readonly exitCodes: readonly (number | null)[];
}

/** Throws HYPERFINE_OUTPUT unless `text` holds one well-formed result for each of `names`, in that order. */
export function parseResults(text: string, names: readonly string[]): TimedResult[] {
  const root = record(parseJson(text), 'the file');
  const list = array(root.results, 'results');
  if (list.length !== names.length) throw malformed(`${list.length} results for ${names.length} commands`);
  return names.map((name, index) => parseResult(record(list[index], `results[${index}]`), name));
}

function parseResult(raw: Readonly<Record<string, unknown>>, name: string): TimedResult {
  const ms = (field: string) => milliseconds(raw[field], `${field} of "${name}"`);
  const timesMs = array(raw.times, `times of "${name}"`).map((time) => milliseconds(time, `times of "${name}"`));
  const exitCodes = array(raw.exit_codes, `exit_codes of "${name}"`).map((code) => exitCode(code, name));
  if (timesMs.length === 0) throw malformed(`no runs of "${name}"`);
  if (exitCodes.length !== timesMs.length)
    throw malformed(`${exitCodes.length} exit codes for ${timesMs.length} runs of "${name}"`);
  return {
    name,
    medianMs: ms('median'),
    meanMs: ms('mean'),
    stddevMs: raw.stddev === null || raw.stddev === undefined ? null : ms('stddev'),
    minMs: ms('min'),
    maxMs: ms('max'),
    userMs: ms('user'),
    systemMs: ms('system'),
    timesMs,
    exitCodes,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HyperfineError(problemOutput('it is not JSON'), cause);
  }
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(`${what} is no object`);
  return Object.fromEntries(Object.entries(value));
}

function array(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(`${what} is no list`);
  return value;
}

function milliseconds(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw malformed(`${what} is no time`);
  return value * 1000;
}

function exitCode(value: unknown, name: string): number | null {
  if (value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw malformed(`exit_codes of "${name}" hold no code`);
  return value;
}

function malformed(what: string): HyperfineError {
  return new HyperfineError(problemOutput(what));
}
