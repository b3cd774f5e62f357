// What a build did, for people.
import type { ManifestModule } from '../artifact/manifest.js';
import type { BuildResult } from '../pipeline/options.js';
import { describeDifferences } from './describe-differences.js';

const KINDS = ['baked', 'packed', 'external'] as const;

function counts(modules: readonly ManifestModule[]): string {
  return KINDS.map((kind) => `${modules.filter(({ verdict }) => verdict === kind).length} ${kind}`).join(', ');
}

function megabytes(bytes: number | undefined): string {
  return `${((bytes ?? 0) / 1e6).toFixed(1)} MB`;
}

/** Nothing where one world serves all alike. */
function worldsLine({ worlds, oneWorldReason }: BuildResult['manifest']): string[] {
  const shown = worlds.map(({ name, baked }) => `${name} ${baked} baked`);
  if (worlds.length > 1) return [`  ${worlds.length} worlds: ${shown.join(', ')}`];
  return worlds[0]?.name === 'pipe' ? [`  not made for terminals: ${oneWorldReason}`] : [];
}

/** `folder` as the user would type it. */
export function buildSummary(result: BuildResult, folder: string): string {
  const { manifest, isUpToDate, differences } = result;
  const launcher = `${folder}/${manifest.options.name}`;
  if (isUpToDate) return `${launcher} is up to date\n`;
  if (manifest.mode === 'plain') {
    const shown = differences.map(({ args, differences: found }) => describeDifferences(args, found)).join('');
    return `${shown}${launcher} runs plain: ${manifest.plainReason}\n`;
  }
  const { modules, files, timings } = manifest;
  const seconds = Object.values(timings).reduce((sum, ms) => sum + ms, 0) / 1000;
  return [
    `${launcher}: ${modules.length} modules, ${counts(modules)}`,
    `  snapshot ${megabytes(files['app.blob']?.bytes)}, pack ${megabytes(files['app.pack']?.bytes)}, built in ${seconds.toFixed(1)} s`,
    ...worldsLine(manifest),
    `  same as plain on ${manifest.verified.length} training lines; check more with: snap verify ${folder} -- ARGS`,
    '',
  ].join('\n');
}
