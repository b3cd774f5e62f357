// Requests whose failure the module may catch: `x` in `try { require('x'); } catch {}`. The `try` runs while the snapshot is
// built, and not again at a launch; so nothing there would catch what a deferred statement of `x` throws.
import { ts } from 'ts-morph';
import type { SourceText } from './source-text.js';
import { isCalled } from './syntax.js';

/** `x`, where a `require('x')` may fail without failing its module; each once. */
export function caughtRequests({ names }: SourceText): string[] {
  const found = new Set<string>();
  for (const node of names.mentions('require')) {
    const request = isCalled(node) ? requestOf(node.parent as ts.CallExpression) : undefined;
    if (request !== undefined && !found.has(request) && mayBeCaught(node.parent)) found.add(request);
  }
  return [...found].sort();
}

/** Of `require('x')`, and of `require('x', y)`, which loads `x` too: isKnownRequest (syntax.ts) is stricter. */
function requestOf({ arguments: [request] }: ts.CallExpression): string | undefined {
  return request !== undefined && ts.isStringLiteralLike(request) ? request.text : undefined;
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
