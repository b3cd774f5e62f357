// Takes statements out of a module's evaluation: each becomes a function that is handed over instead of being run, and the
// names that it declares become variables which that function sets. So
//
//     const x = require('x');     becomes     let x;__v8snapDefer(0,(function(){(      x = require('x'))}));
//
// No kept token changes its line; nor its column, but where a statement was chosen that shares its lines with others.
// Comments that nobody can see (outer-comments.ts) go in the same pass. Nothing is parsed here: the analysis has told where
// everything stands.
import { DEFER, type RewrittenText } from '../../snapshot-entry/shared/bake-plan.cjs';
import type { StatementRange, TextRanges } from './static-facts.js';

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const BETWEEN_LINE_ENDS = /[^\n\r\u2028\u2029]+/g;

/**
 * `text`: that of which `ranges` tells. `deferred`: indexes of candidates. Each is handed to `DEFER(index, function)` in its
 * place: a function in brackets, which V8 compiles at once, while baking.
 */
export function rewrite(
  text: string,
  { statements, comments }: Pick<TextRanges, 'statements' | 'comments'>,
  deferred: ReadonlySet<number>,
): RewrittenText {
  const chosen = statements.filter(({ index }) => deferred.has(index));
  if (chosen.length !== deferred.size) throw new Error('asked to defer a statement that is no candidate');
  const edits = [...chosen.flatMap(editsFor), ...commentEdits(text, comments, chosen)];
  const [first] = chosen;
  const isOnFirstLine = first !== undefined && first.before === 0 && first.line === 1;
  return { text: apply(text, edits), columnOffset: isOnFirstLine ? -opening(first).length : 0 };
}

function opening({ index, names, keyword, before }: StatementRange): string {
  // Assigned once, but later.
  const declarator = keyword?.word === 'var' ? 'var' : 'let';
  const declared = names.length === 0 ? '' : `${declarator} ${names.join(',')};`;
  return `${before === 0 ? '' : ';'}${declared}${DEFER}(${index},(function(){(`;
}

function editsFor(range: StatementRange): Edit[] {
  const { before, keyword, end } = range;
  const [start, closing] = [
    { from: before, to: before, text: opening(range) },
    { from: end, to: end, text: ')}));' },
  ];
  if (keyword === undefined) return [start, closing];
  const { at, word } = keyword;
  return [start, { from: at, to: at + word.length, text: ' '.repeat(word.length) }, closing];
}

/** Lines stay, empty. What stands in a deferred statement is in a function now, whose text a program can see. */
function commentEdits(text: string, comments: readonly number[], chosen: readonly StatementRange[]): Edit[] {
  const edits: Edit[] = [];
  let next = 0;
  for (let at = 0; at < comments.length; at += 2) {
    const [from, to] = [comments[at] as number, comments[at + 1] as number];
    while (next < chosen.length && (chosen[next] as StatementRange).end <= from) next++;
    const isInside = (chosen[next]?.before ?? Number.POSITIVE_INFINITY) <= from;
    const isHashbang = from === 0 && text.startsWith('#!');
    if (!isInside && !isHashbang) edits.push({ from, to, text: text.slice(from, to).replace(BETWEEN_LINE_ENDS, '') });
  }
  return edits;
}

function apply(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, text: put } of [...edits].sort((a, b) => a.from - b.from || a.to - b.to)) {
    parts.push(text.slice(at, from), put);
    at = to;
  }
  parts.push(text.slice(at));
  return parts.join('');
}
