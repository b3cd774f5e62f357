// May an expression be evaluated later than where it stands, with the same result and the same effect? It may not read what
// its module could change until then, nor change what its module reads. So it may consist of literals, globals, names that
// are bound once to what `require` answers, names of statements that are deferred with it, and of calls and members of
// those: `a.b(process.env.C || 1)`. It may use no functions of its module but pure helpers, because a function is an object,
// and the module may set members of it. What the called functions do to other modules, the analysis finds out.
import { ts } from 'ts-morph';
import { GIVEN } from './names.js';
import { isKnownRequest } from './syntax.js';
import { isUpdate } from './writes.js';

/** Bindings of the module's own that other code changes through an object it shares. */
const SHARED = new Set(['module', 'exports', 'arguments', 'require']);
const PARAMETERS = new Set(['__filename', '__dirname']);

const OPERATORS: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.AsteriskToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
  ts.SyntaxKind.SlashToken,
  ts.SyntaxKind.PercentToken,
  ts.SyntaxKind.AsteriskAsteriskToken,
  ts.SyntaxKind.LessThanLessThanToken,
  ts.SyntaxKind.GreaterThanGreaterThanToken,
  ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken,
  ts.SyntaxKind.AmpersandToken,
  ts.SyntaxKind.BarToken,
  ts.SyntaxKind.CaretToken,
  ts.SyntaxKind.CommaToken,
  ts.SyntaxKind.InKeyword,
  ts.SyntaxKind.InstanceOfKeyword,
];

/** Their right side is their result, or left out. */
const DROPPING: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.CommaToken,
];

export interface RootNames {
  /** Whether nothing in the file declares or assigns the name. */
  isGlobal(name: string): boolean;
  /** Functions of the module's own (pure-helpers.ts). */
  readonly helpers: ReadonlySet<string>;
  /** Bound once by `require('…')` of what is not built in, or by members of that. */
  readonly required: ReadonlySet<string>;
  /** The same, of built-ins. */
  readonly builtins: ReadonlySet<string>;
  /** Bound once to a value that has no state: a boolean, a number, a text. */
  readonly constants: ReadonlySet<string>;
  /** Declared by an earlier candidate, by its index. */
  readonly candidates: ReadonlyMap<string, number>;
}

export class SelfContained {
  readonly #names: RootNames;
  #needs = new Set<number>();
  #own: ReadonlySet<string> = new Set();
  /** Of the expressions that were asked about last. */
  usesRequired = false;
  /** Whether they call anything but `require`, helpers, and methods of environment variables. */
  calls = false;
  /** Of the arrow functions around. */
  readonly #parameters = new Set<string>();

  constructor(names: RootNames) {
    this.#names = names;
  }

  /**
   * The candidates that the expressions must be deferred with; null where they are not self-contained. `own`: what their
   * statement declares, which one of them may have from one before it.
   */
  needsOf(expressions: readonly ts.Expression[], own: readonly string[] = []): ReadonlySet<number> | null {
    this.#needs = new Set();
    this.#own = new Set(own);
    this.usesRequired = false;
    this.calls = false;
    return expressions.every((expression) => this.#holds(expression)) ? this.#needs : null;
  }

  #holds(node: ts.Node): boolean {
    if (ts.isIdentifier(node)) return this.#parameters.has(node.text) || this.#isStable(node.text);
    if (ts.isArrowFunction(node)) return isDropped(node) || this.#holdsArrow(node);
    if (ts.isFunctionExpression(node)) return isDropped(node);
    if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node) || ts.isBigIntLiteral(node)) return true;
    if (ts.isRegularExpressionLiteral(node)) return true;
    if (isKeywordLiteral(node)) return true;
    if (ts.isPropertyAccessExpression(node)) return ts.isIdentifier(node.name) && this.#holds(node.expression);
    if (ts.isBinaryExpression(node)) {
      return OPERATORS.includes(node.operatorToken.kind) && this.#holds(node.left) && this.#holds(node.right);
    }
    if (ts.isPrefixUnaryExpression(node)) return this.#holds(node.operand) && !isUpdate(node);
    if (ts.isCallExpression(node) && isKnownRequest(node)) return true;
    if (ts.isNewExpression(node) || (ts.isCallExpression(node) && !this.#isHarmlessCall(node))) this.calls = true;
    if (isTransparent(node)) return everyChild(node, (child) => this.#holds(child));
    return isPunctuation(node);
  }

  #isHarmlessCall({ expression }: ts.CallExpression): boolean {
    if (ts.isIdentifier(expression)) return this.#names.helpers.has(expression.text);
    return ts.isPropertyAccessExpression(expression) && this.#isVariable(expression.expression);
  }

  /** `process.env.TERM`, whose methods are those of a text. */
  #isVariable(node: ts.Expression): boolean {
    if (!ts.isPropertyAccessExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
    const { expression: owner, name } = node.expression;
    if (name.text !== 'env' || !ts.isIdentifier(owner)) return false;
    return this.#names.builtins.has(owner.text) || (owner.text === 'process' && this.#names.isGlobal('process'));
  }

  /** `(key) => Math[key]`, inside of the lines of its statement: these stay as they are, whoever shows them. */
  #holdsArrow(node: ts.ArrowFunction): boolean {
    const { body, parameters, modifiers } = node;
    if (ts.isBlock(body) || modifiers !== undefined || !isInside(node)) return false;
    const names = parameters.map(({ name, initializer, dotDotDotToken }) =>
      ts.isIdentifier(name) && !GIVEN.includes(name.text) && initializer === undefined && dotDotDotToken === undefined
        ? name.text
        : undefined,
    );
    const added = names.filter((name) => name !== undefined && !this.#parameters.has(name)) as string[];
    for (const name of added) this.#parameters.add(name);
    const holds = !names.includes(undefined) && this.#holds(body);
    for (const name of added) this.#parameters.delete(name);
    return holds;
  }

  #isStable(name: string): boolean {
    if (SHARED.has(name)) return false;
    const { required, builtins, constants, helpers } = this.#names;
    if (required.has(name)) this.usesRequired = true;
    if ([this.#own, PARAMETERS, required, builtins, constants, helpers].some((names) => names.has(name))) return true;
    const candidate = this.#names.candidates.get(name);
    if (candidate !== undefined) this.#needs.add(candidate);
    return candidate !== undefined || this.#names.isGlobal(name);
  }
}

/** On none of the lines of its statement that something is put in. */
function isInside(node: ts.Node): boolean {
  const file = node.getSourceFile();
  let statement: ts.Node = node;
  while (!ts.isStatement(statement) && statement.parent !== undefined) statement = statement.parent;
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line;
  const isBelow = lineOf(node.getStart(file)) > lineOf(statement.getStart(file));
  return isBelow && lineOf(node.end) < lineOf(statement.end);
}

/** In a statement of its own, where nothing can come of it: bundlers leave such parts of what they have taken out. */
export function isDropped(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return true;
  if (ts.isParenthesizedExpression(parent)) return isDropped(parent);
  if (ts.isConditionalExpression(parent)) return node !== parent.condition && isDropped(parent);
  return ts.isBinaryExpression(parent) && DROPPING.includes(parent.operatorToken.kind) && isDropped(parent);
}

function everyChild(node: ts.Node, holds: (child: ts.Node) => boolean): boolean {
  return ts.forEachChild(node, (child) => (holds(child) ? undefined : true)) === undefined;
}

function isKeywordLiteral({ kind }: ts.Node): boolean {
  return (
    kind === ts.SyntaxKind.TrueKeyword || kind === ts.SyntaxKind.FalseKeyword || kind === ts.SyntaxKind.NullKeyword
  );
}

/** Whether nothing but a value without state can come of it, whatever its parts are. */
export function isPrimitive(node: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(node)) return isPrimitive(node.expression);
  if (ts.isConditionalExpression(node)) return isPrimitive(node.whenTrue) && isPrimitive(node.whenFalse);
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    if (kind === ts.SyntaxKind.CommaToken) return isPrimitive(node.right);
    return !DROPPING.includes(kind) || (isPrimitive(node.left) && isPrimitive(node.right));
  }
  if (ts.isPrefixUnaryExpression(node) || ts.isTypeOfExpression(node) || ts.isVoidExpression(node)) return true;
  if (ts.isTemplateExpression(node) || ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return true;
  return ts.isBigIntLiteral(node) || isKeywordLiteral(node);
}

/** Nodes that are what their parts are. No function, class, assignment, `this`, `delete`, `await` or `yield`. */
function isTransparent(node: ts.Node): boolean {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isCallExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isConditionalExpression(node) ||
    ts.isTemplateExpression(node) ||
    ts.isTemplateSpan(node) ||
    ts.isTypeOfExpression(node) ||
    ts.isVoidExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isSpreadElement(node) ||
    isPlainObject(node)
  );
}

function isPlainObject(node: ts.Node): boolean {
  return ts.isObjectLiteralExpression(node) && node.properties.length === 0;
}

/** Tokens between the parts. */
function isPunctuation(node: ts.Node): boolean {
  return (
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddleOrTemplateTail(node) ||
    ts.isOmittedExpression(node) ||
    node.kind === ts.SyntaxKind.QuestionDotToken ||
    node.kind === ts.SyntaxKind.QuestionToken ||
    node.kind === ts.SyntaxKind.ColonToken
  );
}
