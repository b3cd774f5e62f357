// Clock readings that are only compared with each other, as in
//
//     var now = Date.now(), remaining = 16 - (now - last);
//     last = now;
//     if (remaining > 0) …
//
// A module may be baked although it read the clock so: in a later run it behaves as if its process had been stopped for a
// while after the load, which can happen to a plain run, too. That is true where a reading is only kept in local variables
// and subtracted from another one, and where what comes of the subtraction is only compared.
import { ts } from 'ts-morph';
import { addTo } from './lists.js';
import type { Scope } from './scopes.js';
import type { SourceText } from './source-text.js';

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

/** `var stamp = now()` */
interface Reading {
  readonly call: ts.CallExpression;
  readonly variable: Variable;
}

/** Lines (1-based) with one call, without arguments, whose answer, if it is a time, is only compared with another. */
export function comparedReadings(source: SourceText): number[] {
  const uses = new Uses(source);
  const { calls } = source.names;
  const compared = calls.flatMap((call) => uses.readingOf(call) ?? []).filter((reading) => uses.areCompared(reading));
  if (compared.length === 0) return [];
  // An effect is known by its line: whatever else is called there could read a clock too.
  const callsOn = new Map<number, number>();
  for (const line of calls.map((call) => source.lineOf(call))) callsOn.set(line, (callsOn.get(line) ?? 0) + 1);
  return compared.map(({ call }) => source.lineOf(call)).filter((line) => callsOn.get(line) === 1);
}

class Uses {
  readonly #source: SourceText;
  /** By name, of those that were asked for. */
  readonly #references = new Map<string, ReadonlyMap<Scope, readonly ts.Identifier[]>>();
  /** Answers, by scope and name: a variable may be declared again and again. */
  readonly #compared = new Map<Scope, Map<string, boolean>>();

  constructor(source: SourceText) {
    this.#source = source;
  }

  /** The reading that a call may be: kept in a variable of a function. */
  readingOf(call: ts.Node): Reading | undefined {
    const { parent } = call;
    if (!ts.isCallExpression(call) || call.arguments.length > 0) return undefined;
    if (!ts.isVariableDeclaration(parent) || parent.initializer !== call) return undefined;
    const variable = this.#variable(parent.name);
    return variable === undefined || variable.scope === this.#source.scopes.root ? undefined : { call, variable };
  }

  areCompared({ variable }: Reading): boolean {
    const { scope, name } = variable;
    const known = this.#compared.get(scope) ?? new Map<string, boolean>();
    this.#compared.set(scope, known);
    const answer = known.get(name) ?? this.#isCompared(variable);
    known.set(name, answer);
    return answer;
  }

  /** Whether nothing but subtraction and comparison ever sees the time, or a span that it was used for. */
  #isCompared(variable: Variable): boolean {
    const times = this.#closure([variable], (use) => this.#keepsTime(use));
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
      if (variable.scope === this.#source.scopes.root) return undefined;
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
    const known = this.#references.get(name) ?? this.#byScope(name);
    this.#references.set(name, known);
    return known.get(scope) ?? [];
  }

  #byScope(name: string): ReadonlyMap<Scope, readonly ts.Identifier[]> {
    const found = new Map<Scope, ts.Identifier[]>();
    for (const node of this.#source.names.references(name)) {
      const scope = this.#variable(node)?.scope;
      if (scope !== undefined) addTo(found, scope, node);
    }
    return found;
  }

  #is(node: ts.Expression, { scope, name }: Variable): boolean {
    return ts.isIdentifier(node) && node.text === name && this.#variable(node)?.scope === scope;
  }

  /** `last = now`, `var first = now`: the variable; `compared` where this use is the target of such an assignment. */
  #keepsTime(use: ts.Expression): 'compared' | Variable | undefined {
    const { parent } = use;
    if (ts.isVariableDeclaration(parent) && parent.initializer === use) return this.#variable(parent.name);
    if (!isAssignmentStatement(parent)) return undefined;
    return parent.left === use ? 'compared' : this.#variable(parent.left);
  }

  /** What becomes of a span: `16 - span`, kept in a variable, compared. */
  #endOf(span: ts.Expression): 'compared' | Variable | undefined {
    let node: ts.Expression = span;
    while (ts.isParenthesizedExpression(node.parent) || isDifference(node.parent)) node = node.parent as ts.Expression;
    const { parent } = node;
    if (ts.isBinaryExpression(parent) && COMPARISONS.includes(parent.operatorToken.kind)) return 'compared';
    return this.#keepsTime(node);
  }

  /** What a name stands for where it stands. */
  #variable(name: ts.Node): Variable | undefined {
    if (!ts.isIdentifier(name)) return undefined;
    const { scopes } = this.#source;
    const scope = scopes.find(name.text, scopes.at(name));
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
