// What a module's text alone says. Plain data: pure in the source, so that callers can cache it by content.

import type { Evaluation } from './evaluates.js';
import type { MemberUses } from './member-uses.js';

export interface StaticFacts {
  /** False where the text could not be parsed or walked: nothing is known, so the module is not baked. */
  readonly parsed: boolean;
  /** Identifiers that nothing in the file declares, anywhere in it. */
  readonly freeNames: readonly string[];
  /** `Object.assign`, `Array.prototype.slice`: members of standard globals, as written. */
  readonly globalMembers: readonly string[];
  readonly dynamicImports: boolean;
  readonly directEval: boolean;
  /** `arguments.callee` outside strict code is harmless; `callee.caller` shows the frames of the builder. */
  readonly callerRead: boolean;
  /** Texts of its string literals that are identifiers: may name globals (`'WebAssembly' in globalThis`). */
  readonly nameStrings: readonly string[];
  /** It names both the built-in `worker_threads` and something called `Worker`. */
  readonly startsWorkers: boolean;
  /** Lines whose clock reading decides nothing but how much time has passed (compared-clock.ts). */
  readonly comparedReadings: readonly number[];
  /** Top-level statements that may be deferred (src/source/candidates.ts). */
  readonly candidates: readonly DeferrableStatement[];
  /** Literal requests of which at least one stands where what it throws may be caught. */
  readonly caughtRequests: readonly string[];
  /** Literal requests of whose answers it uses nothing but members (src/source/member-uses.ts). */
  readonly memberUses: readonly MemberUses[];
  /** How many calls of `require` it makes before it does anything else (require-run.ts). */
  readonly requireRun: number;
  /** Whether, and where, it may evaluate text. */
  readonly evaluation: Evaluation;
  /** Where in it stands what baking may take out of it. */
  readonly ranges: TextRanges;
}

/** What the rewriter goes by (rewrite.ts). Offsets are those of the text without a byte order mark. */
export interface TextRanges {
  /** Of the text, so that nothing is cut out of another one: a file can be written to while a build goes on. */
  readonly sha256: string;
  /** Of the candidates, in their order. */
  readonly statements: readonly StatementRange[];
  /** Lines with nothing but comments outside of all functions: where they begin and end, one after the other. */
  readonly comments: readonly number[];
}

export interface StatementRange {
  /** As the candidate's. */
  readonly index: number;
  readonly line: number;
  /** Where the text before it ends: its names are declared there. */
  readonly before: number;
  /** What declares its names, and where that stands; absent: it is an expression. */
  readonly keyword?: { readonly word: 'const' | 'let' | 'var'; readonly at: number };
  readonly names: readonly string[];
  /** Where its expression, or the last of its initialisers, ends. */
  readonly end: number;
}

export interface DeferrableStatement {
  /** Among the statements of the source. */
  readonly index: number;
  /** 1-based. */
  readonly line: number;
  /** Statements whose names it uses: they are deferred when it is. */
  readonly needs: readonly number[];
  /** Whether it uses a name that another statement has bound to what a `require` of a file answered. */
  readonly usesRequired: boolean;
  /** Whether it calls anything but `require`, helpers of its module, and methods of environment variables. */
  readonly calls: boolean;
  /** How many calls of `require` it makes, where it does nothing else; else 0. */
  readonly requires: number;
}

/** A module that names what starts a worker. */
export function workerStarter(facts: ReadonlyMap<string, StaticFacts>): string | undefined {
  return [...facts].find(([, { startsWorkers }]) => startsWorkers)?.[0];
}

export const UNPARSED: StaticFacts = {
  parsed: false,
  freeNames: [],
  globalMembers: [],
  dynamicImports: false,
  directEval: false,
  callerRead: false,
  nameStrings: [],
  startsWorkers: true,
  comparedReadings: [],
  candidates: [],
  caughtRequests: [],
  memberUses: [],
  requireRun: 0,
  evaluation: 'anywhere',
  ranges: { sha256: '', statements: [], comments: [] },
};
