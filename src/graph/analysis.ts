// What the instrumented evaluation of the traced modules saw. Plain data between the probe and the hazard rules.
import type { EffectKind } from './effects.cjs';
import type { Guard } from './guard.js';

export type { EffectKind } from './effects.cjs';

/** One load-time effect, charged to `module`. */
export interface Effect {
  readonly module: string;
  readonly kind: EffectKind;
  /** What was touched: a variable's name, `os.homedir`, a path, `fs.readFile`. */
  readonly subject: string;
  /** `file:line` of the innermost frame that is not the probe's or Node's. */
  readonly at: string;
  /** For `foreign-write`: the file of the module whose state was changed. */
  readonly owner?: string | undefined;
  /** The module's deferrable statement that had it; absent where it was had elsewhere. */
  readonly statement?: number | undefined;
  /** Of one with a guard: the last of the module's deferrable statements that had ended by then; absent: none. */
  readonly after?: number | undefined;
  /** Where this holds, the effect has no consequence. */
  readonly guard?: Guard | undefined;
}

/** A module or built-in (`node:NAME`) that was required while `module` was being evaluated, whoever called. */
export interface SeenLoad {
  readonly module: string;
  readonly target: string;
  /** The deferrable statement that was being run, or -1. */
  readonly statement: number;
  /**
   * Whether `module` was bare: its exports were the object that it was given, with nothing but primitives in it, so that
   * nobody could call or change anything of it meanwhile; and what it exported later can be taken away again.
   */
  readonly isBare: boolean;
}

/** A use, while `module` was being evaluated, of a name that a deferrable statement of `owner` declares. */
export interface SeenTouch {
  readonly module: string;
  readonly statement: number;
  readonly owner: string;
  readonly declaredBy: number;
}

/** A use at load, by whomever, of a member of what `module` has bound to the answer to `request`. */
export interface SeenUse {
  readonly module: string;
  readonly request: string;
}

/** A file, listing or absence that a module read inside its own package at load: part of the cache key of its verdict. */
export interface Input {
  readonly module: string;
  readonly path: string;
  readonly kind: 'file' | 'list' | 'stat' | 'absent';
}

/** A member of a built-in module or of globalThis that a module read at load: compared again before it is used. */
export interface SharedRead {
  readonly module: string;
  /** `node:fs`, `globalThis`, or the path of a global below it: `globalThis.Array.prototype`. */
  readonly owner: string;
  readonly member: string;
  /** The module's deferrable statement that was being run; absent where it was read elsewhere, or may have been. */
  readonly statement?: number | undefined;
}

export interface Analysis {
  readonly effects: readonly Effect[];
  readonly inputs: readonly Input[];
  readonly reads: readonly SharedRead[];
  readonly loads: readonly SeenLoad[];
  readonly touches: readonly SeenTouch[];
  readonly uses: readonly SeenUse[];
  /** What a plain run has and a builder has not: `Promise.try`. Default: nothing. */
  readonly late?: readonly string[];
  /** Modules that were evaluated to their end, in the order in which they ended. */
  readonly evaluated: readonly string[];
}
