// Code caches of the packed modules, taken after each training line has run: V8 then puts the functions in that a run
// really needs, and leaves the others to be compiled when they are first called. The runs boot the artifact's own blob:
// V8 rejects, in a restored process, a cache that a plain one has made (Node 22, 24, 26).
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TrialRequest } from '../../snapshot-entry/shared/launch-requests.cjs';
import {
  ACTIVE_RECORD,
  BUILTINS_RECORD,
  REFUSED_RECORD,
  trialEnvironment,
} from '../../snapshot-entry/shared/trial-requests.cjs';
import type { TrainingLine } from '../graph/types.js';
import { bundleScript } from '../target/bundle-script.js';
import { type ChildLimits, runChild } from '../target/child.js';
import type { LineUsage } from './usage.js';

const TRIAL = fileURLToPath(new URL('../../snapshot-entry/trial/warm-up.cjs', import.meta.url));

export interface WarmUpOptions extends ChildLimits {
  readonly node: string;
  readonly nodeFlags: readonly string[];
  readonly lines: readonly TrainingLine[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** As a plain command line spells it. */
  readonly entry: string;
  /** The blob; beside it stands a pack without caches. */
  readonly blob: string;
  /** Private to this build. */
  readonly folder: string;
  /** Runs a command to its end. Default: without any streams. */
  readonly start?: ((command: string, args: readonly string[], options: StartOptions) => Promise<unknown>) | undefined;
}

export interface StartOptions extends ChildLimits {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

function startWithoutStreams(command: string, args: readonly string[], options: StartOptions): Promise<unknown> {
  const { cwd, env, timeoutMs, signal } = options;
  return runChild(command, args, { cwd, env, timeoutMs, signal, ownGroup: true });
}

/** Runs one line; a line that fails or hangs only gives no caches, its result was judged by the trace. */
async function run(options: WarmUpOptions, line: readonly string[], trial: Omit<TrialRequest, 'blob'>): Promise<void> {
  const { node, nodeFlags, blob, entry, env, start = startWithoutStreams } = options;
  options.signal?.throwIfAborted();
  const args = [...nodeFlags, entry, ...line];
  await start(node, args, { ...options, env: trialEnvironment(env, { ...trial, blob }) });
}

/** The records that snapshot-entry/trial/warm-up.cts wrote; what is cut short (a killed run) is left out. */
function* records(bytes: Buffer): Generator<[number, Buffer]> {
  let at = 0;
  while (at + 8 <= bytes.length) {
    const index = bytes.readUInt32LE(at);
    const end = at + 8 + bytes.readUInt32LE(at + 4);
    if (end > bytes.length) return;
    yield [index, bytes.subarray(at + 8, end)];
    at = end;
  }
}

const LISTS = [BUILTINS_RECORD, ACTIVE_RECORD, REFUSED_RECORD];

export interface WarmedUp {
  /** By index in the pack. Where several lines used a module, the largest cache: the one with most functions in it. */
  readonly caches: ReadonlyMap<number, Buffer>;
  /** The built-ins that the lines loaded beyond those in the heap; null where a line did not come to tell. */
  readonly builtins: ReadonlySet<string> | null;
  /** Of the lines that came to tell. */
  readonly usage: readonly LineUsage[];
}

function linesOf(record: Buffer | undefined): string[] {
  return record === undefined || record.length === 0 ? [] : record.toString().split('\n');
}

export async function warmUp(options: WarmUpOptions): Promise<WarmedUp> {
  const caches = new Map<number, Buffer>();
  const builtins = new Set<string>();
  let knowsBuiltins = true;
  const usage: LineUsage[] = [];
  const out = path.join(options.folder, 'warm-up.caches');
  const script = path.join(options.folder, 'warm-up.js');
  await writeFile(script, bundleScript(TRIAL), { mode: 0o600 });
  for (const line of options.lines) {
    await writeFile(out, '', { mode: 0o600 });
    await run(options, line, { script, out });
    const lists = new Map<number, Buffer>();
    for (const [index, cache] of records(await readFile(out))) {
      if (LISTS.includes(index)) lists.set(index, cache);
      else if (cache.length > (caches.get(index)?.length ?? 0)) caches.set(index, cache);
    }
    const loaded = lists.get(BUILTINS_RECORD);
    if (loaded === undefined) knowsBuiltins = false;
    for (const name of linesOf(loaded)) builtins.add(name);
    usage.push({ active: linesOf(lists.get(ACTIVE_RECORD)), refused: linesOf(lists.get(REFUSED_RECORD)) });
  }
  return { caches, builtins: knowsBuiltins ? builtins : null, usage };
}
