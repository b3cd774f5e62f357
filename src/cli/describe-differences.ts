// A difference between plain and accelerated, as a diff.
import { createTwoFilesPatch } from 'diff';
import type { Difference } from '../verify/compare.js';

const CONTEXT_LINES = 2;

/** A command line's arguments as they can be typed and told apart. */
export function shownArguments(args: readonly string[]): string {
  return args.map((arg) => JSON.stringify(arg)).join(' ') || '(no arguments)';
}

export function describeDifferences(args: readonly string[], differences: readonly Difference[]): string {
  const environment = differences[0]?.environment;
  const where = environment === undefined ? '' : ` (${environment})`;
  return `differs: ${shownArguments(args)}${where}\n${diffs(differences)}`;
}

export function diffs(differences: readonly Difference[]): string {
  const parts = differences.map(({ what, plain, accelerated }) =>
    createTwoFilesPatch(`${what} plain`, `${what} accelerated`, plain, accelerated, undefined, undefined, {
      context: CONTEXT_LINES,
    })
      .split('\n')
      .slice(1)
      .join('\n'),
  );
  return parts.join('');
}
