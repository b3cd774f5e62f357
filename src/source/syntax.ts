// What the place of a node in its source says of it; what a node writes is in writes.ts.
import { ts } from 'ts-morph';

/** An identifier that names a variable: no property, label or member, and no name that is being declared. */
export function isReference(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (ts.isPropertyAssignment(parent) || ts.isBindingElement(parent)) {
    return parent.name !== node && !(ts.isBindingElement(parent) && parent.propertyName === node);
  }
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
  if (ts.isMetaProperty(parent) || ts.isQualifiedName(parent)) return false;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent)) return parent.name !== node;
  if (ts.isClassElement(parent) || ts.isFunctionLike(parent) || ts.isClassLike(parent)) {
    return !('name' in parent) || parent.name !== node;
  }
  return true;
}

/** `global`, `globalThis` */
export function isGlobalObject(node: ts.Node): node is ts.Identifier {
  return ts.isIdentifier(node) && (node.text === 'global' || node.text === 'globalThis');
}

/** `x` of `x()`. */
export function isCalled(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && node.parent.expression === node;
}

/** `require('…')`: of anything else, the target could be a module that no training run has seen. */
export function isKnownRequest({ expression, arguments: requests }: ts.CallExpression): boolean {
  const [request, ...others] = requests;
  const isRequire = ts.isIdentifier(expression) && expression.text === 'require';
  return isRequire && request !== undefined && ts.isStringLiteralLike(request) && others.length === 0;
}

/** Whether one node stands in another one, or is that one. */
export function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return outer.pos <= node.pos && node.end <= outer.end;
}

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
    const isPlain = parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    return isPlain && (parent.left === node || isInPattern(parent));
  }
  return isPartOfPattern(parent) && isInPattern(parent);
}

function isPartOfPattern(node: ts.Node): boolean {
  const isLiteral = ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node);
  const isElement = ts.isPropertyAssignment(node) || ts.isSpreadAssignment(node) || ts.isSpreadElement(node);
  return isLiteral || isElement || ts.isParenthesizedExpression(node);
}
