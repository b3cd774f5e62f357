// The order of loads. Baking moves a module's load ahead of the entry's first statement: what code that is not baked
// wrote before that load, and the module read, would be missed.
import path from 'node:path';
import type { Analysis, EffectKind, SharedRead } from '../graph/analysis.js';
import type { Graph, WriteSpan } from '../graph/types.js';
import type { Finding } from '../hazards/rule.js';

/**
 * Writes after which no later load is trusted, since any module may use what was written without naming it: `[].map()` uses
 * `Array.prototype.map`. Not those of `Error`: a module whose load looks at a stack has a hazard of its own.
 */
const EVERYBODY =
  /^(?:globalThis\.)?(?:Module\b|require\.extensions|(?:Object|Array|Function|String|Promise|RegExp|Symbol|Map|Set)(?:\.prototype)?\.)/;
/**
 * Of those, the changes of Node's loader that a launch looks for before it uses a baked module (`sealLoader`). Where the
 * program has made one by then, the source is loaded. So a module may be baked if some training line loads it without.
 */
const ASKED_AT_LAUNCH =
  /^Module\.(?:prototype\.(?:require|load|_compile)|(?:_load|_resolveFilename|_resolveLookupPaths|_findPath|_nodeModulePaths|_cache|_extensions|wrap|wrapper)$|_extensions\.\.(?:js|json)$)/;
/** A handler for the files whose names end so. That of `.js` is left out: it loads files without an ending, too. */
const EXTENSION = /^(?:Module\._extensions|require\.extensions)\.(?!\.js$)(\..*)$/;
const WRITES: readonly EffectKind[] = [
  'global-write',
  'builtin-write',
  'process-write',
  'stack-setting',
  'module-hook',
];

/** Effects of these kinds that later loads do not see: calls, and settings that were put back. */
const PASSING = /^(?:module\.|Error\.)/;

interface Write {
  readonly by: string;
  readonly what: string;
  readonly at: string;
  /** Its place in the writes of the trace, or -1 where the analysis alone saw it. */
  readonly position: number;
}

/** `globalThis.x` → `x`, `node:fs.readFile` → `fs.readFile`: one spelling for writes and reads. */
function normalise(name: string): string {
  return name
    .replace(/^node:/, '')
    .replace(/^globalThis\./, '')
    .replace(/^process\.env\..*/, 'process.env');
}

export interface OrderProblem {
  readonly finding: Finding;
  /** What of the module depends on the write: empty where it may be all. */
  readonly reads: readonly SharedRead[];
}

export interface Others {
  isBaked(file: string): boolean;
  /** Whether the load of the module that is judged leads to the load of this one. */
  reaches(file: string): boolean;
}

function byName(reads: readonly SharedRead[]): Map<string, SharedRead[]> {
  const found = new Map<string, SharedRead[]>();
  for (const read of reads) {
    const name = normalise(`${read.owner}.${read.member}`);
    found.set(name, [...(found.get(name) ?? []), read]);
  }
  return found;
}

export class OrderJudge {
  readonly #writes: readonly Write[];
  /** By name: the positions of all. */
  readonly #places = new Map<string, number[]>();
  readonly #before: ReadonlyMap<string, readonly WriteSpan[]>;

  constructor(graph: Graph, analysis: Analysis) {
    const traced = graph.writes.map(({ by, what, line }, position) => {
      return { by, what: normalise(what), at: `${by}:${line}`, position };
    });
    // What the analysis saw may have no place in the trace: taken as before everything.
    const known = new Set(traced.map(({ by, what }) => `${by}\0${what}`));
    const seen = analysis.effects
      .filter(({ kind, subject }) => WRITES.includes(kind) && !PASSING.test(subject))
      .map(({ module, subject, at }) => ({ by: module, what: normalise(subject), at, position: -1 }))
      .filter(({ by, what }) => !known.has(`${by}\0${what}`));
    this.#writes = [...traced, ...seen];
    for (const { what, position } of traced) this.#places.set(what, [...(this.#places.get(what) ?? []), position]);
    this.#before = new Map(graph.modules.map(({ file, writesBefore }) => [file, writesBefore]));
  }

  /** The first write, by code that is not baked, that the module's load may have depended on. */
  problem(file: string, reads: readonly SharedRead[], others: Others): OrderProblem | undefined {
    const readsOf = byName(reads);
    for (const write of this.#writes) {
      const { by, what, at } = write;
      if (by === file || others.isBaked(by)) continue;
      // What it loads itself, by a deferred statement, writes in the midst of its load.
      if (!this.#isBefore(write, file) && !others.reaches(by)) continue;
      const everybody = concernsAll(write, file);
      const met = readsOf.get(what);
      if (!everybody && met === undefined) continue;
      const finding = { code: 'HAZARD_ORDER', message: `before it loads, ${by} changes ${what}`, at };
      return { finding, reads: everybody ? [] : (met ?? []) };
    }
    return undefined;
  }

  /** In some training run that loads the module; in all of them, where another run has the module as it was baked. */
  #isBefore({ position, what }: Write, file: string): boolean {
    if (position < 0) return true;
    const spans = this.#before.get(file) ?? [];
    const isIn = ([from, to]: WriteSpan) => position >= from && position < to;
    return ASKED_AT_LAUNCH.test(what) ? this.#isInAll(what, spans) : spans.some(isIn);
  }

  /** Each run makes its own write. */
  #isInAll(what: string, spans: readonly WriteSpan[]): boolean {
    const places = this.#places.get(what) ?? [];
    return spans.length > 0 && spans.every(([from, to]) => places.some((at) => at >= from && at < to));
  }
}

/** Whether the load of every module depends on it, that of this one among them. */
function concernsAll({ what, position }: Write, file: string): boolean {
  if (position < 0) return false;
  const extension = EXTENSION.exec(what)?.[1];
  return extension === undefined ? EVERYBODY.test(what) : path.basename(file).endsWith(extension);
}
