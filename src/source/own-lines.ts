// Does a statement stand alone on its lines? Then no token of another statement changes its line or its column when it is
// deferred: the rewriter puts text in front of it at the end of the statement before, and behind its own last token.
import { ts } from 'ts-morph';
import type { SourceText } from './source-text.js';

/** `index`: of the statement. `helpers`: names of functions that do not fail (pure-helpers.ts). */
export function hasOwnLines(source: SourceText, index: number, helpers: ReadonlySet<string>): boolean {
  const { file } = source;
  const statement = file.statements[index] as ts.Statement;
  const [previous, next] = [file.statements[index - 1], file.statements[index + 1]];
  if (previous !== undefined && source.lineAt(previous.end) >= source.lineOf(statement)) return false;
  if (previous !== undefined && runsOnLastLine(file, previous, helpers)) return false;
  return next === undefined || source.lineOf(next) > source.lineAt(statement.end);
}

/**
 * Whether code on a statement's last line may run, and fail, after the module is loaded. With an uncaught error Node prints
 * the line where it was thrown, as that was compiled; so a user would see what the rewriter has put at its end. Helpers do
 * not fail.
 */
function runsOnLastLine(file: ts.SourceFile, statement: ts.Statement, helpers: ReadonlySet<string>): boolean {
  if (ts.isFunctionDeclaration(statement) && helpers.has(statement.name?.text ?? '')) return false;
  const text = file.text;
  const lineStart = text.lastIndexOf('\n', statement.end - 1) + 1;
  const visit = (node: ts.Node, isInner: boolean): boolean => {
    if (node.end <= lineStart) return false;
    const inner = isInner || runsLater(node);
    const isToken = node.getChildCount(file) === 0 && node.getStart(file) >= lineStart;
    if (inner && isToken && !/^[[\](){};,]*$/.test(node.getText(file))) return true;
    return node.getChildren(file).some((child) => visit(child, inner));
  };
  return visit(statement, false);
}

/** The body of a function, a parameter that does more than to name, the value of a field. */
function runsLater(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isParameter(node)) return node.initializer !== undefined || !ts.isIdentifier(node.name);
  if (ts.isPropertyDeclaration(node)) return true;
  return parent !== undefined && ts.isFunctionLike(parent) && 'body' in parent && parent.body === node;
}
