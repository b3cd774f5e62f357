// The order of loads. Baking moves a module's load ahead of the entry's first statement: what code that is not baked
// wrote before that load, and the module read, would be missed.
import type { Analysis, EffectKind, SharedRead } from '../graph/analysis.js';
import type { Graph } from '../graph/types.js';
import type { Finding } from '../hazards/rule.js';

/**
 * Writes after which no later load is trusted: everything may use them without naming them. Not those of `Error`: a module
 * whose load looks at a stack has a hazard of its own.
 */
const EVERYBODY =
  /^(?:globalThis\.)?(?:Module\b|require\.extensions|(?:Object|Array|Function|String|Promise|RegExp|Symbol|Map|Set)(?:\.prototype)?\.)/;
const WRITES: readonly EffectKind[] = [
  'global-write',
  'builtin-write',
  'process-write',
  'stack-setting',
  'module-hook',
];

/** Calls, and settings that were put back: charged to the module that made them, but nothing that later loads see. */
const PASSING = /^(?:module\.|Error\.)/;

interface Write {
  readonly by: string;
  readonly what: string;
  readonly at: string;
  /** How many writes of the trace came before, or Infinity where the analysis alone saw it. */
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
  readonly #before: ReadonlyMap<string, number>;

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
    this.#before = new Map(graph.modules.map(({ file, writesBefore }) => [file, writesBefore]));
  }

  /** The first write, by code that is not baked, that the module's load may have depended on. */
  problem(file: string, reads: readonly SharedRead[], others: Others): OrderProblem | undefined {
    const before = this.#before.get(file) ?? 0;
    const readsOf = byName(reads);
    for (const { by, what, at, position } of this.#writes) {
      if (by === file || others.isBaked(by)) continue;
      // What it loads itself, by a deferred statement, writes in the midst of its load.
      if (position >= before && !others.reaches(by)) continue;
      const everybody = position >= 0 && EVERYBODY.test(what);
      const met = readsOf.get(what);
      if (!everybody && met === undefined) continue;
      const finding = { code: 'HAZARD_ORDER', message: `before it loads, ${by} changes ${what}`, at };
      return { finding, reads: everybody ? [] : (met ?? []) };
    }
    return undefined;
  }
}
