// What a build is asked for, and what it answers.
import type { Manifest } from '../artifact/manifest.js';
import type { Difference } from '../verify/compare.js';
import type { Progress } from './phases.js';

export interface BuildOptions {
  /** A JavaScript file, or the name of a command in the nearest node_modules/.bin. */
  readonly entry: string;
  /** Default: `.snap/NAME`. */
  readonly out?: string | undefined;
  /** Default: the command's name. */
  readonly name?: string | undefined;
  /** A node binary to pin the artifact to. Default: the node that runs this, found through PATH at launch. */
  readonly node?: string | undefined;
  /** Training lines, one shell-like string each. Default: `--version` and `--help`. */
  readonly train?: readonly string[] | undefined;
  /** Of one training run. */
  readonly trainTimeoutMs?: number | undefined;
  /** Run the training lines in a temporary home and a working copy of `cwd`. */
  readonly sandbox?: boolean | undefined;
  /** Keep an accelerated launcher that starts no faster than plain. */
  readonly keepSlower?: boolean | undefined;
  /**
   * Let what cannot be baked wait, so that it does not keep its module out of the snapshot: statements are deferred until
   * their module is loaded, whole modules are lazy (evaluated at their first use). Default: true.
   */
  readonly defer?: boolean | undefined;
  /**
   * Defer statements that share their lines with others, too: where they do, as in minified code, stack traces show other
   * columns. Default: false. Without meaning where `defer` is false.
   */
  readonly relaxedColumns?: boolean | undefined;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  /** Stops the build and removes what it left. */
  readonly signal?: AbortSignal | undefined;
}

export interface BuildResult {
  readonly out: string;
  /** Absolute path of the launcher. */
  readonly launcher: string;
  readonly manifest: Manifest;
  /** Nothing had changed: the artifact was left as it is. */
  readonly isUpToDate: boolean;
  /** Why the launcher runs plainly, with the differences that verification found, where it found any. */
  readonly differences: readonly { readonly args: readonly string[]; readonly differences: readonly Difference[] }[];
}

export const DEFAULT_TRAINING = ['--version', '--help'] as const;
export const DEFAULT_TRAIN_TIMEOUT_MS = 30_000;
