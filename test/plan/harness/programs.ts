// Programs for the planner, written as tables: who loads whom by which statement, within whose load, and what was seen.
import type { Analysis, Effect, SharedRead } from '../../../src/graph/analysis.js';
import type { Resolution, SharedWrite, TracedModule } from '../../../src/graph/types.js';
import { makePlan, type PlanInput } from '../../../src/plan/make-plan.js';
import type { PlannedVerdict } from '../../../src/plan/types.js';
import { type DeferrableStatement, type StaticFacts, UNPARSED } from '../../../src/source/static-facts.js';
import { graphOf } from '../../graph/harness/graphs.js';

export interface ShapeLoad {
  readonly target: string;
  /** The candidate that makes it; absent: what cannot wait makes it. */
  readonly by?: number;
  readonly isBare?: boolean;
}

export interface Shape {
  /** What the analysis saw it load. A name alone is loaded by what cannot wait. */
  readonly loads?: readonly (string | ShapeLoad)[];
  /** What the trace saw it load. */
  readonly traced?: readonly string[];
  /** Candidates by index. */
  readonly candidates?: Readonly<Record<number, Partial<DeferrableStatement>>>;
  /** Whose load it was first loaded within. */
  readonly within?: string;
  readonly writesBefore?: TracedModule['writesBefore'];
  readonly format?: TracedModule['format'];
  /** What else its text says. */
  readonly facts?: Partial<StaticFacts>;
}

export type Touch = readonly [module: string, statement: number, owner: string, declaredBy: number];

export interface Seen {
  readonly effects?: readonly Effect[];
  readonly touches?: readonly Touch[];
  readonly reads?: readonly SharedRead[];
  readonly uses?: Analysis['uses'];
  readonly writes?: readonly SharedWrite[];
  readonly resolutions?: readonly Resolution[];
  /** Loaded, but not evaluated to their end. */
  readonly unended?: readonly string[];
}

export function factsOf({ candidates = {}, facts = {} }: Shape): StaticFacts {
  const list = Object.entries(candidates).map(([key, more]) => {
    const index = Number(key);
    return { index, line: index, needs: [], usesRequired: false, calls: false, requires: 0, ...more };
  });
  return { ...UNPARSED, parsed: true, startsWorkers: false, candidates: list, ...facts };
}

/** `main` is the entry. Modules began in the order in which they are given, and ended in the opposite one. */
export function inputOf(shapes: Readonly<Record<string, Shape>>, seen: Seen = {}): PlanInput {
  const { effects = [], reads = [], uses = [], writes = [], resolutions = [], unended = [] } = seen;
  const all = Object.entries(shapes);
  const modules = all.map(([file, { traced = [], within, writesBefore = [], format = 'commonjs' }]) => {
    const loads = traced.map((target) => ({ request: target, target }));
    return [file, { loads, during: within, writesBefore, format }] as const;
  });
  const loads = all.flatMap(([module, shape]) =>
    (shape.loads ?? []).map((load) => {
      const { target, by = -1, isBare = false } = typeof load === 'string' ? { target: load } : load;
      return { module, target, statement: by, isBare };
    }),
  );
  const touches = (seen.touches ?? []).map(([module, statement, owner, declaredBy]) => {
    return { module, statement, owner, declaredBy };
  });
  const ended = Object.keys(shapes).filter((file) => file !== 'main' && !unended.includes(file));
  return {
    graph: graphOf(Object.fromEntries(modules), { writes, resolutions }),
    analysis: { effects, inputs: [], reads, loads, touches, uses, evaluated: ended.reverse() },
    mayWait: true,
    facts: new Map(all.map(([file, shape]) => [file, factsOf(shape)])),
  };
}

/** What the plan says of one module. */
export function planned(input: PlanInput, name: string): PlannedVerdict {
  const found = makePlan(input).modules.find(({ file }) => file === name);
  if (found === undefined) throw new Error(`no module ${name}`);
  return found;
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
  return { module, kind: 'env-read', subject: 'X', at: `${module}:1`, statement };
}

export function changes(module: string, owner: string): Effect {
  return { module, kind: 'foreign-write', subject: 'n', at: `${module}:1`, owner };
}
