// Are two runs the same? Byte for byte, except for what plain shows differently against itself (times, pids, temporary
// names) and for the frames of a stack trace below the entry's first, where Node's start-up differs by nature.
import { compareFiles, type FileDifference } from './compare-files.js';
import type { RunResult } from './run-once.js';
import { settled } from './settled.js';
import { MASK, withoutTimes } from './times.js';
import { unevenDifference } from './uneven.js';
import type { WrittenFile } from './written.js';

export interface Difference {
  readonly what: 'stdout' | 'stderr' | 'exit code' | 'signal' | FileDifference['what'];
  readonly plain: string;
  readonly accelerated: string;
  /** What was changed around the program to see it; absent where nothing was. */
  readonly environment?: string;
}

/** Where util.inspect colours a frame, an escape sequence stands before it. */
const FRAME = /^\S{0,6}\s+at /;
/** util.inspect folds what a cause's trace shares with its error's: how much depends on the frames below the entry. */
const FOLDED = /^(\s+\.\.\.) \d+ (lines matching cause stack trace \.\.\.)/;

/** The last frame of a trace may carry what util.inspect adds; a terminal ends lines with a carriage return, too. */
const INSPECTED = / \{\r?$/;

const ESCAPE = '\\u001b\\[';
/** util.inspect greys the current folder in a frame's path. */
const COLOUR = new RegExp(`${ESCAPE}\\d+m`, 'g');

function trimTrace(trace: readonly string[], entry: string): readonly string[] {
  const last = trace.findLastIndex((line) => line.replace(COLOUR, '').includes(entry));
  if (last < 0 || last === trace.length - 1) return trace;
  const kept = trace.slice(0, last + 1);
  const added = INSPECTED.exec(trace.at(-1) ?? '');
  return added === null ? kept : [...kept, added[0]];
}

/** Back to the first column, and the line is erased. */
const ERASED = new RegExp(`[^\\n]*(?:${ESCAPE}1G|\\r)${ESCAPE}[02]?K`, 'g');

/** Spinners erase what they draw: how often they came to draw is a matter of time. */
export function withoutErased(text: string): string {
  return text.replace(ERASED, '');
}

/** Drops each stack trace's frames below the entry's outermost: there stands Node's start-up, or ours. */
export function withoutStartFrames(text: string, entry: string): string {
  const kept: string[] = [];
  let trace: string[] = [];
  for (const line of text.split('\n')) {
    if (FRAME.test(line) || FOLDED.test(line)) {
      trace.push(line.replace(FOLDED, '$1 $2'));
      continue;
    }
    kept.push(...trimTrace(trace, entry), line);
    trace = [];
  }
  kept.push(...trimTrace(trace, entry));
  return kept.join('\n');
}

function sharedPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

/**
 * What two plain runs have in common of a line: its head and its tail. What lies between them differs from run to run. A
 * number is never cut in two: of `12 ms` and `13 ms`, the tail is ` ms`, and the head does not have the `1`.
 */
function maskFor(a: string, b: string): { readonly head: string; readonly tail: string } | null {
  if (a === b) return null;
  const head = sharedPrefix(a, b);
  const reversed = (text: string) => [...text.slice(head)].reverse().join('');
  const tail = sharedPrefix(reversed(a), reversed(b));
  return { head: a.slice(0, head).replace(/\d+$/, ''), tail: a.slice(a.length - tail).replace(/^\d+/, '') };
}

/** The text with what differs between the two plain runs, which have as many lines, replaced by a mark. */
export function masked(text: string, plain: readonly [string, string]): string {
  const [first, second] = plain.map((run) => run.split('\n')) as [string[], string[]];
  return text
    .split('\n')
    .map((line, at) => {
      const mask = maskFor(first[at] ?? line, second[at] ?? line);
      if (mask === null || line.length < mask.head.length + mask.tail.length) return line;
      return line.startsWith(mask.head) && line.endsWith(mask.tail) ? mask.head + MASK + mask.tail : line;
    })
    .join('\n');
}

type Texts = readonly [first: string, second: string, ours: string];

function compareText(plain: readonly [Buffer, Buffer], accelerated: Buffer, entry: string): [string, string] | null {
  if (plain[0].equals(accelerated)) return null;
  const cut = (bytes: Buffer) => withoutErased(withoutStartFrames(bytes.toString('latin1'), entry));
  const texts = withoutTimes([cut(plain[0]), cut(plain[1]), cut(accelerated)]);
  const found = textDifference(texts);
  // Two plain runs differ, too. A spinner, say, may have drawn its line anew 12 times in one and 13 times in the other: so only
  // what each line shows in the end is compared.
  if (found === null || texts[0] === texts[1]) return shown(found);
  return shown(textDifference([settled(texts[0]), settled(texts[1]), settled(texts[2])]));
}

function shown(texts: [string, string] | null): [string, string] | null {
  const text = (latin1: string) => Buffer.from(latin1, 'latin1').toString('utf8');
  return texts === null ? null : [text(texts[0]), text(texts[1])];
}

function textDifference([first, second, ours]: Texts): [string, string] | null {
  if (first === ours) return null;
  const isEven = first.split('\n').length === second.split('\n').length;
  return isEven ? maskedDifference(first, second, ours) : unevenDifference(first, second, ours);
}

function maskedDifference(first: string, second: string, ours: string): [string, string] | null {
  const expected = masked(first, [first, second]);
  const found = masked(ours, [first, second]);
  return expected === found ? null : [expected, found];
}

function fileDifferences(plain: readonly [RunResult, RunResult], accelerated: RunResult, entry: string): Difference[] {
  const files = ({ written = [] }: RunResult): readonly WrittenFile[] => written;
  return compareFiles([files(plain[0]), files(plain[1])], files(accelerated), (texts, ours) =>
    compareText(texts, ours, entry),
  ).map(({ what, texts }) => ({ what, plain: texts[0], accelerated: texts[1] }));
}

/** What differs between plain (run twice) and accelerated; empty when nothing does. */
export function compareRuns(
  plain: readonly [RunResult, RunResult],
  accelerated: RunResult,
  entry: string,
): Difference[] {
  const found: Difference[] = [];
  for (const what of ['stdout', 'stderr'] as const) {
    const texts = compareText([plain[0][what], plain[1][what]], accelerated[what], entry);
    if (texts !== null) found.push({ what, plain: texts[0], accelerated: texts[1] });
  }
  found.push(...fileDifferences(plain, accelerated, entry));
  for (const [what, key] of [
    ['exit code', 'exitCode'],
    ['signal', 'signal'],
  ] as const) {
    const isSteady = plain[0][key] === plain[1][key];
    if (isSteady && plain[0][key] !== accelerated[key]) {
      found.push({ what, plain: String(plain[0][key]), accelerated: String(accelerated[key]) });
    }
  }
  return found;
}
