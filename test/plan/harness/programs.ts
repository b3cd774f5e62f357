// Programs for the planner, written as tables: who loads whom by which statement, within whose load, and what was seen.
import type { Analysis, Effect, SharedRead } from '../../../src/graph/analysis.js';
import type { Graph, SharedWrite, TracedModule } from '../../../src/graph/types.js';
import { makePlan, type PlanInput } from '../../../src/plan/make-plan.js';
import { type DeferrableStatement, type StaticFacts, UNPARSED } from '../../../src/source/static-facts.js';

export interface ShapeLoad {
  readonly target: string;
  /** The candidate that makes it; absent: what cannot wait makes it. */
  readonly by?: number;
  readonly isBare?: boolean;
}

export interface Shape {
  /** A name alone is loaded by what cannot wait. */
  readonly loads?: readonly (string | ShapeLoad)[];
  /** Candidates by index. */
  readonly candidates?: Readonly<Record<number, Partial<DeferrableStatement>>>;
  /** Whose load it was first loaded within. */
  readonly within?: string;
  readonly writesBefore?: TracedModule['writesBefore'];
}

export type Touch = readonly [module: string, statement: number, owner: string, declaredBy: number];

export interface Seen {
  readonly effects?: readonly Effect[];
  readonly touches?: readonly Touch[];
  readonly reads?: readonly SharedRead[];
  readonly writes?: readonly SharedWrite[];
  /** Loaded, but not evaluated to their end. */
  readonly unended?: readonly string[];
}

function factsOf({ candidates = {} }: Shape): StaticFacts {
  const list = Object.entries(candidates).map(([key, more]) => {
    const index = Number(key);
    return { index, line: index, needs: [], usesRequired: false, calls: false, requires: 0, ...more };
  });
  return { ...UNPARSED, parsed: true, startsWorkers: false, candidates: list };
}

function graphOf(shapes: Readonly<Record<string, Shape>>, writes: readonly SharedWrite[]): Graph {
  const modules = Object.entries(shapes).map(([file, { within, writesBefore = [] }], order) => ({
    ...{ file, order, format: 'commonjs' as const, bytes: 1, selfMs: 0, totalMs: 0 },
    ...{ lines: [0], parent: null, loads: [], writesBefore },
    ...(within === undefined ? {} : { during: within }),
  }));
  return { entry: 'main', entryFormat: 'commonjs', runs: [], modules, resolutions: [], writes };
}

/** `main` is the entry. Modules began in the order in which they are given, and ended in the opposite one. */
export function inputOf(shapes: Readonly<Record<string, Shape>>, seen: Seen = {}): PlanInput {
  const { effects = [], reads = [], writes = [], unended = [] } = seen;
  const files = Object.keys(shapes);
  const loads = Object.entries(shapes).flatMap(([module, shape]) =>
    (shape.loads ?? []).map((load) => {
      const { target, by = -1, isBare = false } = typeof load === 'string' ? { target: load } : load;
      return { module, target, statement: by, isBare };
    }),
  );
  const touches = (seen.touches ?? []).map(([module, statement, owner, declaredBy]) => {
    return { module, statement, owner, declaredBy };
  });
  const evaluated = files.filter((file) => file !== 'main' && !unended.includes(file)).reverse();
  const analysis: Analysis = { effects, inputs: [], reads, loads, touches, uses: [], evaluated };
  const facts = new Map(files.map((file) => [file, factsOf(shapes[file] ?? {})]));
  return { graph: graphOf(shapes, writes), analysis, mayWait: true, facts };
}

/** Of each module but the entry: `baked`, `baked without 0,2`, or the code of the verdict. */
export function outcome(input: PlanInput): Record<string, string> {
  const described = makePlan(input).modules.map(({ file, verdict, code, deferred }) => {
    const left = deferred.length === 0 ? '' : ` without ${deferred.map(({ index }) => index).join()}`;
    return [file, verdict === 'baked' ? `baked${left}` : code];
  });
  return Object.fromEntries(described.filter(([file]) => file !== 'main'));
}

/** A hazard; with a statement, one that may wait. */
export function env(module: string, statement?: number): Effect {
  const effect = { module, kind: 'env-read', subject: 'X', at: `${module}:1` } as const;
  return statement === undefined ? effect : { ...effect, statement };
}

export function changes(module: string, owner: string): Effect {
  return { module, kind: 'foreign-write', subject: 'n', at: `${module}:1`, owner };
}
