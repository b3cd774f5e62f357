// Helpers of Babel and swc keep the namespaces that they have made in a weak map, by module (`_interopRequireWildcard`). Who
// calls such a helper gets the same answer whether or not somebody has called it before, if all that it does with the map is
//
//     if (map.has(key)) return map.get(key);
//     …
//     map.set(key, answer);
//     …
//     return answer;
import { ts } from 'ts-morph';
import { isDropped } from './self-contained.js';
import type { SourceText } from './source-text.js';
import { isWithin } from './syntax.js';

const { SyntaxKind } = ts;

/**
 * Variables of the module that are one helper's own: `var cache;`, which nothing but that helper names, and which nothing
 * but `cache = new WeakMap()` assigns. By helper; none of these stands in another one.
 */
export function memoCells(
  { file, names }: SourceText,
  helpers: ReadonlySet<ts.Node>,
): ReadonlyMap<ts.Node, ReadonlySet<string>> {
  const found = new Map<ts.Node, Set<string>>();
  for (const { name } of file.statements.flatMap(emptyDeclarations)) {
    if (!ts.isIdentifier(name)) continue;
    const mentions = names.mentions(name.text);
    const helper = helperAround(mentions[0] === name ? mentions[1] : mentions[0], helpers);
    if (helper === undefined) continue;
    const isOwn = mentions.every((use) => use === name || (isWithin(use, helper) && isReadOrNewMap(use)));
    if (isOwn) found.set(helper, (found.get(helper) ?? new Set()).add(name.text));
  }
  return found;
}

function emptyDeclarations(statement: ts.Statement): readonly ts.VariableDeclaration[] {
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.filter(({ initializer }) => initializer === undefined);
}

function helperAround(node: ts.Node | undefined, helpers: ReadonlySet<ts.Node>): ts.Node | undefined {
  for (let at = node; at !== undefined; at = at.parent) if (helpers.has(at)) return at;
  return undefined;
}

/** `cache`, `cache.has(…)`, `cache = new WeakMap()`; not a place that is written in another way, nor a declaration. */
function isReadOrNewMap(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node && ts.isCallExpression(parent.parent);
  if (!ts.isBinaryExpression(parent)) return ts.isIfStatement(parent);
  const { kind } = parent.operatorToken;
  if (kind === SyntaxKind.EqualsToken) return parent.left === node && isNewWeakMap(parent.right);
  return [SyntaxKind.BarBarToken, SyntaxKind.AmpersandAmpersandToken, SyntaxKind.CommaToken].includes(kind);
}

function isNewWeakMap(node: ts.Node): boolean {
  return ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'WeakMap';
}

/** Whether all that a helper creates by `new` are weak maps, and all that is done with maps is as above. */
export function keepsAnswersAlone(helper: ts.Node): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isNewExpression(node) && !isNewWeakMap(node)) return false;
    if (ts.isCallExpression(node) && !isFittingCall(node)) return false;
    return ts.forEachChild(node, (child) => (visit(child) ? undefined : true)) === undefined;
  };
  return visit(helper);
}

function isFittingCall(node: ts.CallExpression): boolean {
  switch (methodOf(node)) {
    case 'has':
      return isTestOfAnswer(node);
    case 'get':
      return ts.isReturnStatement(node.parent);
    case 'set':
      return isUnused(node) && isAnswerReturned(node);
    case 'delete':
      return false;
    default:
      return true;
  }
}

function methodOf({ expression }: ts.CallExpression): string | undefined {
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : undefined;
}

/** `if (map.has(key)) return map.get(key);`, `if (map && map.has(key)) { return map.get(key); }` */
function isTestOfAnswer(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === SyntaxKind.AmpersandAmpersandToken)
    return isTestOfAnswer(parent);
  if (!ts.isIfStatement(parent) || parent.expression !== node) return false;
  const { thenStatement } = parent;
  const [only, ...others] = ts.isBlock(thenStatement) ? thenStatement.statements : [thenStatement];
  if (only === undefined || others.length > 0 || !ts.isReturnStatement(only)) return false;
  return only.expression !== undefined && ts.isCallExpression(only.expression) && methodOf(only.expression) === 'get';
}

/** A statement, or as in `t && t.set(key, answer), answer`. */
function isUnused(node: ts.Node): boolean {
  const { parent } = node;
  if (!ts.isBinaryExpression(parent)) return isDropped(node);
  const { kind } = parent.operatorToken;
  if (kind === SyntaxKind.CommaToken) return parent.left === node || isUnused(parent);
  return kind === SyntaxKind.AmpersandAmpersandToken && parent.right === node && isUnused(parent);
}

function isAnswerReturned({ arguments: [, answer], parent }: ts.CallExpression): boolean {
  let around: ts.Node = parent;
  while (!ts.isFunctionLike(around) && !ts.isSourceFile(around)) around = around.parent;
  const body = ts.isFunctionLike(around) && 'body' in around ? around.body : undefined;
  const last = body !== undefined && ts.isBlock(body) ? body.statements.at(-1) : undefined;
  if (answer === undefined || !ts.isIdentifier(answer) || last === undefined || !ts.isReturnStatement(last))
    return false;
  return last.expression !== undefined && lastOf(last.expression).getText() === answer.text;
}

function lastOf(node: ts.Expression): ts.Expression {
  const isComma = ts.isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.CommaToken;
  return isComma ? lastOf(node.right) : node;
}
