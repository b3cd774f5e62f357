// Where the functions that training runs call stand in the text that is baked: each token there has the line and the column
// that it has in the file, but other things may stand, or be missing, before it.

import { lineAt, lineStarts } from '../../snapshot-entry/shared/text-lines.cjs';

/**
 * `ranges`: where functions begin and end in `text`, as offsets, one after the other. Returns the same of `baked`, whose
 * first line begins at the column `columnOffset`; without those that are not there.
 */
export function rangesInBaked(text: string, ranges: readonly number[], baked: string, columnOffset = 0): number[] {
  const [from, to] = [lineStarts(text), lineStarts(baked)];
  const moved = (offset: number): number => {
    const line = lineAt(from, offset);
    const column = offset - (from[line] as number);
    return (to[line] ?? Number.POSITIVE_INFINITY) + column - (line === 0 ? columnOffset : 0);
  };
  const found: number[] = [];
  for (let at = 0; at < ranges.length; at += 2) {
    const [start, end] = [moved(ranges[at] as number), moved(ranges[at + 1] as number)];
    if (start < end && end <= baked.length) found.push(start, end);
  }
  return found;
}
