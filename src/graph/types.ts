// The vocabulary of a traced program: plain data, no behaviour. Every phase reads or extends these shapes.

/** How Node would load a file. `addon` and `module` are never packed. */
export type ModuleFormat = 'commonjs' | 'json' | 'addon' | 'module' | 'other';

/** A request that a module made while it was being evaluated. `target` is a file, or `node:NAME` for a built-in. */
export interface Load {
  readonly request: string;
  readonly target: string;
}

/** Positions in `Graph.writes`: from the first to before the second. */
export type WriteSpan = readonly [from: number, to: number];

/** One module file that at least one training run loaded. */
export interface TracedModule {
  /** Absolute path as Node knows it (`module.filename`; symlinks resolved). */
  readonly file: string;
  readonly format: ModuleFormat;
  readonly bytes: number;
  /** Position of its first load over all training runs, from 0. */
  readonly order: number;
  /** Milliseconds of its own top-level code, and with what it loaded, in the first run that loaded it. */
  readonly selfMs: number;
  readonly totalMs: number;
  /** Indexes of the training lines that loaded it. */
  readonly lines: readonly number[];
  /** The module whose `require` first loaded it; null for the entry and for what `import()` loaded. */
  readonly parent: string | null;
  /**
   * The module being evaluated when its first load began, where that is not `parent`: a function of `parent` was
   * called by it. Absent too where the program was already running.
   */
  readonly during?: string | undefined;
  /** What it required while it was being evaluated, in order, first request of each target only. */
  readonly loads: readonly Load[];
  /** What had happened of `Graph.writes` before its load began: for each of `lines`, as each is a process of its own. */
  readonly writesBefore: readonly WriteSpan[];
  /**
   * Of its functions, those that a training run called: where each begins and ends in its text, one after the other.
   * Absent where nobody counted.
   */
  readonly called?: readonly number[] | undefined;
}

/** One answer of Node's resolver. `target` is a file, `node:NAME`, or null where it failed. */
export interface Resolution {
  readonly from: string;
  readonly request: string;
  readonly target: string | null;
  /** The error code of a failed resolution, e.g. MODULE_NOT_FOUND. */
  readonly code?: string | undefined;
  /** Of a failed one: the modules that were being evaluated when it failed. Absent: none was. */
  readonly during?: readonly string[] | undefined;
  /** Node prints a deprecation warning when a module of this folder first asks for it. */
  readonly warns?: true | undefined;
}

/** A change of what all modules share, seen in a training run. */
export interface SharedWrite {
  /** The module that was being evaluated, or the entry when it happened later. */
  readonly by: string;
  /** What changed: `globalThis.x`, `fs.readFile`, `Array.prototype.x`, `process.env.X`, `Module._extensions..js`. */
  readonly what: string;
  readonly line: number;
}

/** The arguments of one run of the program: `['--version']`. */
export type TrainingLine = readonly string[];

/** One training line as it ran. */
export interface TrainingRun {
  readonly args: TrainingLine;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly wallMs: number;
}

/** What the training runs loaded, resolved and changed. */
export interface Graph {
  readonly entry: string;
  readonly entryFormat: ModuleFormat;
  readonly runs: readonly TrainingRun[];
  readonly modules: readonly TracedModule[];
  readonly resolutions: readonly Resolution[];
  readonly writes: readonly SharedWrite[];
}
