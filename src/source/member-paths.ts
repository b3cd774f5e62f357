// Members of globals, as the text names them: `URL.prototype.toJSON`.
import { ts } from 'ts-morph';

/** `a.b.c` of such an expression. */
function dottedPath(node: ts.Expression): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.name)) return undefined;
  const left = dottedPath(node.expression);
  return left === undefined ? undefined : `${left}.${node.name.text}`;
}

/** `a.b` and `a.b.c` for `a` in `a.b.c`. */
export function membersOf(roots: readonly ts.Identifier[]): string[] {
  return roots.flatMap((root) => {
    const paths: string[] = [];
    let path = root.text;
    for (
      let at: ts.Node = root;
      ts.isPropertyAccessExpression(at.parent) && at.parent.expression === at;
      at = at.parent
    ) {
      if (!ts.isIdentifier(at.parent.name)) break;
      path = `${path}.${at.parent.name.text}`;
      paths.push(path);
    }
    return paths;
  });
}

/** What a declaration by a pattern reads: `URL.prototype.toJSON`, or `setTimeout` of the global object. */
export function destructuredPaths({ name, initializer }: ts.VariableDeclaration): string[] {
  if (!ts.isObjectBindingPattern(name) || initializer === undefined) return [];
  const path = dottedPath(initializer);
  return path === undefined ? [] : pathsIn(name, path.replace(/^(?:globalThis|global)(?:\.|$)/, ''));
}

function pathsIn(pattern: ts.ObjectBindingPattern, path: string): string[] {
  return pattern.elements.flatMap(({ name, propertyName }) => {
    const key = propertyName ?? name;
    if (!ts.isIdentifier(key) && !ts.isStringLiteral(key)) return [];
    const member = path === '' ? key.text : `${path}.${key.text}`;
    return ts.isObjectBindingPattern(name) ? [member, ...pathsIn(name, member)] : [member];
  });
}
