// What a node writes: assignments, `++` and `--`, loops that assign. One set of rules for all who ask.
import { ts } from 'ts-morph';

const { SyntaxKind } = ts;

/** `a = b`, `a += b`, `a ??= b` */
export function isAssignment(node: ts.Node): node is ts.BinaryExpression {
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return kind >= SyntaxKind.FirstAssignment && kind <= SyntaxKind.LastAssignment;
}

/** `a = b`, with a name on its left. */
export function isAssignmentToName(node: ts.Node): node is ts.BinaryExpression & { readonly left: ts.Identifier } {
  return isAssignment(node) && ts.isIdentifier(node.left);
}

/** `a++`, `--a` */
export function isUpdate(node: ts.Node): node is ts.PrefixUnaryExpression | ts.PostfixUnaryExpression {
  if (ts.isPostfixUnaryExpression(node)) return true;
  if (!ts.isPrefixUnaryExpression(node)) return false;
  return node.operator === SyntaxKind.PlusPlusToken || node.operator === SyntaxKind.MinusMinusToken;
}

/** What this very node assigns to: `a` of `a = b`, `a++`, `for (a of b)`; a loop that declares assigns to nothing. */
export function targetOf(node: ts.Node): ts.Node | undefined {
  if (isAssignment(node)) return node.left;
  if (isUpdate(node)) return node.operand;
  if (!ts.isForInStatement(node) && !ts.isForOfStatement(node)) return undefined;
  return ts.isVariableDeclarationList(node.initializer) ? undefined : node.initializer;
}

/** It is assigned to, alone. */
export function isTarget(node: ts.Node): boolean {
  return targetOf(node.parent) === node;
}

/** It is assigned to, alone or in a pattern; or it stands in what is: `x.a` of `x.a.b = 1`, `[x.a] = c`, `b[x.a] = 1`. */
export function isInTarget(node: ts.Node): boolean {
  for (let at = node; !ts.isStatement(at) && !ts.isFunctionLike(at); at = at.parent) {
    if (targetOf(at.parent) === at && !isUpdate(at.parent)) return true;
  }
  return false;
}

/** Names whose bindings this very node changes: `a` and `b` of `[a, { x: b = c }] = d`. No names of what has members set. */
export function assignedNames(node: ts.Node): string[] {
  const target = targetOf(node);
  const names: string[] = [];
  if (target !== undefined) addAssigned(target, names);
  return names;
}

function addAssigned(target: ts.Node, names: string[]): void {
  if (ts.isIdentifier(target)) names.push(target.text);
  else if (ts.isParenthesizedExpression(target) || ts.isSpreadElement(target)) addAssigned(target.expression, names);
  else if (ts.isBinaryExpression(target)) addAssigned(target.left, names);
  else if (ts.isArrayLiteralExpression(target)) for (const element of target.elements) addAssigned(element, names);
  else if (ts.isObjectLiteralExpression(target)) {
    for (const property of target.properties) {
      if (ts.isShorthandPropertyAssignment(property)) names.push(property.name.text);
      else if (ts.isPropertyAssignment(property)) addAssigned(property.initializer, names);
      else if (ts.isSpreadAssignment(property)) addAssigned(property.expression, names);
    }
  }
}

/**
 * Names that this very node changes something of: `a` of `a = 1`, of `a.b[i] = 1` and of `delete a.b`. In patterns and
 * calls every name counts, which errs on the safe side: `f` and `a` of `f(a).b = 1`.
 */
export function changedNames(node: ts.Node): string[] {
  const target = ts.isDeleteExpression(node) ? node.expression : targetOf(node);
  const names: string[] = [];
  if (target !== undefined) addChanged(target, names);
  return names;
}

function addChanged(target: ts.Node, names: string[]): void {
  if (ts.isIdentifier(target)) names.push(target.text);
  else if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target))
    addChanged(target.expression, names);
  else ts.forEachChild(target, (child) => addChanged(child, names));
}
