// Lines of a text, as V8 counts them: between an offset and a line with a column.

const BREAK = /\r\n|[\n\r\u2028\u2029]/g;

/** Offsets at which lines begin. */
export function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(BREAK)].map((found) => found.index + found[0].length)];
}

/** The line that an offset lies in, from 0: of ascending starts, the last one that is not larger. */
export function lineAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
