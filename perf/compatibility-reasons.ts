// Why modules are not baked, from a manifest: by reason, and for each the modules at fault, with how many they keep out.

import path from 'node:path';
import type { ManifestModule } from '../src/artifact/manifest.js';

export interface Root {
  /** Its name below the innermost node_modules. */
  readonly name: string;
  /** What was seen there, without its place on this machine. */
  readonly seen: string;
  /** Modules that need it at load, and so are not baked either. */
  readonly keepsOut: number;
}

export interface NotBaked {
  readonly code: string;
  readonly reason: string;
  /** Modules that have this reason themselves. */
  readonly modules: number;
  /** Modules that need one of them. */
  readonly keptOut: number;
  /** The worst first. */
  readonly roots: readonly Root[];
}

const SHOWN_ROOTS = 400;

/** `folder`: where the program is installed. */
export function notBaked(modules: readonly ManifestModule[], folder: string): NotBaked[] {
  const byFile = new Map(modules.map((module) => [module.file, module]));
  const keptOut = new Map<string, number>();
  const roots = new Map<string, ManifestModule>();
  for (const module of modules) {
    if (module.verdict === 'baked') continue;
    const root = rootOf(module, byFile);
    roots.set(root.file, root);
    keptOut.set(root.file, (keptOut.get(root.file) ?? 0) + (root === module ? 0 : 1));
  }
  return [...groupedByCode([...roots.values()])]
    .map(([code, found]) => describe(code, found, keptOut, folder))
    .sort((a, b) => b.modules + b.keptOut - (a.modules + a.keptOut));
}

export function groupedByCode<T extends { readonly code: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(item.code, [...(groups.get(item.code) ?? []), item]);
  return groups;
}

/** The end of the chain; a module whose chain leads nowhere known stands for itself. */
function rootOf(module: ManifestModule, byFile: ReadonlyMap<string, ManifestModule>): ManifestModule {
  const seen = new Set<string>();
  let at = module;
  while (!seen.has(at.file)) {
    seen.add(at.file);
    const next = byFile.get(at.via.at(-1) ?? '');
    if (next === undefined || next.verdict === 'baked') return at;
    at = next;
  }
  return at;
}

function describe(
  code: string,
  found: readonly ManifestModule[],
  keptOut: ReadonlyMap<string, number>,
  folder: string,
): NotBaked {
  const roots = found
    .map(({ file, evidence }) => ({
      name: moduleName(file, folder),
      seen: withoutPlaces(evidence[0] ?? '', file, folder),
      keepsOut: keptOut.get(file) ?? 0,
    }))
    .sort((a, b) => b.keepsOut - a.keepsOut);
  return {
    code,
    reason: found[0]?.reason ?? '',
    modules: found.length,
    keptOut: roots.reduce((sum, { keepsOut }) => sum + keepsOut, 0),
    roots: roots.slice(0, SHOWN_ROOTS),
  };
}

function moduleName(file: string, folder: string): string {
  const [, inner] = /^.*\/node_modules\/(.*)$/.exec(file) ?? [];
  return inner ?? path.relative(folder, file);
}

/** Evidence reads `file:line: message`; lines of the module's own file are told by the line alone. */
function withoutPlaces(evidence: string, file: string, folder: string): string {
  return evidence
    .replaceAll(`${file}:`, 'line ')
    .replaceAll(`${folder}/node_modules/`, '')
    .replaceAll(folder, '')
    .slice(0, 300);
}
