// snap verify <out> [-- ARGS]
import path from 'node:path';
import type { CommandModule } from 'yargs';
import { describeDifferences } from './describe-differences.js';
import { EXIT } from './exit-codes.js';
import { onInterrupt } from './interrupt.js';

interface Arguments {
  readonly out: string;
  readonly timeout: number;
  /** What follows `--`. */
  readonly '--'?: readonly (string | number)[];
}

async function run(args: Arguments): Promise<void> {
  const line = args['--']?.map(String);
  const lines = line === undefined ? undefined : [line];
  const abort = new AbortController();
  const release = onInterrupt(abort);
  const options = { cwd: process.cwd(), env: process.env, timeoutMs: args.timeout * 1000, signal: abort.signal };
  const { verifyArtifact } = await import('../verify/verify-artifact.js');
  const results = await verifyArtifact(path.resolve(args.out), {
    ...options,
    ...(lines === undefined ? {} : { lines }),
  }).finally(release);
  for (const { args: words, differences, isAccelerated } of results) {
    const shown = words.map((word) => JSON.stringify(word)).join(' ') || '(no arguments)';
    const how = isAccelerated ? 'accelerated' : 'the artifact ran plain';
    process.stdout.write(
      differences.length === 0 ? `same: ${shown} (${how})\n` : describeDifferences(words, differences),
    );
  }
  if (results.some(({ differences }) => differences.length > 0)) process.exitCode = EXIT.differs;
}

export const verifyCommand: CommandModule<object, Arguments> = {
  command: 'verify <out>',
  describe: 'run an artifact next to plain and compare: its training lines, or the arguments after --',
  builder: (yargs) =>
    yargs
      .positional('out', { type: 'string', demandOption: true, describe: 'the folder that build wrote' })
      .option('timeout', { type: 'number', requiresArg: true, default: 60, describe: 'seconds that one run may take' }),
  handler: run,
};
