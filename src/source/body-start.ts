// Where a statement can be put that runs before all others of a function, a block or the module.
import { ts } from 'ts-morph';
import { isFunction } from './scopes.js';

/** Where a statement may be put first: after the directives of a body. */
export function bodyStart(node: ts.Node, file: ts.SourceFile): number | undefined {
  const body = bodyOf(node);
  if (!body || !(ts.isSourceFile(body) || ts.isBlock(body))) return undefined;
  if (!ts.isSourceFile(node) && !isFunction(node)) return body.getStart(file) + 1;
  let at = ts.isSourceFile(body) ? 0 : body.getStart(file) + 1;
  for (const statement of body.statements) {
    if (!ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression)) break;
    at = statement.end;
  }
  return at;
}

/** Whether a variable for the whole of its scope can be declared in it: not in concise arrows, blocks and loops. */
export function canHoldToken(node: ts.Node): boolean {
  if (ts.isSourceFile(node)) return true;
  if (!isFunction(node) || ts.isPropertyDeclaration(node)) return false;
  return node.body !== undefined && ts.isBlock(node.body);
}

function bodyOf(node: ts.Node): ts.Node | undefined {
  if (ts.isSourceFile(node) || ts.isBlock(node)) return node;
  if (ts.isIterationStatement(node, false)) return node.statement;
  if (ts.isCatchClause(node)) return node.block;
  return isFunction(node) && !ts.isPropertyDeclaration(node) ? node.body : undefined;
}
