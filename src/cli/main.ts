#!/usr/bin/env node
// The command line: parses, hands over to the public API, prints, sets the exit code. Nothing else in src/ does.
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { TOOL_VERSION } from '../build/tool-version.js';
import { buildCommand } from './build-command.js';
import { EXIT } from './exit-codes.js';
import { describeError } from './report-error.js';
import { verifyCommand } from './verify-command.js';

const EXAMPLES = [
  ['$0 build eslint', 'build node_modules/.bin/eslint into .snap/eslint'],
  ['$0 build ./cli.js --train "lint src" --train "--help"', 'learn from these runs'],
  ['$0 verify .snap/eslint -- src', 'compare one run with plain node'],
] as const;

async function main(args: readonly string[]): Promise<void> {
  await yargs([...args])
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
    .fail((message, error, parser) => {
      if (error !== undefined) throw error;
      process.stderr.write(
        `snap: ${message}\n  see: ${parser.parsed === false ? 'snap --help' : 'snap --help, snap build --help'}\n`,
      );
      process.exitCode = EXIT.usage;
    })
    .parseAsync();
}

main(hideBin(process.argv)).catch((error: unknown) => {
  const { text, exitCode } = describeError(error, process.argv.includes('--verbose'));
  process.stderr.write(text);
  process.exitCode = exitCode;
});
