// The commands and their common errors. A command loads what it needs when it runs.
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { TOOL_VERSION } from '../pipeline/tool-version.js';
import { buildCommand } from './build-command.js';
import { describeError } from './report-error.js';
import { usageError } from './usage-error.js';
import { verifyCommand } from './verify-command.js';

const EXAMPLES = [
  ['$0 build eslint', 'build node_modules/.bin/eslint into .snap/eslint'],
  ['$0 build ./cli.js --train "lint src" --train "--help"', 'learn from these runs'],
  ['$0 verify .snap/eslint -- src', 'compare one run with plain node'],
] as const;

/** `--train "--help"` is one option with its value, which a parser would take for two; of `--train=` it sees no value. */
function joinTraining(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    if (arg === '--') return [...joined, ...args.slice(at)];
    const line = arg === '--train' ? args[++at] : arg.startsWith('--train=') ? arg.slice('--train='.length) : undefined;
    if (line === undefined) joined.push(arg);
    else if (line === '') joined.push('--train', '');
    else joined.push(`--train=${line}`);
  }
  return joined;
}

/** What yargs itself refuses, as against what a command throws. */
function isUsage(message: string | null, error: Error | undefined): boolean {
  return (message !== null && message !== '' && !isOwn(error)) || error?.name === 'YError';
}

function isOwn(error: Error | undefined): boolean {
  return error !== undefined && error.name !== 'YError';
}

async function main(args: readonly string[]): Promise<void> {
  await yargs(joinTraining(args))
    .scriptName('snap')
    .parserConfiguration({ 'populate--': true })
    .command(buildCommand)
    .command(verifyCommand)
    .example(EXAMPLES.map(([command, description]) => [command, description]))
    .demandCommand(1, 'Say what to do: snap build ENTRY')
    .strict()
    .version(TOOL_VERSION)
    .help()
    .exitProcess(false)
    .fail((message, error) => {
      throw isUsage(message, error) ? usageError(message ?? error.message) : error;
    })
    .parseAsync();
}

/** Never rejects: what goes wrong is told and becomes the exit code. */
export async function commandLine(): Promise<void> {
  try {
    await main(hideBin(process.argv));
  } catch (error) {
    const { text, exitCode } = describeError(error, process.argv.includes('--verbose'));
    process.stderr.write(text);
    process.exitCode = exitCode;
  }
}
