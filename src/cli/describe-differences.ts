// A difference between plain and accelerated, as a diff.
import { createTwoFilesPatch } from 'diff';
import type { Difference } from '../verify/compare.js';

const CONTEXT_LINES = 2;

export function describeDifferences(args: readonly string[], differences: readonly Difference[]): string {
  const title = `differs: ${args.map((arg) => JSON.stringify(arg)).join(' ') || '(no arguments)'}\n`;
  const parts = differences.map(({ what, plain, accelerated }) =>
    createTwoFilesPatch(`${what} plain`, `${what} accelerated`, plain, accelerated, undefined, undefined, {
      context: CONTEXT_LINES,
    })
      .split('\n')
      .slice(1)
      .join('\n'),
  );
  return title + parts.join('');
}
