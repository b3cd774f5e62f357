// The table of `snap verify --matrix`: a row for each line and environment, as it comes, and a line that sums up.
import { stripVTControlCharacters } from 'node:util';
import { MATRIX } from '../verify/environments.js';
import type { MatrixResult } from '../verify/matrix.js';
import { diffs, shownArguments } from './describe-differences.js';

const NAME_COLUMNS = Math.max(...MATRIX.map(({ name }) => name.length));
const STATUS_COLUMNS = 'not run'.length;

/** What the programs printed would colour or move what is shown here. */
function printable(text: string): string {
  const visible = (part: string) => stripVTControlCharacters(part) === part;
  return visible(text) ? text : text.replaceAll('\u001b', '\u241b').replaceAll('\r', '\u240d');
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : `      ${line}`))
    .join('\n');
}

export function matrixRow({ environment, status, reason, isAccelerated, differences }: MatrixResult): string {
  const how = reason ?? (isAccelerated ? 'accelerated' : 'the artifact ran plain');
  const row = `  ${environment.padEnd(NAME_COLUMNS)}  ${status.padEnd(STATUS_COLUMNS)}  ${how}\n`;
  return differences.length === 0 ? row : `${row}${indented(printable(diffs(differences)))}`;
}

/** What stands above the rows of a line. */
export function matrixTitle(args: readonly string[]): string {
  return `${shownArguments(args)}\n`;
}

function counted(count: number, words: string): string[] {
  return count === 0 ? [] : [`${count} ${words}`];
}

export function matrixSummary(results: readonly MatrixResult[]): string {
  const of = (status: MatrixResult['status']) => results.filter((result) => result.status === status).length;
  const ranPlain = results.filter(({ status, isAccelerated }) => status !== 'not run' && !isAccelerated).length;
  const parts = [
    `${of('same')} same`,
    ...counted(of('differs'), of('differs') === 1 ? 'differs' : 'differ'),
    ...counted(of('not run'), 'not run'),
    ...counted(ranPlain, 'where the artifact ran plain'),
    ...(results.some(({ isFolderCompared }) => !isFolderCompared)
      ? ['files of the current folder not compared: it holds too many']
      : []),
  ];
  return `${parts.join(', ')}\n`;
}
