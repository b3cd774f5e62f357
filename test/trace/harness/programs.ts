import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Graph } from '../../../src/graph/types.js';
import { type TraceOptions, traceProgram } from '../../../src/trace/run.js';
import { cleanEnvironment } from '../../target/harness/binaries.js';

const PRELOAD = fileURLToPath(new URL('../../../src/trace/preload.cjs', import.meta.url));

/** Traces `folder/cli.js` once for each of `lines`. */
export function traced(folder: string, node: string, options: Partial<TraceOptions> = {}): Promise<Graph> {
  return traceProgram({
    entry: join(folder, 'cli.js'),
    node,
    nodeFlags: [],
    lines: [[]],
    cwd: folder,
    timeoutMs: 30_000,
    env: cleanEnvironment(),
    ...options,
  });
}

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `folder/cli.js` plainly, or under the preload. */
export function run(folder: string, node: string, recordingFile?: string): Outcome {
  const words = recordingFile === undefined ? [] : ['--require', PRELOAD];
  const env = { ...cleanEnvironment(), V8_SNAP_RECORDING: recordingFile };
  const { status, stdout, stderr } = spawnSync(node, [...words, join(folder, 'cli.js')], { encoding: 'utf8', env });
  return { status, stdout, stderr };
}

/** Files relative to the program's folder, in order of first load. */
export function order(graph: Graph, folder: string): string[] {
  return graph.modules.map((module) => short(module.file, folder));
}

export function loadsOf(graph: Graph, folder: string, name: string): string[] {
  const module = graph.modules.find((candidate) => short(candidate.file, folder) === name);
  return module?.loads.map(({ request, target }) => `${request} ${short(target, folder)}`) ?? [];
}

export function writesOf(graph: Graph, folder: string): string[] {
  return graph.writes.map(({ by, what }) => `${short(by, folder)} ${what}`);
}

export function short(file: string, folder: string): string {
  return file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file;
}
