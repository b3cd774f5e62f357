// What the builder is told to bake: plain JSON, written by src/bake/, read once by builder/builder.cts. Paths are absolute.

/** The builder's own script, beside the one that `node --build-snapshot` is started with (launch/read-builder.cts). */
export const BUILDER_FILE = 'builder-only.js';

/** A frame of Node's own loader, 1-based, as stack traces print it. */
export interface LoaderFrame {
  /** As it is printed: `Module._compile`, `Object..js`. */
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Where Node's loader calls on the way to user code; measured on the target node, never assumed. */
export interface LoaderFrames {
  /** `require` calling `mod.require`. */
  readonly require: LoaderFrame;
  /** From `require.resolve` inwards to the caller of `Module._resolveFilename`: one frame, three on Node 24+. */
  readonly resolve: readonly LoaderFrame[];
  /** Where `require.resolve` and `require.resolve.paths` call what refuses a request that is no text. */
  readonly checks: { readonly resolve: LoaderFrame; readonly paths: LoaderFrame };
  /** `Module._extensions['.js']` calling `module._compile`. */
  readonly extension: LoaderFrame;
  /** `Module.prototype._compile` calling the compiled wrapper. */
  readonly compile: LoaderFrame;
}

/**
 * A condition on a run. Where it holds, what a module read has the value that it had in the snapshot, whose builder ran
 * without the variables and flags that programs look for, and answered for pipes or for a terminal: its world.
 */
export type Guard =
  | { readonly kind: 'env-unset'; readonly name: string }
  /** It has the value that the builder was given: only for variables that hold no secrets (src/target/environment.ts). */
  | { readonly kind: 'env-same'; readonly name: string }
  /** No variable's name passes a test of the module's own, which is here as source text: `(key) => /^debug_/i.test(key)`. */
  | { readonly kind: 'env-none'; readonly test: string }
  | { readonly kind: 'argv-without'; readonly word: string }
  | { readonly kind: 'no-terminal' | 'terminal'; readonly fd: number }
  /** Of `process.stdout` and the like: no terminal and without a size, or a terminal of any; with its usual descriptor. */
  | { readonly kind: 'plain-stream' | 'terminal-stream'; readonly name: StdStream };

export type StdStream = 'stdin' | 'stdout' | 'stderr';

export interface PlannedModule {
  readonly file: string;
  readonly format: 'commonjs' | 'json';
  /** [request, target] for every request that its load makes; a target is a file, `node:NAME`, or null for a failure. */
  readonly requests: readonly (readonly [string, string | null])[];
  /** Modules without which it must not be used: who began its cycle, and who changed its state after its load. */
  readonly heads: readonly string[];
  /** Indexes in `BakePlan.reads`. */
  readonly reads: readonly number[];
  /** `position`: in `BakePlan.guards`. `after`: the last deferrable statement that had ended when it was asked, or -1. */
  readonly guards: readonly { readonly position: number; readonly after: number }[];
  /** Whether it is evaluated when something of it is first used. */
  readonly isLazy: boolean;
  /** Requests for such modules, of whose answers this one uses nothing but members. */
  readonly standIns: readonly StandInPlan[];
  /** Absent where all of its statements are evaluated. */
  readonly rewritten?: RewrittenSource;
  /** Its text, where that is not the file's (src/source/outer-comments.ts) and it is not rewritten. */
  readonly text?: string;
  /** Functions that training runs called: where each begins and ends in the text that is baked, one after the other. */
  readonly called?: readonly number[];
}

export interface StandInPlan {
  readonly request: string;
  /** `isCalled`: where it is used, it is called; else it is read. */
  readonly members: readonly { readonly name: string; readonly isCalled: boolean }[];
}

/** What a rewritten module hands its deferred statements to: a parameter beside Node's five. */
export const DEFER = '__v8snapDefer';

/** A module's text without the statements that run when it is activated (src/source/rewrite.ts). */
export interface RewrittenText {
  readonly text: string;
  /** Of the first line, so that its tokens keep their columns: what was put before them, negative. */
  readonly columnOffset: number;
}

export interface RewrittenSource extends RewrittenText {
  /** The deferred statements that load files: these are never run twice. */
  readonly loading: readonly LoadingStatement[];
}

export interface LoadingStatement {
  /** Among the statements of the source. */
  readonly index: number;
  /** How many calls of `require` it makes, where it does nothing else; else 0. */
  readonly requires: number;
}

/** A file whose size and modification time vouch for what was built. */
export interface SourceStamp {
  readonly file: string;
  /** Of a folder, only the time counts. */
  readonly bytes: number;
  readonly mtimeMs: number;
}

/** The stamps of one install: its lock state stands for the packages under it, their package.json when it has moved. */
export interface InstallStamps {
  readonly lock: SourceStamp | null;
  /** The `node_modules` itself, in which an entry may be replaced by hand. */
  readonly folder: SourceStamp;
  readonly packages: readonly SourceStamp[];
}

/** What has to be so in a folder for requests to lead where they led. */
export interface FolderStamp {
  readonly folder: string;
  /** Vouches for the facts: nothing was added, removed or renamed since. 0: it vouches for nothing. */
  readonly mtimeMs: number;
  /**
   * Words with NUL between them, compared where the time is another. What each says of the place that it names:
   * `-x` is no file, `!x` is not there, nor are `x.js`, `x.json` and `x.node` (`~x`), nor any of these (`*x`); `+x` is a
   * folder, `>x` is a link to what the next word says, `=x/y` are no links, `#x/y` are all names in the folder. `?x`: while
   * it is not there, the words up to the next of this kind hold.
   */
  readonly facts: string;
}

/** What has to be so in the folders that all programs share (`Module.globalPaths`), which each run has for itself. */
export interface GlobalStamp {
  /** The first ones of a run, where a request led into one of these. */
  readonly folders: readonly string[];
  /** As in `FolderStamp`, of each of a run's. */
  readonly facts: string;
}

export interface SharedReadPlan {
  /** `node:fs`, `globalThis`, `globalThis.Array.prototype`: shared-names.cts. */
  readonly owner: string;
  /** Also the list of all, or a symbol. */
  readonly member: string;
}

export interface BakePlan {
  /** 32 hex digits, the same in the pack's header: a blob never reads another build's pack. */
  readonly artifactId: string;
  /** The entry's real path, and the path that plain Node shows in `process.argv[1]`. */
  readonly entry: string;
  readonly argv1: string;
  /** Node flags of the CLI's shebang. */
  readonly nodeFlags: readonly string[];
  readonly node: { readonly version: string; readonly arch: string; readonly v8Tag: number };
  readonly frames: LoaderFrames;
  /** Whether a baked or packed module has an `import()`. */
  readonly importsDynamically: boolean;
  /** In the order in which their evaluation began. */
  readonly modules: readonly PlannedModule[];
  /** What baked modules read at load from what all share, at most 65536; compared before a baked module is used. */
  readonly reads: readonly SharedReadPlan[];
  /** What a plain run has and a builder has not, as `Promise.try`. Default: nothing. */
  readonly late?: readonly string[];
  /** Conditions on a run under which modules were baked, at most 65536. */
  readonly guards: readonly Guard[];
  /** Its world: whether modules are evaluated as on a terminal; else as on pipes. */
  readonly isTerminal: boolean;
  /** Whether the restored process makes anew what worker threads must not find in the blob (native-bindings.cts). */
  readonly remakesNotes: boolean;
  /** Loaded first, for nothing but to see what they leave in the heap. */
  readonly builtins?: readonly string[];
  readonly ownSources: readonly SourceStamp[];
  readonly installs: readonly InstallStamps[];
  readonly folders: readonly FolderStamp[];
  readonly globals: GlobalStamp;
}
