// Why a program cannot be analysed.
import { SnapError } from '../errors/snap-error.js';

export type AnalysisErrorCode = 'ANALYSE_TIMEOUT' | 'ANALYSE_FAILED' | 'ANALYSE_NODE_FAILED';

/** So many modules hung or crashed the analysis that setting more of them aside one by one would not end. */
export function tooManyCulprits(path: string, detail: string, cause?: unknown): SnapError<AnalysisErrorCode> {
  return new SnapError(
    {
      code: 'ANALYSE_TIMEOUT',
      message: `evaluating the modules for analysis does not end or crashes: last in ${path} (${detail})`,
      hint: 'allow more time for the analysis, or report the module named here',
      path,
    },
    cause,
  );
}

export function analysisFailed(path: string, detail: string, cause?: unknown): SnapError<AnalysisErrorCode> {
  return new SnapError(
    {
      code: 'ANALYSE_FAILED',
      message: `the analysis of the modules failed under ${path}: ${detail}`,
      hint: 'run the build again with --verbose, and report the output',
      path,
    },
    cause,
  );
}

export function nodeFailed(path: string, cause: unknown): SnapError<AnalysisErrorCode> {
  return new SnapError(
    {
      code: 'ANALYSE_NODE_FAILED',
      message: `this node does not run: ${path}`,
      hint: 'give a working node binary: --node PATH',
      path,
    },
    cause,
  );
}
