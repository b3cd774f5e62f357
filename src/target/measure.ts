// Asks a node binary what the rest of the build must know about it. Nothing about a version is assumed that the binary
// itself can tell: positions in its loader, its code cache tag.
import { mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoaderFrames } from '../../snapshot-entry/shared/bake-plan.cjs';
import { withoutRemadeTemplates } from '../blob/isolate-templates.js';
import { bundleScript } from './bundle-script.js';
import { outputOf } from './child.js';
import { bootEnvironment } from './environment.js';
import { nodeError } from './errors.js';
import { isTooOld, majorOf } from './facts.js';

/** A binary that does not answer for so long is not one to build for. */
const TIMEOUT_MS = 20_000;

export interface NodeBinary {
  /** Real path. */
  readonly path: string;
  /** `v24.1.0` */
  readonly version: string;
  readonly major: number;
  readonly arch: string;
  readonly platform: string;
  readonly v8Tag: number;
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly inode: number;
  readonly frames: LoaderFrames;
  /** Whether a worker thread of a restored process can load `net` as it is. Node 22, 24 and 26 abort there. */
  readonly workersSurvive: boolean;
  /**
   * Where it cannot: whether it can once the templates that the restored process makes anew are taken out of the blob
   * (src/blob/isolate-templates.ts).
   */
  readonly remakesNotes: boolean;
}

interface Answers {
  readonly version: string;
  readonly arch: string;
  readonly platform: string;
  readonly execPath: string;
  readonly v8Tag: number;
  readonly frames: LoaderFrames;
}

/**
 * The environment that a child which builds or measures gets: no NODE_OPTIONS, nothing of the user's. Without warnings: a
 * builder that prints one loads `net` on the way, and keeps it in the heap.
 */
export function bareEnvironment(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: home, NODE_NO_WARNINGS: '1' };
}

function inFolder(folder: string): { readonly env: NodeJS.ProcessEnv; readonly timeoutMs: number } {
  return { env: bareEnvironment(folder), timeoutMs: TIMEOUT_MS };
}

async function ask(binary: string, home: string): Promise<Answers> {
  const script = fileURLToPath(new URL('./measure-script.cjs', import.meta.url));
  return JSON.parse(await outputOf(binary, [script], inFolder(home))) as Answers;
}

const ARGV_SCRIPT = `require('v8').startupSnapshot.setDeserializeMainFunction(() => {
  process.stdout.write(JSON.stringify([...process.execArgv, ...process.argv.slice(1)]));
});`;

const WORKER_SCRIPT = `require('v8').startupSnapshot.setDeserializeMainFunction(() => {
  const { Worker } = require('worker_threads');
  new Worker("require('net')", { eval: true });
});`;

/** Tried in a process of its own: an abort in a worker ends the whole process. */
async function triesWorkers(binary: string, folder: string): Promise<boolean> {
  const script = path.join(folder, 'worker.js');
  const blob = path.join(folder, 'worker.blob');
  const options = inFolder(folder);
  await writeFile(script, WORKER_SCRIPT);
  try {
    await outputOf(binary, ['--snapshot-blob', blob, '--build-snapshot', script], options);
    await outputOf(binary, ['--snapshot-blob', blob], options);
    return true;
  } catch {
    return false;
  }
}

/** Whether streams, children and workers still work when the blob lacks the templates that the restored process makes anew. */
async function triesNotes(binary: string, folder: string): Promise<boolean> {
  const script = path.join(folder, 'notes.js');
  const blob = path.join(folder, 'notes.blob');
  const socket = process.platform === 'win32' ? `\\\\.\\pipe\\${path.basename(folder)}` : path.join(folder, 'socket');
  const options = inFolder(folder);
  await writeFile(script, bundleScript(fileURLToPath(new URL('./try-notes.cjs', import.meta.url))));
  try {
    await outputOf(binary, ['--snapshot-blob', blob, '--build-snapshot', script], options);
    const lean = withoutRemadeTemplates(await readFile(blob));
    if (lean === null) return false;
    await writeFile(blob, lean);
    await outputOf(binary, ['--snapshot-blob', blob, '--', socket], options);
    return true;
  } catch {
    return false;
  }
}

/**
 * Builds and boots the smallest snapshot, as launchers do. Proves that the binary takes the blob's path from NODE_OPTIONS,
 * even one with spaces, quotes and a backslash, and then reads its command line as a plain run does.
 */
async function bootTrivial(binary: string, folder: string): Promise<void> {
  const script = path.join(folder, 'trivial.js');
  const blob = path.join(folder, 'a "trivial" \\one.blob');
  const options = inFolder(folder);
  await writeFile(script, ARGV_SCRIPT);
  await outputOf(binary, ['--snapshot-blob', blob, '--build-snapshot', script], options);
  const words = ['--no-warnings', '/entry.js', '--version'];
  const stdout = await outputOf(binary, words, { ...options, env: bootEnvironment(options.env, blob) });
  if (stdout !== JSON.stringify(words)) throw new Error(`a restored process shows ${stdout} for ${words.join(' ')}`);
}

/** @throws SnapError NODE_MISSING, NODE_UNUSABLE, NODE_TOO_OLD, NODE_NO_SNAPSHOT */
export async function measureNode(binary: string): Promise<NodeBinary> {
  const real = await realpath(binary).catch((cause) => {
    throw nodeError('NODE_MISSING', binary, cause);
  });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'snap-node-'));
  try {
    return await measureIn(folder, real);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureIn(folder: string, real: string): Promise<NodeBinary> {
  const answers = await ask(real, folder).catch((cause) => {
    throw nodeError('NODE_UNUSABLE', real, cause);
  });
  const major = majorOf(answers.version);
  if (isTooOld(answers.version)) throw nodeError('NODE_TOO_OLD', real, undefined);
  await bootTrivial(real, folder).catch((cause) => {
    throw nodeError('NODE_NO_SNAPSHOT', real, cause);
  });
  const { size, mtimeMs, ino } = await stat(real);
  const { version, arch, platform, v8Tag, frames } = answers;
  const workersSurvive = await triesWorkers(real, folder);
  const remakesNotes = !workersSurvive && (await triesNotes(real, folder));
  const file = { path: real, bytes: size, mtimeMs, inode: ino };
  return { ...file, version, major, arch, platform, v8Tag, frames, workersSurvive, remakesNotes };
}
