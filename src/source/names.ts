import { ts } from 'ts-morph';

/** Names that a CommonJS module gets without declaring them. */
export const GIVEN: readonly string[] = ['require', 'module', 'exports', '__filename', '__dirname'];

/** Names bound by a declaration, patterns taken apart. */
export function namesOf(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesOf(element.name)));
}

/** What this very node declares: a variable, a parameter, a function or a class with a name. Methods bind no name. */
export function declaredNames(node: ts.Node): readonly string[] {
  if (ts.isVariableDeclaration(node) || ts.isParameter(node)) return namesOf(node.name);
  const isNamed = ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isClassLike(node);
  return isNamed && node.name !== undefined ? [node.name.text] : NONE;
}

const NONE: readonly string[] = [];
