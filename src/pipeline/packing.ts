// Packs what is not baked. A pack that may be the artifact's is written twice: once without code caches, for the training
// lines to run with, and once more with the caches that they made.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { trimBuiltinCaches } from '../blob/builtin-caches.js';
import type { Graph, TrainingLine } from '../graph/types.js';
import { artifactFiles } from '../launch/index.js';
import { cachesByFile, type OwnedCache } from '../pack/read-back.js';
import type { PackModule } from '../pack/types.js';
import { usageOf } from '../pack/usage.js';
import { type WarmedUp, type WarmUpOptions, warmUp } from '../pack/warm-up.js';
import { type StaticFacts, workerStarter } from '../source/static-facts.js';
import { type Target, writeArtifactPack } from './assemble.js';
import type { Packed } from './attempts.js';

export interface PackingInput {
  readonly target: Target;
  readonly graph: Graph;
  readonly facts: ReadonlyMap<string, StaticFacts>;
  readonly artifactId: string;
  /** Where the blob is, and where the pack is to be. */
  readonly folder: string;
  readonly lines: readonly TrainingLine[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** As `WarmUpOptions.start`. */
  readonly start?: WarmUpOptions['start'];
  readonly signal?: AbortSignal | undefined;
}

/** What does not parse is left to Node, whose error names the file. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
    return true;
  } catch {
    return false;
  }
}

/** To Node a hashbang behind a byte order mark is an error of syntax, whose message shows the line. */
export function hidesHashbang(text: string): boolean {
  return text.startsWith('\uFEFF#!');
}

/** A worker thread loads it anew. What V8 compiles from its source has other names in stack traces than what a cache holds. */
const LOADER = 'internal/modules/cjs/loader';

export class Packing {
  readonly #input: PackingInput;
  /** By file: what the last training lines made. */
  #caches: ReadonlyMap<string, OwnedCache> = new Map();

  constructor(input: PackingInput) {
    this.#input = input;
  }

  /** Packs these. Takes code caches unless it is for a trial. */
  async pack(modules: readonly PackModule[], isTrial: boolean): Promise<Packed> {
    const { bytes } = await this.#write(modules);
    if (isTrial) return { bytes, usage: usageOf([]) };
    const { builtins, usage } = await this.#warmUp();
    if (builtins !== null) await this.#trimBlob(builtins);
    return { bytes: (await this.#write(modules)).bytes, usage: usageOf(usage) };
  }

  #write(modules: readonly PackModule[]): Promise<{ bytes: number }> {
    const { folder, graph, target } = this.#input;
    return writeArtifactPack(folder, {
      artifactId: this.#id,
      node: target.node,
      graph,
      modules: this.#withCaches(modules),
    });
  }

  /** The modules to pack: all but those of `without`, and but those that Node itself has to load. */
  async modules(without: ReadonlySet<string>): Promise<PackModule[]> {
    const { graph, facts } = this.#input;
    const read = await Promise.all(
      graph.modules.flatMap(({ file, format }) => {
        if (without.has(file) || (format !== 'commonjs' && format !== 'json')) return [];
        return readModule(file, format, facts.get(file));
      }),
    );
    return read.filter(({ format, source }) => (format === 'json' ? isJson(source) : !hidesHashbang(source)));
  }

  get #id(): Buffer {
    return Buffer.from(this.#input.artifactId, 'hex');
  }

  get #blob(): string {
    return path.join(this.#input.folder, artifactFiles.blob);
  }

  /** A worker thread compiles built-ins of its own, which no list of this process names. */
  async #trimBlob(builtins: ReadonlySet<string>): Promise<void> {
    if (workerStarter(this.#input.facts) !== undefined || builtins.has('worker_threads')) return;
    const isWanted = (id: string) => builtins.has(id) || id.startsWith('internal/per_context/') || id === LOADER;
    const trimmed = trimBuiltinCaches(await readFile(this.#blob), isWanted);
    if (trimmed !== null) await writeFile(this.#blob, trimmed);
  }

  #withCaches(modules: readonly PackModule[]): PackModule[] {
    return modules.map((module) => {
      const found = this.#caches.get(module.file);
      return found === undefined ? module : { ...module, cache: found.cache, cacheSourceHash: found.hash };
    });
  }

  async #warmUp(): Promise<Pick<WarmedUp, 'builtins' | 'usage'>> {
    const { target, folder, lines, cwd, env, timeoutMs, start, signal } = this.#input;
    const { node, entry } = target;
    const { caches, builtins, usage } = await warmUp({
      node: node.path,
      nodeFlags: entry.nodeFlags,
      entry: entry.argv1,
      blob: this.#blob,
      folder,
      lines,
      cwd,
      env,
      timeoutMs,
      start,
      signal,
    });
    const expected = { artifactId: this.#id, nodeVersion: node.version, arch: node.arch, v8Tag: node.v8Tag };
    this.#caches = cachesByFile(path.join(folder, artifactFiles.pack), expected, caches);
    return { builtins, usage };
  }
}

/** Each round packs the same texts again: what a parse of one has told is handed on. */
async function readModule(
  file: string,
  format: 'commonjs' | 'json',
  facts: StaticFacts | undefined,
): Promise<PackModule> {
  const source = await readFile(file, 'utf8');
  const module = { file, format, source, usesDynamicImport: facts?.dynamicImports ?? true };
  return facts?.parsed === true ? { ...module, parsed: facts } : module;
}
