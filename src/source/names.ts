import { ts } from 'ts-morph';

/** Names that a CommonJS module gets without declaring them. */
export const GIVEN: readonly string[] = ['require', 'module', 'exports', '__filename', '__dirname'];

/** Names bound by a declaration, patterns taken apart. */
export function namesOf(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesOf(element.name)));
}
