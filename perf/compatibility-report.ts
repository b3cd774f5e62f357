// docs/COMPATIBILITY.md, between its markers, from the results of the CLIs.

import type { Comparison } from '../src/perf/rounds.js';
import { markdownTable, type Row } from '../src/perf/table.js';
import { groupedByCode, type NotBaked, type Root } from './compatibility-reasons.js';
import type { Tried } from './compatibility-run.js';

export const BEGIN = '<!-- begin of what perf/compatibility.ts writes -->';
export const END = '<!-- end of what perf/compatibility.ts writes -->';

const HEAD: Row = ['CLI', 'modules', 'baked', 'packed', 'external', 'artifact', 'same as plain', 'start'];
const SHOWN_ROOTS = 5;

/** The page with what stands between its markers replaced. */
export function withResults(page: string, tried: readonly Tried[]): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new RangeError('the page lacks the markers that the results stand between');
  return page.slice(0, from + BEGIN.length) + results(tried) + page.slice(to);
}

function results(tried: readonly Tried[]): string {
  const nodes = [...new Set(tried.map(({ node }) => node))].join(', ');
  const parts = [
    summary(tried, nodes),
    markdownTable(HEAD, tried.map(row)),
    reasonsOfAll(tried),
    ...tried.map(section),
  ];
  return `\n\n${parts.join('\n')}\n`;
}

function summary(tried: readonly Tried[], nodes: string): string {
  const rows = tried.flatMap(({ matrix }) => matrix ?? []);
  const same = rows.filter(({ isSame }) => isSame).length;
  const accelerated = tried.filter(({ built }) => built?.mode === 'accelerated').length;
  const counts = `${tried.length} CLIs, of which ${accelerated} are accelerated; ${same} of ${rows.length} rows the same.`;
  return `Node ${nodes}. ${counts}\n`;
}

function row({ program, failure, built, matrix = [], start }: Tried): Row {
  const name = `${program.package} ${program.version}`;
  if (built === undefined) return [name, '', '', '', '', `failed: ${failure?.phase ?? 'not tried'}`, '', ''];
  const { baked, packed, external } = built.modules;
  const same = matrix.filter(({ isSame }) => isSame).length;
  const counts = [baked + packed + external, baked, packed, external].map(String);
  const artifact = built.plainReason === null ? 'accelerated' : `plain: ${built.plainReason}`;
  return [name, ...counts, artifact, `${same} of ${matrix.length}`, ratio(start)];
}

function ratio(start: Comparison | undefined): string {
  if (start === undefined) return '–';
  return `${start.ratio.toFixed(2)} (${start.lowest.toFixed(2)}–${start.highest.toFixed(2)})`;
}

/** The reasons over all CLIs: what to work on next. */
function reasonsOfAll(tried: readonly Tried[]): string {
  const all = groupedByCode(tried.flatMap(({ built }) => built?.notBaked ?? []));
  const rows = [...all].map(([code, found]) => ({ code, clis: found.length, ...totals(found) }));
  rows.sort((a, b) => b.modules + b.keptOut - (a.modules + a.keptOut));
  const cells = rows.map(({ code, clis, modules, keptOut }) => [code, ...[clis, modules, keptOut].map(String)]);
  return `## Why the rest is not baked\n\n${markdownTable(['reason', 'CLIs', 'modules', 'modules that need them'], cells)}`;
}

function totals(found: readonly NotBaked[]): { modules: number; keptOut: number } {
  const sum = (of: (one: NotBaked) => number) => found.reduce((total, one) => total + of(one), 0);
  return { modules: sum(({ modules }) => modules), keptOut: sum(({ keptOut }) => keptOut) };
}

function section({ program, failure, built, matrix = [] }: Tried): string {
  const lines = ['--version', '--help', ...program.lines].map((line) => `\`${line}\``).join(', ');
  const parts = [`### ${program.package} ${program.version}\n`, `\`${program.bin}\` with ${lines}.\n`];
  if (failure !== undefined) parts.push(`The ${failure.phase} failed: ${code(firstLine(failure.said))}\n`);
  const different = matrix.filter(({ isSame }) => !isSame).map(({ name }) => `\`${name}\``);
  if (different.length > 0) parts.push(`Differs from plain with ${different.join(', ')}.\n`);
  if (built !== undefined) parts.push(reasons(built.notBaked));
  return parts.join('\n');
}

function reasons(found: readonly NotBaked[]): string {
  if (found.length === 0) return 'Nothing was traced.\n';
  const rows = found.map(({ code: reason, modules, keptOut, roots }) => [
    reason,
    String(modules),
    String(keptOut),
    rootsShown(roots),
  ]);
  return markdownTable(['reason', 'modules', 'need them', 'worst first'], rows);
}

function rootsShown(roots: readonly Root[]): string {
  const shown = roots
    .slice(0, SHOWN_ROOTS)
    .map(({ name, keepsOut }) => `${code(name)}${keepsOut > 0 ? ` (${keepsOut})` : ''}`);
  const more = roots.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? `, ${more} more` : ''}`;
}

function firstLine(text: string): string {
  return (
    text
      .trim()
      .split('\n')
      .find((line) => line.trim() !== '') ?? ''
  );
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}
