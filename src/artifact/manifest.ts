// manifest.json: everything that a build decided, in words. Its schema is docs/manifest.schema.json.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Verdict } from '../plan/types.js';
import type { Stamps } from '../stamps/source-stamps.js';
import { notAnArtifact } from './errors.js';
import { MANIFEST_FILE } from './layout.js';

export const MANIFEST_FORMAT = 1;

export interface ManifestModule {
  readonly file: string;
  readonly verdict: Verdict;
  /** One sentence. */
  readonly reason: string;
  /** `PLAN_BAKED`, or the code of the hazard, of the plan's reason or of the demotion. */
  readonly code: string;
  /** `file:line` and what was seen there. */
  readonly evidence: readonly string[];
  /** From this module to the one at fault, where that is another. */
  readonly via: readonly string[];
  /** Baked only, one sentence each: where one does not hold, the module is loaded from its source. */
  readonly guards: readonly string[];
  /** Baked only, `file:line` and why: statements that are run when the module is loaded. */
  readonly deferred: readonly string[];
  readonly bytes: number;
  readonly loadMs: number;
  /** Files that it read at load within its package. */
  readonly inputs: readonly string[];
  readonly sha256: string;
  readonly mtimeMs: number;
}

export interface ManifestWorld {
  /** `shared` makes no difference between pipes and terminals; `pipe` is booted wherever no other fits. */
  readonly name: 'shared' | 'pipe' | 'terminal';
  readonly baked: number;
  readonly blobBytes: number;
  readonly packBytes: number;
  /** Modules that are not placed as `modules` says, which is what holds for pipes. */
  readonly others: readonly ManifestPlacement[];
}

/** As in `ManifestModule`. */
export interface ManifestPlacement {
  readonly file: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly code: string;
}

export interface ManifestOptions {
  /** As given. */
  readonly entry: string;
  readonly name: string;
  /** Null when PATH's node is followed. */
  readonly node: string | null;
  readonly train: readonly string[];
  readonly sandbox: boolean;
  readonly keepSlower: boolean;
  /** As `BuildOptions.defer`. */
  readonly defer: boolean;
  readonly relaxedColumns: boolean;
}

export interface Manifest {
  readonly format: typeof MANIFEST_FORMAT;
  readonly tool: { readonly name: 'v8-snap'; readonly version: string; readonly fingerprint: string };
  readonly createdAt: string;
  /** `accelerated`, or `plain` with the reason why the launcher always runs plainly. */
  readonly mode: 'accelerated' | 'plain';
  readonly plainReason: string | null;
  readonly entry: { readonly file: string; readonly argv1: string; readonly format: string };
  readonly node: {
    readonly path: string;
    readonly version: string;
    readonly arch: string;
    readonly v8Tag: number;
    readonly size: number;
    readonly mtimeMs: number;
    readonly inode: number;
  };
  readonly options: ManifestOptions;
  readonly files: { readonly [name: string]: { readonly bytes: number } };
  readonly modules: readonly ManifestModule[];
  /** The snapshots; none where `mode` is `plain`. */
  readonly worlds: readonly ManifestWorld[];
  /** Why there is no world for terminals; null where there is, and where `mode` is `plain`. */
  readonly oneWorldReason: string | null;
  /** What each launch compares; where one does not hold, it runs plain. */
  readonly stamps: Stamps;
  readonly verified: readonly { readonly args: readonly string[]; readonly same: boolean }[];
  /** Milliseconds by phase. */
  readonly timings: { readonly [phase: string]: number };
}

/** @throws SnapError NOT_AN_ARTIFACT */
export async function readManifest(folder: string): Promise<Manifest> {
  try {
    const manifest = JSON.parse(await readFile(path.join(folder, MANIFEST_FILE), 'utf8')) as Manifest;
    if (manifest.tool.name !== 'v8-snap' || manifest.format !== MANIFEST_FORMAT) throw new Error('another manifest');
    return manifest;
  } catch (cause) {
    throw notAnArtifact(folder, cause);
  }
}
