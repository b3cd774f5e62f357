// snap build <entry>
import path from 'node:path';
import type { CommandModule } from 'yargs';
import type { BuildOptions, BuildResult } from '../pipeline/options.js';
import { EXIT } from './exit-codes.js';
import { onInterrupt } from './interrupt.js';
import { silentProgress, terminalProgress } from './progress.js';
import { buildSummary } from './summary.js';
import { usageError } from './usage-error.js';
import { userEnvironment } from './user-environment.js';

interface Arguments {
  readonly entry: string;
  readonly out: string | undefined;
  readonly name: string | undefined;
  readonly node: string | undefined;
  readonly train: readonly string[] | undefined;
  readonly 'train-timeout': number;
  readonly sandbox: boolean;
  readonly 'keep-slower': boolean;
  readonly defer: boolean;
  /** What `defer` was called before. */
  readonly lazy: boolean | undefined;
  readonly 'relaxed-columns': boolean;
  readonly json: boolean;
  readonly verbose: boolean;
}

function mayDefer({ defer, lazy = true }: Arguments): boolean {
  return defer && lazy;
}

/** Options that were not given stay undefined: defaults are the build's. */
function optionsFrom(args: Arguments): Omit<BuildOptions, 'progress' | 'signal'> {
  const { entry, out, name, node, train, sandbox } = args;
  return {
    entry,
    out,
    name,
    node,
    train,
    sandbox,
    defer: mayDefer(args),
    trainTimeoutMs: args['train-timeout'] * 1000,
    keepSlower: args['keep-slower'],
    relaxedColumns: args['relaxed-columns'],
    cwd: process.cwd(),
    env: userEnvironment(process.env),
  };
}

function checkCombination(args: Arguments): void {
  if (mayDefer(args) || !args['relaxed-columns']) return;
  throw usageError(
    '--relaxed-columns says which statements may be deferred, and --no-defer defers none',
    'leave out one of the two',
  );
}

async function run(args: Arguments): Promise<void> {
  checkCombination(args);
  const progress = args.json && !args.verbose ? silentProgress() : terminalProgress(args.verbose);
  const abort = new AbortController();
  const release = onInterrupt(abort);
  let result: BuildResult;
  try {
    const { build } = await import('../pipeline/build.js');
    result = await build({ ...optionsFrom(args), progress, signal: abort.signal });
  } finally {
    progress.stop();
    release();
  }
  process.stdout.write(
    args.json
      ? `${JSON.stringify(result.manifest, null, 1)}\n`
      : buildSummary(result, path.relative(process.cwd(), result.out) || '.'),
  );
  // Of the manifest, so that a build which finds everything up to date says it again.
  const { mode, verified } = result.manifest;
  if (mode === 'plain' && verified.some(({ same }) => !same)) process.exitCode = EXIT.differs;
}

export const buildCommand: CommandModule<object, Arguments> = {
  command: 'build <entry>',
  describe: 'make a CLI boot from a V8 startup snapshot',
  builder: (yargs) =>
    yargs
      .positional('entry', {
        type: 'string',
        demandOption: true,
        describe: 'a JavaScript file, or the name of a command: of an installed package, of this project, or on PATH',
      })
      .option('out', { type: 'string', requiresArg: true, describe: 'folder to write [default: .snap/NAME]' })
      .option('name', {
        type: 'string',
        requiresArg: true,
        describe: "the launcher's file name [default: the command's]",
      })
      .option('node', {
        type: 'string',
        requiresArg: true,
        describe: "pin the artifact to this node binary [default: PATH's node]",
      })
      .option('train', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'arguments of a run to learn from; repeatable; it really runs [default: "--version" "--help"]',
      })
      .option('train-timeout', {
        type: 'number',
        requiresArg: true,
        default: 30,
        describe: 'seconds that one training run may take',
      })
      .option('sandbox', {
        type: 'boolean',
        default: false,
        describe: 'train in a temporary home and a copy of this folder',
      })
      .option('keep-slower', {
        type: 'boolean',
        default: false,
        describe: 'keep an accelerated launcher that starts no faster than plain',
      })
      .option('defer', {
        type: 'boolean',
        default: true,
        describe:
          'bake more: statements that cannot be baked are run when their module is loaded, and a module that a snapshot cannot hold is evaluated at its first use; --no-defer turns both off',
      })
      .option('lazy', { type: 'boolean', hidden: true })
      .option('relaxed-columns', {
        type: 'boolean',
        default: false,
        describe: 'defer statements that share a line with others, too: stack traces show other columns of such lines',
      })
      .option('json', { type: 'boolean', default: false, describe: 'print the manifest' })
      .option('verbose', { type: 'boolean', default: false, describe: 'print every step' }),
  handler: run,
};
