// What the build side hands to the probe (PLAN.json) and gets back (OUT.json): plain data.
import type { Guard } from '../../../snapshot-entry/shared/bake-plan.cjs';
import type { EffectKind } from '../../graph/effects.cjs';

export interface PlannedModule {
  readonly file: string;
  readonly format: 'commonjs' | 'json' | 'addon' | 'module' | 'other';
  /** Instrumented source, or the text of a JSON file. */
  readonly source: string;
  /** As `Instrumented.inserted`. */
  readonly inserted: readonly number[];
  /** Reads below this folder are inputs; others are hazards. */
  readonly packageDir: string;
}

/** A text that a run evaluated, instrumented. */
export interface MadeText {
  readonly text: string;
  /** As of a module. */
  readonly source: string;
  readonly inserted: readonly number[];
}

/** A text that a module had evaluated while it was loaded. */
export interface SeenText {
  readonly module: string;
  readonly text: string;
  /** Where there are no hooks: in another global object, or as a script. */
  readonly isElsewhere: boolean;
}

export interface ProbePlan {
  readonly entry: string;
  readonly modules: readonly PlannedModule[];
  /** `[from, request, target or null, error code, whether Node warns of it]`. */
  readonly resolutions: readonly (readonly [string, string, string | null, string | undefined, boolean])[];
  /** What a plain run of the same node has (src/hazards/plain-names-script.cts). */
  readonly plainNames: readonly string[];
  /** Built-ins and web globals that this node cannot snapshot. */
  readonly unsafeBuiltins: readonly string[];
  readonly unsafeGlobals: readonly string[];
  /** Variables whose values the builder is given. */
  readonly worldVariables: readonly string[];
  /** Whether the standard streams are to be terminals. */
  readonly isTerminal: boolean;
  readonly progressFile: string;
  /** Second pass: objects whose writers are wanted, as `owner index:walk index`. */
  readonly watch: readonly string[];
  /** Second pass: what the first evaluated. */
  readonly made: readonly MadeText[];
}

export interface SeenEffect {
  readonly module: string;
  readonly kind: EffectKind;
  readonly subject: string;
  readonly at: string;
  readonly owner?: string;
  /** The module's top-level statement that was being run, where that may be deferred. */
  readonly statement?: number;
  readonly after?: number;
  readonly guard?: Guard;
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

export interface SeenLoad {
  readonly module: string;
  readonly target: string;
  readonly statement: number;
  /** Whether nothing that `module` had exported by then could be called or changed, and what it exports later can be hidden. */
  isBare: boolean;
}

export interface SeenRead {
  readonly module: string;
  readonly owner: string;
  readonly member: string;
  /** The module's deferrable statement that was being run; absent: none. */
  readonly statement?: number;
}

export interface SeenInput {
  readonly module: string;
  readonly path: string;
  readonly kind: 'file' | 'list' | 'stat' | 'absent';
}

/** An object that changed after its owner had finished. */
export interface Suspect {
  readonly watch: string;
  readonly owner: string;
  readonly path: string;
}

export interface ProbeResult {
  readonly effects: readonly SeenEffect[];
  readonly inputs: readonly SeenInput[];
  readonly reads: readonly SeenRead[];
  readonly loads: readonly SeenLoad[];
  readonly touches: readonly SeenTouch[];
  readonly uses: readonly SeenUse[];
  readonly evaluated: readonly string[];
  readonly suspects: readonly Suspect[];
  /** Of texts that were not given. */
  readonly texts: readonly SeenText[];
  /** What a plain run has and the builder has not: `X`, `X.member`, `X.prototype.member`. */
  readonly missing: readonly string[];
}
