// What the pack phase is given: plain data, from the plan and the warm-up run.

import type { StaticFacts } from '../source/static-facts.js';

export interface PackModule {
  /** Absolute path, as Node knows the module. */
  readonly file: string;
  readonly format: 'commonjs' | 'json';
  /** The file's text as decoded from UTF-8, byte order mark and hashbang included if it has them. */
  readonly source: string;
  readonly cache?: Buffer | undefined;
  /** The sha256 of the stored source that the cache was made from: `PackReader.sourceHash`, or `storedSource`'s. */
  readonly cacheSourceHash?: Buffer | undefined;
  /** Whether the source holds an `import()` expression. */
  readonly usesDynamicImport: boolean;
  /** What a parse of the source has told; absent: not parsed yet. */
  readonly parsed?: Pick<StaticFacts, 'requireRun' | 'evaluation'>;
}

export interface PackResolution {
  /** The file that asked; it need not be packed. */
  readonly from: string;
  readonly request: string;
  /** An absolute path, packed or not, `node:NAME`, or null where the resolution failed. */
  readonly target: string | null;
  /** The error code of a failure. */
  readonly code?: string | undefined;
}

/** The node that the caches were made by. */
export interface PackNode {
  /** `process.version`, exactly. */
  readonly version: string;
  readonly arch: string;
  readonly v8Tag: number;
}

export interface PackInput {
  /** 16 bytes, new for each build. */
  readonly artifactId: Buffer;
  readonly node: PackNode;
  /** In the order of first load: the reader reads ahead, so that one read brings the modules that are asked for next. */
  readonly modules: readonly PackModule[];
  readonly resolutions: readonly PackResolution[];
}
