// Code caches of the packed modules, taken after each training line has run: V8 then puts the functions in that a run
// really needs, and leaves the others to be compiled when they are first called.
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoaderFrames } from '../../snapshot-entry/bake-plan.cjs';

export interface WarmUpOptions {
  readonly node: string;
  readonly nodeFlags: readonly string[];
  /** As plain Node gets it. */
  readonly entry: string;
  readonly lines: readonly (readonly string[])[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly frames: LoaderFrames;
  /** A pack without caches, and the id in its header. */
  readonly pack: string;
  readonly artifactId: string;
  /** Private to this build. */
  readonly folder: string;
}

/** Runs one line; a line that fails or hangs only gives no caches, its result was judged by the trace. */
function run(options: WarmUpOptions, line: readonly string[], input: string): Promise<void> {
  const preload = fileURLToPath(new URL('./warm-preload.cjs', import.meta.url));
  const args = ['--require', preload, ...options.nodeFlags, options.entry, ...line];
  const env = { ...options.env, SNAP_WARM_UP: input };
  return new Promise((resolve, reject) => {
    const child = spawn(options.node, args, {
      cwd: options.cwd,
      env,
      stdio: 'ignore',
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
    });
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}

/** The records that warm-preload.cts wrote; what is cut short (a killed run) is left out. */
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

/** Index in the pack → cache. Where several lines used a module, the largest cache: the one with most functions in it. */
export async function warmUp(options: WarmUpOptions): Promise<Map<number, Buffer>> {
  const caches = new Map<number, Buffer>();
  const input = path.join(options.folder, 'warm-up.json');
  const out = path.join(options.folder, 'warm-up.caches');
  const { pack, artifactId, frames } = options;
  await writeFile(input, JSON.stringify({ pack, artifactId, frames, out }), { mode: 0o600 });
  for (const line of options.lines) {
    await writeFile(out, '', { mode: 0o600 });
    await run(options, line, input);
    for (const [index, cache] of records(await readFile(out))) {
      if (cache.length > (caches.get(index)?.length ?? 0)) caches.set(index, cache);
    }
  }
  return caches;
}
