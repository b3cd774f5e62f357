// Where the tokens of a source stand, and where those that a rewritten text keeps stand.
import { ts } from 'ts-morph';
import type { RewrittenText } from '../../../snapshot-entry/shared/bake-plan.cjs';
import { candidatesOf } from '../../../src/source/candidates.js';
import { SourceText } from '../../../src/source/source-text.js';

export interface Token {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** All tokens, from the tree: a scanner alone cannot tell a regular expression from a division. */
export function tokensOf(source: string, columnOffset = 0): Token[] {
  const { file } = new SourceText(source);
  const tokens: Token[] = [];
  const visit = (node: ts.Node): void => {
    const children = node.getChildren(file).filter((child) => !ts.isJSDoc(child));
    for (const child of children) visit(child);
    const start = node.getStart(file);
    if (children.length > 0 || node.end === start) return;
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    const column = line === 0 ? character + columnOffset : character;
    tokens.push({ text: file.text.slice(start, node.end), line: line + 1, column: column + 1 });
  };
  visit(file);
  return tokens;
}

/**
 * Those of `source` that the rewritten text lacks or has elsewhere, but for the words that begin deferred statements,
 * which go, and the semicolons that end them, which nothing can tell from others.
 */
export function movedTokens(source: string, deferred: ReadonlySet<number>, rewritten: RewrittenText): Token[] {
  const kept = new Set(tokensOf(rewritten.text, rewritten.columnOffset).map(keyOf));
  return keptTokens(source, deferred).filter((token) => !kept.has(keyOf(token)));
}

/** The same for sources whose statements share lines: those that are not on their line, in their order. */
export function strayTokens(source: string, deferred: ReadonlySet<number>, { text }: RewrittenText): Token[] {
  const found = tokensOf(text);
  let at = 0;
  return keptTokens(source, deferred).filter((token) => {
    const place = found.findIndex((other, index) => index >= at && isSame(other, token));
    if (place >= 0) at = place + 1;
    return place < 0;
  });
}

function isSame(a: Token, b: Token): boolean {
  return a.text === b.text && a.line === b.line;
}

function keptTokens(source: string, deferred: ReadonlySet<number>): Token[] {
  const text = new SourceText(source);
  const { file } = text;
  const chosen = candidatesOf(text, { relaxedColumns: true }).filter(({ index }) => deferred.has(index));
  const replaced = new Set(
    chosen.flatMap(({ statement }) => {
      const hasSemicolon = file.text[statement.end - 1] === ';';
      const first = placeOf(file, statement.getStart(file));
      return hasSemicolon ? [first, placeOf(file, statement.end - 1)] : [first];
    }),
  );
  return tokensOf(source).filter((token) => !replaced.has(`${token.line}:${token.column}`));
}

function placeOf(file: ts.SourceFile, position: number): string {
  const { line, character } = file.getLineAndCharacterOfPosition(position);
  return `${line + 1}:${character + 1}`;
}

function keyOf({ text, line, column }: Token): string {
  return `${line}:${column}:${text}`;
}
