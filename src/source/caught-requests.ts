// Requests whose failure may end where they stand: what has caught it at build is not there at a launch.
import { ts } from 'ts-morph';

/** `x`, where `require('x')` may fail without failing its module. */
export function caughtRequest(call: ts.CallExpression): string | undefined {
  const request = requestOf(call);
  return request !== undefined && mayBeCaught(call) ? request : undefined;
}

/** Of `require('x')`, and of `require('x', y)`, which loads `x` too: isKnownRequest (self-contained.ts) is stricter. */
function requestOf({ expression, arguments: [request] }: ts.CallExpression): string | undefined {
  const isRequire = ts.isIdentifier(expression) && expression.text === 'require';
  return isRequire && request !== undefined && ts.isStringLiteralLike(request) ? request.text : undefined;
}

/** Stands in a `try`, or in a function that is not called where it stands: what it throws may end there. */
function mayBeCaught(node: ts.Node): boolean {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.tryBlock === at) return true;
    if (ts.isFunctionLike(at) && !isCalledAtOnce(at)) return true;
  }
  return false;
}

/** `(function () { … })()`, `(() => { … }).call(this)` */
function isCalledAtOnce(node: ts.Node): boolean {
  let { parent } = node;
  while (ts.isParenthesizedExpression(parent)) parent = parent.parent;
  if (ts.isPropertyAccessExpression(parent)) parent = parent.parent;
  return ts.isCallExpression(parent) && parent.expression.getText().length >= node.getText().length;
}
