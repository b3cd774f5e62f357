// Most modules begin by requiring what they need, one statement after the other. Between two of these statements the module
// runs no code; so what the launcher has checked before it answered the first call of `require` is still true at the second.
// How many such calls a text begins with is counted here, and stored with it in the pack.
import { ts } from 'ts-morph';
import type { SourceText } from './source-text.js';
import { isKnownRequest } from './syntax.js';

/** As many as one byte holds. */
export const MOST_RUN = 255;

/** Names whose meaning a source must not change, or nothing of this holds. */
const RELIED_ON: ReadonlySet<string> = new Set(['require', 'exports', 'module', 'Object', 'undefined']);

const INERT: ReadonlySet<ts.SyntaxKind> = new Set([
  ...[ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword, ts.SyntaxKind.ThisKeyword],
  ...[ts.SyntaxKind.ArrowFunction, ts.SyntaxKind.FunctionExpression],
  ...[ts.SyntaxKind.StringLiteral, ts.SyntaxKind.NumericLiteral, ts.SyntaxKind.NoSubstitutionTemplateLiteral],
]);

function isNamed(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name;
}

function isRequire(node: ts.Node | undefined): boolean {
  return node !== undefined && ts.isCallExpression(node) && isKnownRequest(node);
}

/** The leading statements of a source that make calls of `require` and run no other code of the program's. */
class LeadingRequires {
  readonly #statements: readonly ts.Statement[];
  readonly #functions = new Set<string>();

  constructor(statements: readonly ts.Statement[]) {
    this.#statements = statements;
    for (const statement of statements) {
      if (ts.isFunctionDeclaration(statement) && statement.name !== undefined) this.#functions.add(statement.name.text);
    }
  }

  count(): number {
    if ([...this.#functions].some((name) => RELIED_ON.has(name))) return 0;
    let count = 0;
    for (const statement of this.#statements) {
      const requires = this.#requiresOf(statement);
      if (requires === null) break;
      count += requires;
    }
    return count;
  }

  /** How many calls of `require` a statement makes that does nothing else; null where it may do anything. */
  #requiresOf(statement: ts.Statement): number | null {
    if (ts.isFunctionDeclaration(statement)) return 0;
    if (ts.isExpressionStatement(statement)) {
      const { expression } = statement;
      if (isRequire(expression)) return 1;
      return ts.isStringLiteral(expression) || this.#isExport(expression) || this.#isDefinition(expression) ? 0 : null;
    }
    if (!ts.isVariableStatement(statement)) return null;
    const { declarations } = statement.declarationList;
    if (!declarations.every(({ name }) => ts.isIdentifier(name) && !RELIED_ON.has(name.text))) return null;
    if (!declarations.every(({ initializer }) => isRequire(initializer) || this.#isInert(initializer))) return null;
    return declarations.filter(({ initializer }) => isRequire(initializer)).length;
  }

  /** Runs no code when it is evaluated: functions, literals, `void 0`, `(this && this.__x) || …`. A global may be a getter. */
  #isInert(node: ts.Node | undefined): boolean {
    if (node === undefined) return true;
    if (ts.isIdentifier(node)) return this.#functions.has(node.text) || node.text === 'undefined';
    if (ts.isParenthesizedExpression(node) || ts.isVoidExpression(node)) return this.#isInert(node.expression);
    if (ts.isPropertyAccessExpression(node)) return node.expression.kind === ts.SyntaxKind.ThisKeyword;
    if (ts.isBinaryExpression(node)) return isLogical(node) && this.#isInert(node.left) && this.#isInert(node.right);
    if (ts.isObjectLiteralExpression(node)) return node.properties.every((property) => this.#isInertProperty(property));
    return INERT.has(node.kind);
  }

  #isInertProperty(property: ts.ObjectLiteralElementLike): boolean {
    if (property.name === undefined || ts.isComputedPropertyName(property.name)) return false;
    return (
      ts.isMethodDeclaration(property) || (ts.isPropertyAssignment(property) && this.#isInert(property.initializer))
    );
  }

  /** `exports.a = exports.b = void 0` */
  #isExport(node: ts.Expression): boolean {
    if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return false;
    const { left, right } = node;
    const isOwn = ts.isPropertyAccessExpression(left) && isNamed(left.expression, 'exports');
    return isOwn && (this.#isExport(right) || this.#isInert(right));
  }

  /** `Object.defineProperty(exports, '__esModule', { value: true })` */
  #isDefinition(node: ts.Expression): boolean {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
    const { expression: object, name } = node.expression;
    const [target, key, descriptor] = node.arguments;
    if (!isNamed(object, 'Object') || name.text !== 'defineProperty' || target === undefined || key === undefined)
      return false;
    const isOwn = isNamed(target, 'exports') && ts.isStringLiteralLike(key);
    return isOwn && descriptor !== undefined && ts.isObjectLiteralExpression(descriptor) && this.#isInert(descriptor);
  }
}

function isLogical({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.AmpersandAmpersandToken;
}

/** How many calls of `require` a CommonJS source makes before it does anything else. */
export function requireRun({ file }: SourceText): number {
  return Math.min(new LeadingRequires(file.statements).count(), MOST_RUN);
}
