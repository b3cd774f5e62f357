// snap verify <out> [--matrix] [-- ARGS]
import path from 'node:path';
import type { CommandModule } from 'yargs';
import type { LineResult } from '../verify/verify.js';
import type { ArtifactOptions } from '../verify/verify-artifact.js';
import { describeDifferences, shownArguments } from './describe-differences.js';
import { EXIT } from './exit-codes.js';
import { onInterrupt } from './interrupt.js';
import { userEnvironment } from './user-environment.js';

interface Arguments {
  readonly out: string;
  readonly timeout: number;
  readonly matrix: boolean;
  readonly json: boolean;
  /** What follows `--`. */
  readonly '--'?: readonly (string | number)[];
}

function printJson(results: readonly LineResult[]): void {
  process.stdout.write(`${JSON.stringify(results, null, 1)}\n`);
}

function printLine({ args, differences, isAccelerated }: LineResult): void {
  const how = isAccelerated ? 'accelerated' : 'the artifact ran plain';
  process.stdout.write(
    differences.length === 0 ? `same: ${shownArguments(args)} (${how})\n` : describeDifferences(args, differences),
  );
}

async function runLines(out: string, options: ArtifactOptions, isJson: boolean): Promise<LineResult[]> {
  const { verifyArtifact } = await import('../verify/verify-artifact.js');
  const results = await verifyArtifact(out, options);
  if (isJson) printJson(results);
  else results.forEach(printLine);
  return results;
}

async function runMatrix(out: string, options: ArtifactOptions, isJson: boolean): Promise<LineResult[]> {
  const { verifyMatrix } = await import('../verify/matrix.js');
  const { matrixRow, matrixSummary, matrixTitle } = await import('./matrix-table.js');
  const results = [];
  for await (const result of verifyMatrix(out, options)) {
    const isNewLine = results.at(-1)?.args !== result.args;
    results.push(result);
    if (!isJson) process.stdout.write(`${isNewLine ? matrixTitle(result.args) : ''}${matrixRow(result)}`);
  }
  if (isJson) printJson(results);
  else process.stdout.write(matrixSummary(results));
  return results;
}

async function run(args: Arguments): Promise<void> {
  const line = args['--']?.map(String);
  const abort = new AbortController();
  const release = onInterrupt(abort);
  const { timeout, matrix, json } = args;
  const options = {
    cwd: process.cwd(),
    env: userEnvironment(process.env),
    timeoutMs: timeout * 1000,
    signal: abort.signal,
  };
  const results = await (matrix ? runMatrix : runLines)(
    path.resolve(args.out),
    line === undefined ? options : { ...options, lines: [line] },
    json,
  ).finally(release);
  if (results.some(({ differences }) => differences.length > 0)) process.exitCode = EXIT.differs;
}

/** A line each, for yargs to wrap. */
const EPILOGUE = [
  'Lines really run: once plainly and once accelerated, and plainly again, up to five times, where that differs.',
  'With --matrix they do so in each of some twenty environments: colours, DEBUG, NODE_ENV, CI, another folder, HOME, locale, time zone, terminals, no input.',
  'Compared are the bytes of stdout and stderr, exit code and signal; with --matrix also the files that a run leaves behind in the current folder (what has changed, without node_modules and .git; not where it holds more than 20000 files), in HOME and in TMPDIR (new, empty folders in all environments but the first). What is written elsewhere is not compared.',
  'A command that writes into the current folder does so in every run, and finds what the run before has written.',
].join('\n\n');

export const verifyCommand: CommandModule<object, Arguments> = {
  command: 'verify <out>',
  describe: 'run an artifact next to plain and compare: its training lines, or the arguments after --',
  builder: (yargs) =>
    yargs
      .positional('out', { type: 'string', demandOption: true, describe: 'the folder that build wrote' })
      .option('matrix', { type: 'boolean', default: false, describe: 'compare in many environments' })
      .option('timeout', { type: 'number', requiresArg: true, default: 60, describe: 'seconds that one run may take' })
      .option('json', { type: 'boolean', default: false, describe: 'print the results as JSON' })
      .epilogue(EPILOGUE),
  handler: run,
};
