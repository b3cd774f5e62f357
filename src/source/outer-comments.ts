// A source stays in the heap as text, for functions that V8 compiles when they are first called. Comments on lines of their
// own, outside of all functions and classes, are nothing that a program could see of it: no `toString` shows them, no stack
// trace, and not the line above an uncaught error. They are a tenth of what packages are made of, and now and then all in
// it that is not Latin-1, which doubles the text. Where they stand is found here; rewrite.ts empties their lines.
import { ts } from 'ts-morph';
import type { SourceText } from './source-text.js';

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Node and V8 read these. */
const READ = /[#@]\s*source(?:Mapping)?URL/;
/** `arguments.callee` at the top level is the function around all; `<!--` begins a comment that the parser takes for code. */
const SHOWN = /\bcallee\b|<!--|-->/;
/** Whatever ends a line for V8. */
const LINE_END = /[\n\r\u2028\u2029]/;

/** Where a token could be that is not within a function or a class. */
function commentsOutside(file: ts.SourceFile): Range[] {
  const found: Range[] = [];
  const visit = (node: ts.Node): void => {
    const comments = ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? [];
    // Several nodes may begin with the same token.
    for (const { pos, end } of comments) if ((found.at(-1)?.to ?? 0) <= pos) found.push({ from: pos, to: end });
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    for (const child of node.getChildren(file)) visit(child);
  };
  visit(file);
  return found;
}

/**
 * The lines that the comment has for itself, without the end of the last one; null where it shares one. A line may be as
 * long as the text, so nothing is looked at behind the first token.
 */
function ownLines(text: string, { from, to }: Range): Range | null {
  let start = from;
  for (; start > 0 && !LINE_END.test(text[start - 1] as string); start--) if (!isBlank(text[start - 1])) return null;
  let end = to;
  for (; end < text.length && !LINE_END.test(text[end] as string); end++) if (!isBlank(text[end])) return null;
  return { from: start, to: end };
}

function isBlank(character: string | undefined): boolean {
  return character?.trim() === '';
}

/**
 * The lines of such comments, none twice: where they begin and end, one after the other. None of a text that does not
 * parse, or that may show itself.
 */
export function outerComments({ file, text, isWellFormed }: SourceText): number[] {
  if (SHOWN.test(text) || !isWellFormed) return [];
  const found: number[] = [];
  for (const comment of commentsOutside(file)) {
    const lines = READ.test(text.slice(comment.from, comment.to)) ? null : ownLines(text, comment);
    if (lines !== null && lines.from >= (found.at(-1) ?? 0)) found.push(lines.from, lines.to);
  }
  return found;
}
