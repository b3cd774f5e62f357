// Functions of a module's own that a deferred statement may call: the helpers that compilers put at the top of a file
// (`__importDefault`, `_interopRequireDefault`, `__toESM`) and others like them. Nothing but calls uses their names, so
// nobody can set members on them; and they use nothing but what they are given, globals, and each other. What they do to
// their arguments is the analysis' business. Some replace themselves when they are first called, or keep answers in a weak
// map (answer-memo.ts).
import { ts } from 'ts-morph';
import { keepsAnswersAlone, memoCells } from './answer-memo.js';
import { namesOf } from './names.js';

const { SyntaxKind } = ts;
type Helper = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;

/** Names that nothing declares, and that stand for what the module's code changes; and what sees bindings unnamed. */
const OF_THE_MODULE = new Set(['module', 'exports', 'require', 'arguments', 'eval']);

export interface FileNames {
  isDeclaredOnce(name: string): boolean;
  isAssigned(name: string): boolean;
  /** Whether nothing in the file declares or assigns it. */
  isGlobal(name: string): boolean;
}

/** Names of helpers, by text. */
export function pureHelpers(file: ts.SourceFile, names: FileNames): ReadonlySet<string> {
  const helpers = new Map<string, ts.Node>();
  const constants = new Set<string>();
  for (const statement of file.statements) {
    for (const [name, value] of declaredBy(statement)) {
      if (!names.isDeclaredOnce(name)) continue;
      if (names.isAssigned(name) && !replacesItself(file, name, value)) continue;
      if (isGlobalMember(value, names)) constants.add(name);
      else {
        const helper = functionOf(value, name);
        if (helper !== undefined) helpers.set(name, helper);
      }
    }
  }
  for (const name of usedOtherwise(file, helpers)) helpers.delete(name);
  const cells = memoCells(file, [...helpers.values()]);
  const isRemembering = cells.size > 0 || [...helpers.keys()].some((name) => names.isAssigned(name));
  for (const [name, helper] of helpers) if (isRemembering && !keepsAnswersAlone(helper)) helpers.delete(name);
  for (let before = -1; before !== helpers.size; ) {
    before = helpers.size;
    const isKnown = (name: string) => helpers.has(name) || constants.has(name) || names.isGlobal(name);
    for (const [name, helper] of helpers) {
      const own = [...cells].flatMap(([cell, owner]) => (owner === helper ? [cell] : []));
      if (!isPure(helper, name, isKnown, new Set(own))) helpers.delete(name);
    }
  }
  return new Set(helpers.keys());
}

function declaredBy(statement: ts.Statement): (readonly [string, ts.Node])[] {
  if (ts.isFunctionDeclaration(statement)) {
    return statement.name === undefined ? [] : [[statement.name.text, statement]];
  }
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
    ts.isIdentifier(name) && initializer !== undefined ? [[name.text, initializer] as const] : [],
  );
}

/** `Object.create`, `Object.prototype.hasOwnProperty` */
function isGlobalMember(node: ts.Node, names: FileNames): boolean {
  if (!ts.isPropertyAccessExpression(node)) return false;
  const { expression } = node;
  return ts.isIdentifier(expression) ? names.isGlobal(expression.text) : isGlobalMember(expression, names);
}

/** The function, or the one that `(this && this.NAME) || …` and a function that is called at once come to. */
function functionOf(value: ts.Node, name: string): ts.Node | undefined {
  if (ts.isParenthesizedExpression(value)) return functionOf(value.expression, name);
  if (isHelper(value)) return value;
  if (ts.isBinaryExpression(value) && value.operatorToken.kind === SyntaxKind.BarBarToken)
    return isOwnMember(value.left, name) ? functionOf(value.right, name) : undefined;
  if (ts.isCallExpression(value) && value.arguments.length === 0) {
    const made = functionOf(value.expression, name);
    return made !== undefined && returnsFunction(made) ? made : undefined;
  }
  if (ts.isConditionalExpression(value)) {
    const branches = [functionOf(value.whenTrue, name), functionOf(value.whenFalse, name)];
    return isGlobalMember(value.condition, ALL_GLOBAL) && !branches.includes(undefined) ? value : undefined;
  }
  return undefined;
}

/** Whether a name is declared is asked again when the whole value is looked at. */
const ALL_GLOBAL: FileNames = { isDeclaredOnce: () => true, isAssigned: () => false, isGlobal: () => true };

function isHelper(node: ts.Node): node is Helper {
  const isFunction = ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isArrowFunction(node);
  if (!isFunction || node.modifiers !== undefined) return false;
  return ts.isArrowFunction(node) || node.asteriskToken === undefined;
}

/** Declares functions and returns one. */
function returnsFunction(node: ts.Node): boolean {
  if (!isHelper(node) || node.body === undefined || !ts.isBlock(node.body) || node.parameters.length > 0) return false;
  const last = node.body.statements.at(-1);
  const declared = node.body.statements.slice(0, -1).flatMap((statement) => declaredBy(statement));
  const areFunctions = declared.length === node.body.statements.length - 1 && declared.every(([, it]) => isHelper(it));
  const isReturned = last !== undefined && ts.isReturnStatement(last) && last.expression !== undefined;
  return areFunctions && isReturned && isHelper(last.expression);
}

/** `this && this.NAME` */
function isOwnMember(node: ts.Node, name: string): boolean {
  if (ts.isParenthesizedExpression(node)) return isOwnMember(node.expression, name);
  return node.getText().replace(/\s+/g, '') === `this&&this.${name}`;
}

/** Helpers that something does not call but hands on, sets members of, or the like. */
function usedOtherwise(file: ts.SourceFile, helpers: ReadonlyMap<string, ts.Node>): Set<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && helpers.has(node.text) && !isCallOrDeclaration(node) && !isReplacement(node.parent))
      found.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isCallOrDeclaration(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isCallExpression(parent)) return parent.expression === node;
  if (ts.isFunctionDeclaration(parent) || ts.isVariableDeclaration(parent)) return parent.name === node;
  return ts.isPropertyAccessExpression(parent) && parent.name === node;
}

/** `NAME = function … `, as a value or alone. */
function isReplacement(node: ts.Node): node is ts.BinaryExpression & { readonly left: ts.Identifier } {
  return isAssignmentToName(node) && node.operatorToken.kind === SyntaxKind.EqualsToken && isHelper(node.right);
}

/** `return (NAME = function () { … })(…)`, or `NAME = function () { return x; }; return x;`: the first answer is as the others. */
function answersAlike(replacement: ts.BinaryExpression): boolean {
  let { parent } = replacement;
  while (ts.isParenthesizedExpression(parent)) parent = parent.parent;
  if (ts.isCallExpression(parent)) return ts.isReturnStatement(parent.parent);
  const block = ts.isExpressionStatement(parent) ? parent.parent : undefined;
  if (block === undefined || !ts.isBlock(block) || !isHelper(replacement.right)) return false;
  const [only] = ts.isArrowFunction(replacement.right) ? [] : (replacement.right.body?.statements ?? []);
  const last = block.statements.at(-1);
  return returnedName(only) !== undefined && returnedName(only) === returnedName(last);
}

function returnedName(statement: ts.Statement | undefined): string | undefined {
  if (statement === undefined || !ts.isReturnStatement(statement)) return undefined;
  return statement.expression !== undefined && ts.isIdentifier(statement.expression)
    ? statement.expression.text
    : undefined;
}

/** `function NAME() { … NAME = function () { … } … }`, and nothing else assigns it. */
function replacesItself(file: ts.SourceFile, name: string, helper: ts.Node): boolean {
  const visit = (node: ts.Node, isInside: boolean): boolean => {
    const inside = isInside || node === helper;
    const isOwn = inside && isReplacement(node) && node.left.text === name && answersAlike(node);
    if (changedBy(node).includes(name) && !isOwn) return false;
    return ts.forEachChild(node, (child) => (visit(child, inside) ? undefined : true)) === undefined;
  };
  return visit(file, false);
}

/** Uses nothing but its own names and known ones, and leaves nothing behind that its next call could see. */
function isPure(
  helper: ts.Node,
  name: string,
  isKnown: (name: string) => boolean,
  cells: ReadonlySet<string>,
): boolean {
  const own = new Set([...ownNames(helper), ...cells]);
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && isReference(node) && !own.has(node.text) && !isKnown(node.text)) return false;
    if (isAssignmentToName(node) && !own.has(node.left.text) && !(isReplacement(node) && node.left.text === name))
      return false;
    if (node.kind === SyntaxKind.ThisKeyword && !isOwnTest(node)) return false;
    if (ts.isIdentifier(node) && isReference(node) && OF_THE_MODULE.has(node.text)) return false;
    if (ts.isYieldExpression(node) || ts.isAwaitExpression(node) || ts.isClassLike(node)) return false;
    return ts.forEachChild(node, (child) => (visit(child) ? undefined : true)) === undefined;
  };
  return visit(helper) && keepsNothing(helper, cells);
}

/** What a function in the helper assigns outside of itself is the same at each call; but for its memos (answer-memo.ts). */
function keepsNothing(helper: ts.Node, cells: ReadonlySet<string>): boolean {
  const visit = (node: ts.Node, own: ReadonlySet<string>): boolean => {
    const names = isHelper(node) ? ownNames(node, false) : own;
    if (!changedBy(node).every((name) => names.has(name) || cells.has(name))) {
      const isPlain = isAssignmentToName(node) && node.operatorToken.kind === SyntaxKind.EqualsToken;
      if (!isPlain || !isConstant(node.right)) return false;
    }
    return ts.forEachChild(node, (child) => (visit(child, names) ? undefined : true)) === undefined;
  };
  return visit(helper, new Set());
}

/** Names that this very node assigns, or whose members it assigns. */
function changedBy(node: ts.Node): string[] {
  if (ts.isPostfixUnaryExpression(node)) return rootsOf(node.operand);
  if (ts.isPrefixUnaryExpression(node)) {
    const isUpdate = node.operator === SyntaxKind.PlusPlusToken || node.operator === SyntaxKind.MinusMinusToken;
    return isUpdate ? rootsOf(node.operand) : [];
  }
  if (ts.isDeleteExpression(node)) return rootsOf(node.expression);
  if (ts.isForInStatement(node) || ts.isForOfStatement(node))
    return ts.isVariableDeclarationList(node.initializer) ? [] : rootsOf(node.initializer);
  return isAssignment(node) ? rootsOf(node.left) : [];
}

/** Every name in an assignment's target. */
function rootsOf(target: ts.Node): string[] {
  if (ts.isIdentifier(target)) return [target.text];
  if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target)) return rootsOf(target.expression);
  const found: string[] = [];
  ts.forEachChild(target, (child) => {
    found.push(...rootsOf(child));
  });
  return found;
}

/** `Object.getOwnPropertyNames || function (o) { … }`: the same at each call. */
function isConstant(node: ts.Expression): boolean {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.BarBarToken)
    return isConstant(node.left) && isConstant(node.right);
  return isHelper(node) || isGlobalMember(node, ALL_GLOBAL);
}

function isAssignment(node: ts.Node): node is ts.BinaryExpression {
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return kind >= SyntaxKind.FirstAssignment && kind <= SyntaxKind.LastAssignment;
}

function isAssignmentToName(node: ts.Node): node is ts.BinaryExpression & { readonly left: ts.Identifier } {
  return isAssignment(node) && ts.isIdentifier(node.left);
}

function isOwnTest(node: ts.Node): boolean {
  const { parent } = node;
  return ts.isBinaryExpression(parent) || (ts.isPropertyAccessExpression(parent) && parent.name.text.startsWith('__'));
}

/** Parameters and variables of a function; and of the functions in it, unless `deep` is false. */
function ownNames(helper: ts.Node, deep = true): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) || ts.isParameter(node)) for (const name of namesOf(node.name)) found.add(name);
    else if ((ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node)) && node.name !== undefined)
      found.add(node.name.text);
    if (deep || node === helper || !isHelper(node)) ts.forEachChild(node, visit);
  };
  visit(helper);
  return found;
}

/** A name that is looked up, not a member's or a label. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  return !(ts.isBindingElement(parent) && parent.propertyName === node);
}
