import { SNAPSHOT, snapshotOption } from '../../snapshot-entry/shared/launch-requests.cjs';

/**
 * Environment variables that Node itself reads and that a snapshot cannot honour as a plain run does.
 * Any non-empty value means: run plainly. Source: https://nodejs.org/api/cli.html#environment-variables
 */
export const plainWhenSet: readonly { readonly name: string; readonly why: string }[] = [
  { name: 'NODE_V8_COVERAGE', why: 'coverage must see every module evaluated' },
  { name: 'NODE_PATH', why: 'modules were resolved without it' },
  { name: 'NODE_PRESERVE_SYMLINKS', why: 'modules were resolved through their real paths' },
  { name: 'NODE_PRESERVE_SYMLINKS_MAIN', why: 'the entry was resolved through its real path' },
  { name: 'NODE_PENDING_DEPRECATION', why: 'built-ins read it while modules load' },
  { name: 'NODE_DEBUG', why: 'built-ins log what they do while modules load' },
  { name: 'NODE_DEBUG_NATIVE', why: 'it logs the start of node itself' },
  { name: 'NODE_ICU_DATA', why: 'it replaces the data behind Intl and String methods' },
  // An IPC channel or a cluster belongs to a parent that expects node's own start sequence.
  { name: 'NODE_CHANNEL_FD', why: 'the parent process opened an IPC channel' },
  { name: 'NODE_UNIQUE_ID', why: 'the process is a cluster worker' },
  { name: 'NODE_TEST_CONTEXT', why: "node's test runner reports through the process" },
];

/**
 * Arguments that Node looks for in its whole command line, those of the program included: it reads files of variables and
 * of options before it knows where the script stands. So `my-cli --env-file=x` is an argument for Node, not for the program.
 * The first versions went by how an argument begins, and did not stop at a `--`; newer ones do, but all are treated alike.
 * test/target/arguments.ts asks real binaries.
 */
export const readBehindScript: readonly { readonly prefix: `--${string}` }[] = [
  { prefix: '--env-file' },
  { prefix: '--experimental-config-file' },
  { prefix: '--experimental-default-config-file' },
];

/**
 * The environment without the variables that make an artifact run plain: the runs that a build makes are to show what it
 * does when it does not. NODE_PATH stays, since an artifact is built for its value.
 */
export function withoutPlainCauses(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const causes = new Set(['NODE_OPTIONS', 'SNAP_DISABLE', ...plainWhenSet.map(({ name }) => name)]);
  causes.delete('NODE_PATH');
  return Object.fromEntries(Object.entries(env).filter(([name]) => !causes.has(name)));
}

/** `env` for a run that boots a snapshot: NODE_OPTIONS names the blob, and whatever the user had there is gone. */
export function bootEnvironment(env: NodeJS.ProcessEnv, blob: string): NodeJS.ProcessEnv {
  return { ...env, [SNAPSHOT.name]: snapshotOption(blob) };
}

/**
 * What a user's terminal is. Many programs read these variables while they load (for colours, say); they hold no secrets,
 * and they seldom change. So a builder is given their values, and a launch with other values loads the modules that have
 * read them from their sources.
 */
const WORLD_VARIABLES = ['TERM', 'COLORTERM'];

export function worldOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    WORLD_VARIABLES.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
