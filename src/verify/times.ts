// Durations and times of day, which differ from run to run. Two plain runs may agree on most of them by chance (debug
// prints "+0ms" a hundred times). So once one of them has differed between plain runs, no duration and no time of day
// is evidence.

/** Texts are compared byte by byte, as Latin-1; this is the mark as its UTF-8 bytes look there. */
export const MASK = Buffer.from('\u2592').toString('latin1');

/** Not the `7m` of an escape sequence, nor the end of a version. */
const TIMES =
  /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?|(?<![\d:.])\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?: [AP]M)?|(?<![\w;[.])\d+(?:\.\d+)? ?(?:(?:n|u|\u00c2\u00b5|m)?s|min|m|h)\b/g;

/** With the spaces around it: in a table `102ms` takes the place of `95ms` and one of them. */
const CELLS = new RegExp(` *(?:${TIMES.source}) *`, 'g');
/** No word of a sentence: two spaces at least pad it. */
const PADDED = new RegExp(` {2}(?:${TIMES.source})|(?:${TIMES.source}) {2}`);

const timesOf = (text: string): string => (text.match(TIMES) ?? []).join(' ');

type Three = readonly [string, string, string];

const ofEach = ([first, second, ours]: Three, change: (text: string) => string): Three => [
  change(first),
  change(second),
  change(ours),
];

const masked = (text: string): string => text.replace(TIMES, MASK);
/** As wide as it was. */
const maskedCells = (text: string): string => text.replace(CELLS, (cell) => MASK.padEnd(cell.length));

function maskedLines(lines: Three): Three {
  if (!PADDED.test(lines[0])) return ofEach(lines, masked);
  const cells = ofEach(lines, maskedCells);
  return cells.every((line) => line === cells[0]) ? cells : ofEach(lines, masked);
}

/** The two plain texts and ours, with a mark for each time where plain's times differ. */
export function withoutTimes(texts: Three): Three {
  const [first, second, ours] = texts;
  if (first === second || timesOf(first) === timesOf(second)) return texts;
  const [lines, others, ourLines] = [first.split('\n'), second.split('\n'), ours.split('\n')];
  if (lines.length !== others.length || lines.length !== ourLines.length) return ofEach(texts, masked);
  const rows = lines.map((line, at) => maskedLines([line, others[at] ?? '', ourLines[at] ?? '']));
  const column = (at: 0 | 1 | 2) => rows.map((row) => row[at]).join('\n');
  return [column(0), column(1), column(2)];
}
