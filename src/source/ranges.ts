// Which parts of a text baking may take out: their offsets are kept with the facts, so that nobody has to parse the
// text again.
import { createHash } from 'node:crypto';
import { type Candidate, candidatesOf } from './candidates.js';
import { outerComments } from './outer-comments.js';
import { SourceText } from './source-text.js';
import { type StaticFacts, type TextRanges, UNPARSED } from './static-facts.js';

export function rangesOf(source: SourceText, candidates: readonly Candidate[]): TextRanges {
  // A byte order mark goes before a text is baked.
  const mark = source.text.startsWith('\uFEFF') ? 1 : 0;
  const moved = (offset: number) => Math.max(offset - mark, 0);
  return {
    sha256: hashOf(source.text.slice(mark)),
    statements: candidates.map(({ range }) => {
      const { keyword } = range;
      const place = { ...range, before: moved(range.before), end: moved(range.end) };
      return keyword === undefined ? place : { ...place, keyword: { ...keyword, at: moved(keyword.at) } };
    }),
    comments: outerComments(source).map(moved),
  };
}

/** `text`: a module's, without byte order mark. Parsed only where the facts are of another text: a program may write files. */
export function rangesIn(text: string, facts?: StaticFacts): TextRanges {
  if (facts?.ranges.sha256 === hashOf(text)) return facts.ranges;
  try {
    const source = new SourceText(text);
    // All that there can be: who chose among them knows whether columns count.
    return rangesOf(source, candidatesOf(source, { relaxedColumns: true }));
  } catch (error) {
    // As instrument.ts: nested too deeply for any walk.
    if (error instanceof RangeError) return UNPARSED.ranges;
    throw error;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
