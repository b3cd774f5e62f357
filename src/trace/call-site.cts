// Reads the request out of the source text of a `require('node:x')` call. Node answers such a request before anything
// that the preload watches learns of it, and a wrapper around `require` would show in stack traces. So the text is
// read.

import fs from 'node:fs';

const { readFileSync } = fs;
const define = Object.defineProperty;
const describe = Object.getOwnPropertyDescriptor;
const capture = Error.captureStackTrace;
const RealError = Error;

interface Source {
  readonly text: string;
  /** Offsets of line starts; filled when first needed. */
  lines: number[] | null;
}

// Requires of one file come close together; the bound keeps the sources of large graphs from staying in memory.
const MAX_SOURCES = 64;
const sources = new Map<string, Source | null>();

function sourceOf(file: string): Source | null {
  let source = sources.get(file);
  if (source !== undefined) return source;
  if (sources.size >= MAX_SOURCES) sources.clear();
  try {
    const text = readFileSync(file, 'utf8');
    source = text.includes('node:') ? { text, lines: null } : null;
  } catch {
    // Not a file of this disk (a virtual module): there is no text to read a request from.
    source = null;
  }
  sources.set(file, source);
  return source;
}

function offsetOf(source: Source, line: number, column: number): number {
  if (source.lines === null) {
    source.lines = [0];
    for (let at = source.text.indexOf('\n'); at >= 0; at = source.text.indexOf('\n', at + 1)) source.lines.push(at + 1);
  }
  return (source.lines[line - 1] ?? source.text.length) + column - 1;
}

/** The innermost frame of `file`, with whatever the program set up for stack traces put back as it was. */
function innermostCall(file: string, below: (receiver: unknown) => void): NodeJS.CallSite | undefined {
  const holder: { stack?: unknown } = {};
  const prepare = describe(RealError, 'prepareStackTrace');
  const limit = describe(RealError, 'stackTraceLimit');
  // A frozen Error cannot be asked without throwing.
  if (prepare?.configurable === false || limit === undefined || limit.configurable === false) return undefined;
  let sites: unknown;
  try {
    define(RealError, 'stackTraceLimit', { value: 4, writable: true, configurable: true, enumerable: true });
    define(RealError, 'prepareStackTrace', {
      value: (_error: unknown, frames: unknown) => frames,
      writable: true,
      configurable: true,
    });
    capture(holder, below);
    sites = holder.stack;
  } finally {
    define(RealError, 'stackTraceLimit', limit);
    if (prepare === undefined) Reflect.deleteProperty(RealError, 'prepareStackTrace');
    else define(RealError, 'prepareStackTrace', prepare);
  }
  return Array.isArray(sites) ? sites.find((site: NodeJS.CallSite) => site.getFileName() === file) : undefined;
}

const CALL_WITH_LITERAL = /^[^'"`;]{0,80}?\(\s*(['"`])(node:[\w/]+)\1/;

/** The `node:` request of the call that `file` is making, or null where its source does not spell it. */
export function nodeRequestAt(file: string, below: (receiver: unknown) => void): string | null {
  const source = sourceOf(file);
  if (source === null) return null;
  const site = innermostCall(file, below);
  const line = site?.getLineNumber();
  const column = site?.getColumnNumber();
  if (line == null || column == null) return null;
  const at = offsetOf(source, line, column);
  return CALL_WITH_LITERAL.exec(source.text.slice(at, at + 200))?.[2] ?? null;
}
