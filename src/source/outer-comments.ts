// A source stays in the heap as text, for functions that V8 compiles when they are first called. Comments on lines of their
// own, outside of all functions and classes, are nothing that a program could see of it: no `toString` shows them, no stack
// trace, and not the line above an uncaught error. They are a tenth of what packages are made of, and now and then all in
// it that is not Latin-1, which doubles the text. Lines stay, and so does everything on lines that have a token.
import { ts } from 'ts-morph';

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
const BETWEEN_LINE_ENDS = /[^\n\r\u2028\u2029]+/g;

/** Where a token could be that is not within a function or a class. */
function outerComments(file: ts.SourceFile): Range[] {
  const found: Range[] = [];
  const visit = (node: ts.Node): void => {
    const comments = ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? [];
    // Several nodes may begin with the same token.
    for (const { pos, end } of comments) if ((found.at(-1)?.to ?? 0) <= pos) found.push({ from: pos, to: end });
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    // The nodes of a documenting comment are within a comment.
    for (const child of node.getChildren(file)) if (!ts.isJSDoc(child)) visit(child);
  };
  visit(file);
  return found;
}

/** The lines that the comment has for itself, without their ends; null where it shares one. */
function ownLines(text: string, { from, to }: Range): Range | null {
  let start = from;
  while (start > 0 && !LINE_END.test(text[start - 1] as string)) start--;
  let end = to;
  while (end < text.length && !LINE_END.test(text[end] as string)) end++;
  const isAlone = text.slice(start, from).trim() === '' && text.slice(to, end).trim() === '';
  return isAlone ? { from: start, to: end } : null;
}

/** `source`: as it is compiled, without byte order mark. What does not parse, or may show itself, is left as it is. */
export function withoutOuterComments(source: string): string {
  if (SHOWN.test(source)) return source;
  const file = ts.createSourceFile('module.cjs', source, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: readonly unknown[] };
  if (parseDiagnostics.length > 0) return source;
  const parts: string[] = [];
  let at = 0;
  for (const comment of outerComments(file)) {
    const lines = READ.test(source.slice(comment.from, comment.to)) ? null : ownLines(source, comment);
    if (lines === null || lines.from < at) continue;
    parts.push(source.slice(at, lines.from), source.slice(lines.from, lines.to).replace(BETWEEN_LINE_ENDS, ''));
    at = lines.to;
  }
  parts.push(source.slice(at));
  return parts.join('');
}
