// Clock readings that decide nothing but how much time has passed: `remaining = 16 - (now() - last)`, `remaining > 0`.
// A module that read the clock so while it was baked behaves, in a later run, like one whose process was stopped for a
// while after its load: what a plain run may do too. That holds where a reading is never anything but subtracted, kept in
// local variables for that, and compared.
import { ts } from 'ts-morph';
import { isReference, type Scope, type ScopeTree } from './scopes.js';

const { SyntaxKind } = ts;
const COMPARISONS: readonly ts.SyntaxKind[] = [
  SyntaxKind.LessThanToken,
  SyntaxKind.LessThanEqualsToken,
  SyntaxKind.GreaterThanToken,
  SyntaxKind.GreaterThanEqualsToken,
];

interface Variable {
  readonly scope: Scope;
  readonly name: string;
}

/** Lines (1-based) of calls without arguments whose answer, if it is a time, is only compared. */
export function comparedReadings(file: ts.SourceFile, tree: ScopeTree): number[] {
  const uses = new Uses(file, tree);
  return uses.readings
    .filter(({ variable }) => uses.areCompared(variable))
    .map(({ call }) => file.getLineAndCharacterOfPosition(call.getStart(file)).line + 1);
}

class Uses {
  /** `var stamp = now()` */
  readonly readings: { readonly call: ts.CallExpression; readonly variable: Variable }[] = [];
  readonly #references = new Map<Scope, Map<string, ts.Identifier[]>>();
  readonly #places = new Map<ts.Node, Scope>();
  readonly #tree: ScopeTree;

  constructor(file: ts.SourceFile, tree: ScopeTree) {
    this.#tree = tree;
    ts.forEachChild(file, (child) => this.#visit(child, tree.root));
  }

  #visit(node: ts.Node, around: Scope): void {
    const scope = this.#tree.of(node, around);
    if (ts.isIdentifier(node) && isReference(node)) this.#note(node, scope);
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) this.#declaration(node, node.name.text, scope);
    ts.forEachChild(node, (child) => this.#visit(child, scope));
  }

  #note(node: ts.Identifier, scope: Scope): void {
    const declared = this.#tree.find(node.text, scope);
    if (declared === undefined) return;
    this.#places.set(node, scope);
    const names = this.#references.get(declared) ?? new Map<string, ts.Identifier[]>();
    this.#references.set(declared, names);
    names.set(node.text, [...(names.get(node.text) ?? []), node]);
  }

  #declaration(node: ts.VariableDeclaration, name: string, scope: Scope): void {
    this.#places.set(node, scope);
    const call = node.initializer;
    const declared = this.#tree.find(name, scope);
    if (call === undefined || declared === undefined || declared === this.#tree.root) return;
    if (ts.isCallExpression(call) && call.arguments.length === 0)
      this.readings.push({ call, variable: { scope: declared, name } });
  }

  /** Whether nothing but subtraction and comparison ever sees the variable, or one that it is kept in. */
  areCompared(first: Variable): boolean {
    const open = [first];
    const seen = new Map<Scope, Set<string>>();
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { scope, name } = next;
      const names = seen.get(scope) ?? new Set();
      if (names.has(name)) continue;
      seen.set(scope, names.add(name));
      if (scope === this.#tree.root) return false;
      for (const use of this.#references.get(scope)?.get(name) ?? []) {
        const kept = this.#useOf(use);
        if (kept === 'other') return false;
        if (kept !== 'compared') open.push(kept);
      }
    }
    return true;
  }

  /** `compared`, the variable that the difference is kept in, or anything else. */
  #useOf(use: ts.Identifier): 'compared' | 'other' | Variable {
    let node: ts.Node = use;
    while (ts.isParenthesizedExpression(node.parent) || isDifference(node.parent)) node = node.parent;
    const { parent } = node;
    if (ts.isVariableDeclaration(parent) && parent.initializer === node) return this.#variable(parent.name, parent);
    if (!ts.isBinaryExpression(parent)) return 'other';
    const operator = parent.operatorToken.kind;
    if (COMPARISONS.includes(operator)) return 'compared';
    if (operator !== SyntaxKind.EqualsToken || !ts.isExpressionStatement(parent.parent)) return 'other';
    return parent.left === node ? 'compared' : this.#variable(parent.left, parent.left);
  }

  #variable(name: ts.Node, place: ts.Node): 'other' | Variable {
    const at = this.#places.get(place);
    if (!ts.isIdentifier(name) || at === undefined) return 'other';
    const scope = this.#tree.find(name.text, at);
    return scope === undefined ? 'other' : { scope, name: name.text };
  }
}

function isDifference(node: ts.Node): boolean {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.MinusToken;
}
