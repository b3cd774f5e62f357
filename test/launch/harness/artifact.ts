/**
 * A made-up artifact whose node is a script that writes down what it was given: its arguments and its environment,
 * byte for byte.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Test } from 'tap';
import { SNAPSHOT, splitOptions } from '../../../snapshot-entry/shared/launch-requests.cjs';
import {
  checksumOf,
  identifyNode,
  type LauncherShell,
  type LauncherSpec,
  terminalFolder,
  writeLauncher,
  writeStamps,
} from '../../../src/launch/index.js';
import { factsFor } from '../../../src/target/facts.js';
import { runOnTerminal } from '../../cli/harness/terminal.js';

export const shells: readonly LauncherShell[] = ['bash', 'sh'];
const version = 'v24.1.0';

// In sh: a recorder in node would itself obey NODE_OPTIONS. /proc/$$/environ is what sh itself was given.
const recorder = `#!/bin/sh
printf '%s\\0' "$#" "$@"
/bin/cat "/proc/$$/environ"
exit
`;

export interface Recorded {
  readonly argv: string[];
  /** `NAME=value` as handed over, one character a byte, without the option that boots a snapshot. */
  readonly environ: string[];
  /** The snapshot that node was told of, if any. */
  readonly booted: string | undefined;
  readonly stderr: string;
}

export interface Artifact {
  /** The folder that holds everything. */
  readonly root: string;
  readonly out: string;
  /** The folder to put on PATH. */
  readonly bin: string;
  readonly node: string;
  readonly launcher: string;
  readonly blob: string;
  /** Of the world for terminals, where there is one. */
  readonly terminalBlob: string;
  readonly entry: string;
}

/** Writes the recorder as an executable. */
export function fakeNode(path: string, comment = ''): void {
  writeFileSync(path, recorder + comment);
  chmodSync(path, 0o755);
}

export async function makeArtifact(
  t: Test,
  overrides: Partial<Omit<LauncherSpec, 'terminal'>> & {
    pinned?: boolean;
    folder?: string;
    /** Makes a world for terminals, for where these are. */
    descriptors?: readonly number[];
  } = {},
): Promise<Artifact> {
  const root = join(t.testdir(), overrides.folder ?? 'root');
  const [out, bin] = [join(root, 'out'), join(root, 'bin')];
  for (const dir of [out, bin]) mkdirSync(dir, { recursive: true });
  const [node, blob] = [join(bin, 'node'), join(out, 'app.blob')];
  fakeNode(node);
  writeFileSync(blob, 'a blob');
  writeFileSync(join(out, 'app.pack'), 'a pack!');
  const entry = overrides.entry ?? '/where/entry.js';
  const { pinned = false, folder: _folder, descriptors, ...spec } = overrides;
  const terminalBlob = join(out, terminalFolder, 'app.blob');
  const worlds =
    descriptors === undefined
      ? {}
      : { blobChecksum: await checksumOf(blob), terminal: await makeTerminal(terminalBlob, descriptors) };
  const launcher = await writeLauncher(out, {
    name: 'app',
    mode: 'accelerated',
    entry,
    node: identifyNode(node, version, pinned),
    nodeFlags: [],
    blobBytes: 6,
    packBytes: 7,
    nodeOptionsAllow: factsFor(version)?.nodeOptionsAllow ?? [],
    ...spec,
    ...worlds,
  });
  await writeStamps(out, { node, blob });
  return { root, out, bin, node, launcher, blob, terminalBlob, entry };
}

async function makeTerminal(blob: string, descriptors: readonly number[]) {
  mkdirSync(dirname(blob));
  writeFileSync(blob, 'the blob of terminals');
  writeFileSync(join(dirname(blob), 'app.pack'), 'its pack');
  await writeStamps(dirname(blob), { blob });
  return { blobBytes: 21, packBytes: 8, blobChecksum: await checksumOf(blob), descriptors };
}

/** Reads what the recorder wrote: a count, the arguments, the environment; each ends in NUL. */
export function parseRecord(written: Buffer): Omit<Recorded, 'stderr'> {
  const [count, ...fields] = written.toString('latin1').split('\0').slice(0, -1);
  if (count === undefined) throw new Error('the recorder was not reached');
  const argv = fields.splice(0, Number(count)).map((field) => Buffer.from(field, 'latin1').toString());
  return { argv, ...withoutSnapshot(fields) };
}

/** As the booted process takes it out of its environment. */
function withoutSnapshot(fields: readonly string[]): Pick<Recorded, 'environ' | 'booted'> {
  let booted: string | undefined;
  const environ = fields.flatMap((field) => {
    if (!field.startsWith(`${SNAPSHOT.name}=`) || !field.includes(SNAPSHOT.begin)) return [field];
    const [own, blob] = splitOptions(field.slice(SNAPSHOT.name.length + 1));
    booted = Buffer.from(blob, 'latin1').toString();
    return own === undefined ? [] : [`${SNAPSHOT.name}=${own}`];
  });
  return { environ, booted };
}

export interface RunOptions {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Runs a launcher (or anything that ends in the recorder) with the artifact's node first on PATH. */
export function record(artifact: Pick<Artifact, 'bin'>, command: string, options: RunOptions = {}): Recorded {
  const { stdout, stderr, error } = spawnSync(command, options.args ?? [], {
    cwd: options.cwd,
    env: { PATH: `${artifact.bin}:/usr/bin:/bin`, ...options.env },
  });
  if (error !== undefined) throw error;
  return { ...parseRecord(stdout), stderr: stderr.toString() };
}

/** As `record`, on a pseudo-terminal; `redirect`: shell redirections. */
export async function recordOnTerminal(
  { bin }: Pick<Artifact, 'bin'>,
  command: string,
  redirect = '',
): Promise<Pick<Recorded, 'argv' | 'booted'>> {
  const env = { PATH: `${bin}:/usr/bin:/bin`, SNAP_DEBUG: '1' };
  const { stdout } = await runOnTerminal(command, [], { redirect }, { env, cwd: '/' });
  return parseRecord(Buffer.from(stdout.slice(stdout.search(/\d+\0/)), 'latin1'));
}

/** Which way a run went. */
export function way({ booted }: Pick<Recorded, 'booted'>): 'accelerated' | 'plain' {
  return booted === undefined ? 'plain' : 'accelerated';
}
