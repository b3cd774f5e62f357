/**
 * Stamps are empty files with the very modification time, to the nanosecond, of the file they vouch for: a
 * launcher compares them with `-nt` and `-ot`, which no shell forks for. `fs.utimes` takes a double and loses
 * nanoseconds, so touch(1) makes them, and the shell's own tests have the last word on whether they hold.
 */
import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { outputOf } from '../target/child.js';
import { LaunchError, stampNotExact, stampNotMade } from './errors.js';
import { artifactFiles } from './types.js';

/** Each reads or writes one file. */
const TIMEOUT_MS = 120_000;

function run(command: string, args: readonly string[]): Promise<string> {
  return outputOf(command, args, { env: process.env, timeoutMs: TIMEOUT_MS });
}

async function writeStamp(stamp: string, reference: string, temporary: string): Promise<void> {
  try {
    await run('touch', ['-r', reference, '--', temporary]);
  } catch (cause) {
    throw new LaunchError(stampNotMade(stamp), cause);
  }
  try {
    const test = '[ -f "$1" ] && [ -f "$2" ] && [ ! "$1" -nt "$2" ] && [ ! "$1" -ot "$2" ]';
    await run('/bin/sh', ['-c', test, 'sh', reference, temporary]);
  } catch (cause) {
    throw new LaunchError(stampNotExact(stamp, reference), cause);
  }
  try {
    await rename(temporary, stamp);
  } catch (cause) {
    throw new LaunchError(stampNotMade(stamp), cause);
  }
}

/** `CRC BYTES` of a file, by the POSIX tool that a launcher has at hand too. */
export async function checksumOf(file: string): Promise<string> {
  return (await run('cksum', [file])).split(' ').slice(0, 2).join(' ');
}

/**
 * Writes `node.stamp` and `blob.stamp` into `dir`, for the node binary and the blob at these absolute paths; only the
 * latter where no node is given.
 * Throws LaunchError (STAMP_NOT_MADE, STAMP_NOT_EXACT), leaving no temporary file.
 */
export async function writeStamps(
  dir: string,
  files: { readonly node?: string; readonly blob: string },
): Promise<void> {
  const stamps = [
    [artifactFiles.nodeStamp, files.node],
    [artifactFiles.blobStamp, files.blob],
  ] as const;
  for (const [name, reference] of stamps) {
    if (reference === undefined) continue;
    const temporary = join(dir, `.stamp-${randomBytes(6).toString('hex')}`);
    try {
      await writeStamp(join(dir, name), reference, temporary);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}
