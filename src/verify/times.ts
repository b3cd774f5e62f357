// Durations and times of day, which differ from run to run. Two plain runs may agree on most of them by chance (debug
// prints "+0ms" a hundred times), so once any has differed between them, none is evidence.

/** Texts are compared byte by byte, as Latin-1; this is the mark as its UTF-8 bytes look there. */
export const MASK = Buffer.from('\u2592').toString('latin1');

/** Not the `7m` of an escape sequence, nor the end of a version. */
const TIMES =
  /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?|(?<![\d:.])\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?: [AP]M)?|(?<![\w;[.])\d+(?:\.\d+)? ?(?:(?:n|u|\u00c2\u00b5|m)?s|min|m|h)\b/g;

/** A table is as wide with `95ms` as with `102ms`: what pads a time varies with it. */
const PADDED = new RegExp(` *${MASK} *`, 'g');

const timesOf = (text: string): string => (text.match(TIMES) ?? []).join(' ');

/** The two plain texts and ours, with a mark for each time where plain's times differ. */
export function withoutTimes(texts: readonly [string, string, string]): readonly [string, string, string] {
  const [first, second, ours] = texts;
  if (first === second || timesOf(first) === timesOf(second)) return texts;
  const masked = (text: string) => text.replace(TIMES, MASK).replace(PADDED, MASK);
  return [masked(first), masked(second), masked(ours)];
}
