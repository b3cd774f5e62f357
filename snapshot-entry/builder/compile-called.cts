// V8 compiles a function when it is first called. What a launch is going to call is compiled here, while baking, and is
// in the heap as code: the functions that training runs called, and all of the script that stays in the heap. To have a
// function compiled without calling it, V8's debugger is asked where in it one could stop: V8 compiles it to answer
// that. Nothing is stopped.
import url = require('node:url');

import type { PlannedModule } from '../shared/bake-plan.cjs';
import { lineAt, lineStarts } from '../shared/text-lines.cjs';
import { textOf } from './build-evaluate.cjs';
import { Inspector } from './inspector.cjs';
import type { Internals } from './internals.cjs';

const { fileURLToPath } = url;

/** As the debugger tells of it. */
interface Script {
  readonly scriptId: string;
  readonly url: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Where a function begins and ends in the text of its script. */
type Range = readonly [start: number, end: number];

/** After all are evaluated. `own`: the path of the script that `node --build-snapshot` runs. */
export function compileCalled(modules: readonly PlannedModule[], own: string): void {
  const scripts = new Map<string, Script>();
  const inspector = new Inspector((method, params) => {
    const script = params as Script;
    if (method === 'Debugger.scriptParsed') scripts.set(pathOf(script.url), script);
  });
  try {
    inspector.ask('Debugger.enable', {});
    for (const module of modules) {
      const { file, called = [] } = module;
      const script = scripts.get(file);
      if (called.length > 0 && script !== undefined)
        new Compiler(inspector, script, textOf(module)).compile(pairsOf(called));
    }
    const script = scripts.get(own);
    if (script !== undefined) compileAll(inspector, script);
    inspector.ask('Debugger.disable', {});
  } finally {
    inspector.close();
  }
}

/** Node tells the inspector URLs of its modules, of some scripts their names. */
function pathOf(address: string): string {
  return address.startsWith('file:') ? fileURLToPath(address) : address;
}

function pairsOf(flat: readonly number[]): Range[] {
  return Array.from({ length: flat.length / 2 }, (_one, at) => [flat[2 * at] as number, flat[2 * at + 1] as number]);
}

function compileAll(inspector: Inspector, { scriptId, startLine, startColumn, endLine, endColumn }: Script): void {
  const start = { scriptId, lineNumber: startLine, columnNumber: startColumn };
  const end = { scriptId, lineNumber: endLine, columnNumber: endColumn };
  inspector.ask('Debugger.getPossibleBreakpoints', { start, end });
}

/**
 * Without it, V8's debugger would look through the whole heap for each function that has baseline code. Returns what has the
 * flag as it was: V8 takes code caches only where all flags are as when they were made.
 */
export function withoutBaseline({ binding }: Internals): () => void {
  // On others, it may be off.
  if (!['x64', 'arm64'].includes(process.arch)) return () => undefined;
  const { setFlagsFromString } = binding('v8') as { readonly setFlagsFromString: (flag: string) => void };
  setFlagsFromString('--no-sparkplug');
  return () => setFlagsFromString('--sparkplug');
}

/** V8 collects a script as soon as no function of it is left, be it while the others are compiled. */
const GONE = 'Script not found';

/** Of these V8 tells the place from the word on, of others from the name or the parameters on. */
const BEGINS_WITH_FUNCTION = /^(?:async\s+)?function\b/;

class Compiler {
  readonly #inspector: Inspector;
  readonly #script: Script;
  readonly #text: string;
  readonly #starts: readonly number[];

  constructor(inspector: Inspector, script: Script, text: string) {
    this.#inspector = inspector;
    this.#script = script;
    this.#text = text;
    this.#starts = lineStarts(text);
  }

  compile(ranges: readonly Range[]): void {
    for (const [start, end] of ranges) {
      const isWhole = start === 0 && end >= this.#text.length;
      if (isWhole || end <= start || end > this.#text.length) continue;
      // The innermost function around its last character is another one where an arrow function ends in one.
      if (!BEGINS_WITH_FUNCTION.test(this.#text.slice(start, start + 40))) this.#compileAt(start);
      this.#compileAt(end - 1);
    }
  }

  #compileAt(offset: number): void {
    const { scriptId, startLine, startColumn } = this.#script;
    const line = lineAt(this.#starts, offset);
    const columnNumber = offset - (this.#starts[line] as number) + (line === 0 ? startColumn : 0);
    // What was put before the first line.
    if (columnNumber < 0) return;
    const start = { scriptId, lineNumber: startLine + line, columnNumber };
    try {
      this.#inspector.ask('Debugger.getPossibleBreakpoints', { start, restrictToFunction: true });
    } catch (error) {
      if (!(error instanceof Error && error.message.endsWith(GONE))) throw error;
    }
  }
}
