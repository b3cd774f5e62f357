// `snap verify --matrix`: each line in each environment, plain against accelerated. The short form of it is a part of
// every build.
import { type Environment, MATRIX, SHORT_FORM } from './environments.js';
import { runIn } from './run-in.js';
import { openScratch } from './scratch.js';
import { noTerminal } from './terminal.js';
import { type Comparison, compareLine, type LineResult, type VerifyOptions } from './verify.js';
import { type ArtifactOptions, openArtifact } from './verify-artifact.js';
import { watchChanges } from './written.js';

export interface MatrixResult extends LineResult {
  readonly environment: string;
  readonly status: 'same' | 'differs' | 'not run';
  /** Why it was not run. */
  readonly reason?: string;
  /** False where the current folder holds too many files to look at before and after each run. */
  readonly isFolderCompared: boolean;
}

/** Of the current folder: some tenths of a second for each look. */
const MOST_FILES = 20_000;
export const MOST_FILES_IN_BUILD = 1_000;

type Result = Omit<MatrixResult, 'isFolderCompared'>;

function resultOf({ name }: Environment, compared: Comparison, timeoutMs: number): Result {
  const { args, differences, isAccelerated, isEndless } = compared;
  if (isEndless) return notRun(name, args, `plain did not end within ${timeoutMs / 1000} s`);
  return { args, environment: name, differences, isAccelerated, status: differences.length === 0 ? 'same' : 'differs' };
}

function notRun(environment: string, args: readonly string[], reason: string): Result {
  return { args, environment, status: 'not run', reason, differences: [], isAccelerated: false };
}

/** Results as they come. @throws SnapError NOT_AN_ARTIFACT */
export async function* verifyMatrix(folder: string, options: ArtifactOptions): AsyncGenerator<MatrixResult, void> {
  const artifact = await openArtifact(folder, options);
  const verify = { ...artifact.options, skipsEndless: true };
  const scratch = openScratch();
  try {
    const reason = await noTerminal(verify);
    const isFolderCompared = watchChanges(verify.cwd, MOST_FILES, scratch.folder) !== null;
    const look = async (environment: Environment, args: readonly string[]): Promise<Result> => {
      if (environment.terminal !== undefined && reason !== null) return notRun(environment.name, args, reason);
      const run = runIn(environment, scratch.folder, MOST_FILES);
      return resultOf(environment, await compareLine(verify, args, run), verify.timeoutMs);
    };
    for (const args of artifact.lines) {
      for (const environment of MATRIX) yield { ...(await look(environment, args)), isFolderCompared };
    }
  } finally {
    scratch.remove();
  }
}

/** A line that takes longer plainly is not run in further environments. */
const LONGEST_LINE_MS = 3_000;
/** A run that takes longer is ended: it probably waits for an answer from its terminal. */
const LONGEST_RUN_MS = 10_000;

function seenIn({ name }: Environment, compared: Comparison): Comparison {
  return { ...compared, differences: compared.differences.map((found) => ({ ...found, environment: name })) };
}

/** The lines, which were the same, in each environment of the short form. A line that differs ends it. */
export async function verifyShortForm(options: VerifyOptions, lines: readonly Comparison[]): Promise<LineResult[]> {
  const scratch = openScratch();
  const quick = { ...options, timeoutMs: Math.min(options.timeoutMs, LONGEST_RUN_MS), skipsEndless: true };
  try {
    const hasTerminal = (await noTerminal(options)) === null;
    const environments = SHORT_FORM.filter(({ terminal }) => terminal === undefined || hasTerminal);
    for (const [at, { args, plainMs }] of lines.entries()) {
      if (plainMs > LONGEST_LINE_MS) continue;
      for (const environment of environments) {
        const compared = await compareLine(quick, args, runIn(environment, scratch.folder, MOST_FILES_IN_BUILD));
        if (compared.differences.length > 0) return lines.with(at, seenIn(environment, compared));
      }
    }
  } finally {
    scratch.remove();
  }
  return [...lines];
}
