// Sometimes two plain runs print a different number of lines, as reporters of progress do. They then say little about
// what a third run may print, but something: the lines that both printed must come in that order, and each other line
// must look like one that a plain run printed. A mistake here costs speed, never behaviour: an artifact that is refused
// runs plain.
import { diffArrays } from 'diff';

/** Numbers and hexadecimal names: what changes from run to run. */
const VARYING = /[0-9a-f]*\d[0-9a-f]*/gi;

const shapeOf = (line: string): string => line.replace(VARYING, '#');

/** The lines that both have, in order. */
function common(first: readonly string[], second: readonly string[]): string[] {
  return diffArrays([...first], [...second])
    .filter(({ added, removed }) => !added && !removed)
    .flatMap(({ value }) => value);
}

function missingLine(wanted: readonly string[], lines: readonly string[]): string | undefined {
  let at = 0;
  for (const line of lines) if (line === wanted[at]) at++;
  return wanted[at];
}

/** Null where `ours` could be a third plain run; else the two texts to show, with the line that shows it could not. */
export function unevenDifference(first: string, second: string, ours: string): [string, string] | null {
  const plain = [first, second].map((text) => text.split('\n')) as [string[], string[]];
  const lines = ours.split('\n');
  const shapes = new Set(plain.flat().map(shapeOf));
  const strange = lines.some((line) => !shapes.has(shapeOf(line)));
  return strange || missingLine(common(...plain), lines) !== undefined ? [first, ours] : null;
}
