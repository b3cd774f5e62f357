// Clock readings that decide nothing but how much time has passed between two of them: `remaining = 16 - (now - last)`,
// `remaining > 0`. A module that read the clock so while it was baked behaves, in a later run, like one whose process was
// stopped for a while after its load: what a plain run may do too. That holds where a reading is never anything but kept in
// local variables and subtracted from another one, and the span between them is only compared.
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

/** Lines (1-based) with one call, without arguments, whose answer, if it is a time, is only compared with another. */
export function comparedReadings(file: ts.SourceFile, tree: ScopeTree): number[] {
  const uses = new Uses(file, tree);
  const lineOf = (node: ts.Node) => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
  const lines = uses.readings.filter(({ variable }) => uses.areCompared(variable)).map(({ call }) => lineOf(call));
  if (lines.length === 0) return [];
  // An effect is known by its line: whatever else is called there could read a clock too.
  const calls = uses.calls.map(lineOf);
  return lines.filter((line) => calls.filter((other) => other === line).length === 1);
}

class Uses {
  /** `var stamp = now()` */
  readonly readings: { readonly call: ts.CallExpression; readonly variable: Variable }[] = [];
  readonly calls: ts.Node[] = [];
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
    if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node))
      this.calls.push(node);
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

  /** Whether nothing but subtraction and comparison ever sees the time, or a span that it was used for. */
  areCompared(reading: Variable): boolean {
    const times = this.#closure([reading], (use) => this.#keepsTime(use));
    if (times === undefined) return false;
    const isTime = (node: ts.Expression) => times.some((time) => this.#is(node, time));
    const spans: Variable[] = [];
    for (const use of times.flatMap((time) => this.#usesOf(time))) {
      if (this.#keepsTime(use) !== undefined) continue;
      const span = spanOf(use, isTime);
      const kept = span === undefined ? undefined : this.#endOf(span);
      if (kept === undefined) return false;
      if (kept !== 'compared') spans.push(kept);
    }
    return this.#closure(spans, (use) => this.#endOf(use)) !== undefined;
  }

  /** The variables and those that they are kept in; undefined where one is the module's own, or a use leads elsewhere. */
  #closure(
    first: readonly Variable[],
    follow: (use: ts.Expression) => 'compared' | Variable | undefined,
  ): Variable[] | undefined {
    const all: Variable[] = [...first];
    for (const variable of all) {
      if (variable.scope === this.#tree.root) return undefined;
      for (const use of this.#usesOf(variable)) {
        const kept = follow(use);
        if (kept === undefined && !isOperand(use)) return undefined;
        if (kept === undefined || kept === 'compared') continue;
        if (!all.some(({ scope, name }) => scope === kept.scope && name === kept.name)) all.push(kept);
      }
    }
    return all;
  }

  #usesOf({ scope, name }: Variable): readonly ts.Identifier[] {
    return this.#references.get(scope)?.get(name) ?? [];
  }

  #is(node: ts.Expression, { scope, name }: Variable): boolean {
    const at = this.#places.get(node);
    return ts.isIdentifier(node) && node.text === name && at !== undefined && this.#tree.find(name, at) === scope;
  }

  /** `last = now`, `var first = now`: the variable; `compared` where this use is the target of such an assignment. */
  #keepsTime(use: ts.Expression): 'compared' | Variable | undefined {
    const { parent } = use;
    if (ts.isVariableDeclaration(parent) && parent.initializer === use) return this.#variable(parent.name, parent);
    if (!isAssignmentStatement(parent)) return undefined;
    return parent.left === use ? 'compared' : this.#variable(parent.left, parent.left);
  }

  /** What becomes of a span: `16 - span`, kept in a variable, compared. */
  #endOf(span: ts.Expression): 'compared' | Variable | undefined {
    let node: ts.Expression = span;
    while (ts.isParenthesizedExpression(node.parent) || isDifference(node.parent)) node = node.parent as ts.Expression;
    const { parent } = node;
    if (ts.isBinaryExpression(parent) && COMPARISONS.includes(parent.operatorToken.kind)) return 'compared';
    return this.#keepsTime(node);
  }

  #variable(name: ts.Node, place: ts.Node): Variable | undefined {
    const at = this.#places.get(place);
    if (!ts.isIdentifier(name) || at === undefined) return undefined;
    const scope = this.#tree.find(name.text, at);
    return scope === undefined ? undefined : { scope, name: name.text };
  }
}

/** `now - last`, both of them times. */
function spanOf(use: ts.Expression, isTime: (node: ts.Expression) => boolean): ts.Expression | undefined {
  const { parent } = use;
  return isDifference(parent) && isTime(parent.left) && isTime(parent.right) ? parent : undefined;
}

function isOperand(use: ts.Expression): boolean {
  return isDifference(use.parent);
}

function isAssignmentStatement(node: ts.Node): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === SyntaxKind.EqualsToken &&
    ts.isExpressionStatement(node.parent)
  );
}

function isDifference(node: ts.Node): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.MinusToken;
}
