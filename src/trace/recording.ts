import { readFile } from 'node:fs/promises';
import { badRecording, TraceError } from './errors.js';
import type { RecordedCalls, RecordedModule, RecordedResolution, RecordedWrite, Recording } from './shape.cjs';

// The recording passed through a process that ran foreign code: it is read as foreign data.

type Fields = Readonly<Record<string, unknown>>;

/** Reads what the preload wrote; undefined where there is no file. Throws TraceError TRACE_BAD_RECORDING. */
export async function readRecording(file: string): Promise<Recording | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return parseRecording(text, file);
}

export function parseRecording(text: string, file: string): Recording {
  try {
    const root = fields(JSON.parse(text), 'recording');
    if (root.version !== 1) throw new TypeError('its version is not 1');
    return {
      version: 1,
      modules: list(root.modules, 'modules', moduleOf),
      resolutions: list(root.resolutions, 'resolutions', resolutionOf),
      writes: list(root.writes, 'writes', writeOf),
      calls: list(root.calls, 'calls', callsOf),
    };
  } catch (cause) {
    if (!(cause instanceof TypeError || cause instanceof SyntaxError)) throw cause;
    throw new TraceError(badRecording(file, cause.message), cause);
  }
}

function moduleOf(value: unknown): RecordedModule {
  const from = fields(value, 'module');
  return {
    file: text(from, 'file'),
    handler: text(from, 'handler'),
    selfMs: count(from, 'selfMs'),
    totalMs: count(from, 'totalMs'),
    parent: textOrNull(from, 'parent'),
    during: textOrNull(from, 'during'),
    writesBefore: count(from, 'writesBefore'),
    loads: list(from.loads, 'loads', (load) => {
      const loadFields = fields(load, 'load');
      return { request: text(loadFields, 'request'), target: text(loadFields, 'target') };
    }),
  };
}

function resolutionOf(value: unknown): RecordedResolution {
  const from = fields(value, 'resolution');
  return {
    from: text(from, 'from'),
    request: text(from, 'request'),
    target: textOrNull(from, 'target'),
    code: from.code === undefined ? undefined : text(from, 'code'),
    during: from.during === undefined ? undefined : list(from.during, 'during', fileOf),
    warns: from.warns === true ? true : undefined,
  };
}

function fileOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('a file is not a text');
  return value;
}

function writeOf(value: unknown): RecordedWrite {
  const from = fields(value, 'write');
  return { by: textOrNull(from, 'by'), what: text(from, 'what') };
}

function callsOf(value: unknown): RecordedCalls {
  const from = fields(value, 'script');
  const ranges = list(from.ranges, 'ranges', (offset) => {
    if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0)
      throw new TypeError('an offset is none');
    return offset;
  });
  if (ranges.length % 2 !== 0) throw new TypeError('a range has no end');
  return { url: text(from, 'url'), ranges };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fields(value: unknown, what: string): Fields {
  if (!isFields(value)) throw new TypeError(`a ${what} is not an object`);
  return value;
}

function list<T>(value: unknown, what: string, read: (item: unknown) => T): T[] {
  if (!Array.isArray(value)) throw new TypeError(`${what} is not a list`);
  return value.map(read);
}

function text(from: Fields, key: string): string {
  const value = from[key];
  if (typeof value !== 'string') throw new TypeError(`${key} is not a text`);
  return value;
}

function textOrNull(from: Fields, key: string): string | null {
  return from[key] === null ? null : text(from, key);
}

function count(from: Fields, key: string): number {
  const value = from[key];
  if (typeof value !== 'number' || !(value >= 0)) throw new TypeError(`${key} is not a count`);
  return value;
}
