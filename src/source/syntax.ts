// What the place of a node in its source says of it.
import { ts } from 'ts-morph';

export function comparedWithModule(node: ts.Node): boolean {
  const parent = node.parent;
  if (!ts.isBinaryExpression(parent)) return false;
  const { EqualsEqualsToken, EqualsEqualsEqualsToken, ExclamationEqualsToken, ExclamationEqualsEqualsToken } =
    ts.SyntaxKind;
  const equality: readonly ts.SyntaxKind[] = [
    EqualsEqualsToken,
    EqualsEqualsEqualsToken,
    ExclamationEqualsToken,
    ExclamationEqualsEqualsToken,
  ];
  const other = parent.left === node ? parent.right : parent.left;
  return equality.includes(parent.operatorToken.kind) && ts.isIdentifier(other) && other.text === 'module';
}

/** It is assigned to, by whatever means. */
export function isTarget(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return parent.left === node && isAssignment(parent.operatorToken.kind);
  if (ts.isForInStatement(parent) || ts.isForOfStatement(parent)) return parent.initializer === node;
  return ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent);
}

export function isAssignment(operator: ts.SyntaxKind): boolean {
  return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
}

export function isDeleted({ parent }: ts.Node): boolean {
  return ts.isParenthesizedExpression(parent) ? isDeleted(parent) : ts.isDeleteExpression(parent);
}

export function isInOptionalChain(node: ts.Node): boolean {
  return (node.flags & ts.NodeFlags.OptionalChain) !== 0;
}

/** `require.main`, `process.mainModule` */
export function isMainModule({ expression, name }: ts.PropertyAccessExpression): boolean {
  if (!ts.isIdentifier(expression)) return false;
  return name.text === (expression.text === 'require' ? 'main' : 'mainModule');
}

/** `const { a, ...others } = object` goes through all that the object has. */
export function takesTheRest(name: ts.BindingName): boolean {
  return ts.isObjectBindingPattern(name) && name.elements.some(({ dotDotDotToken }) => dotDotDotToken !== undefined);
}

/** `({ ...a } = b)`: it is assigned to. */
export function isInPattern(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isForInStatement(parent) || ts.isForOfStatement(parent)) return parent.initializer === node;
  if (ts.isBinaryExpression(parent)) {
    const isAssignment = parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    return isAssignment && (parent.left === node || isInPattern(parent));
  }
  return isPartOfPattern(parent) && isInPattern(parent);
}

function isPartOfPattern(node: ts.Node): boolean {
  const isLiteral = ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node);
  const isElement = ts.isPropertyAssignment(node) || ts.isSpreadAssignment(node) || ts.isSpreadElement(node);
  return isLiteral || isElement || ts.isParenthesizedExpression(node);
}
