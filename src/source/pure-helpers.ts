// The functions of its own module that a deferred statement may call: the helpers that compilers put at the top of a file
// (`__importDefault`, `_interopRequireDefault`, `__toESM`), and others like them. A function is one if its name is only
// called, so that nobody sets members on it, and if it uses nothing but its arguments, globals and other helpers. Some
// replace themselves when they are first called, or keep answers in a weak map (answer-memo.ts). What a helper does to its
// arguments, the analysis finds out.
import { ts } from 'ts-morph';
import { keepsAnswersAlone, memoCells } from './answer-memo.js';
import { addTo } from './lists.js';
import type { NameIndex } from './name-index.js';
import { declaredNames } from './names.js';
import type { SourceText } from './source-text.js';
import { isCalled, isReference, isWithin } from './syntax.js';
import { changedNames, isAssignmentToName } from './writes.js';

const { SyntaxKind } = ts;
type Helper = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;

/** Names that nothing declares, and that stand for what the module's code changes; and what sees bindings unnamed. */
const OF_THE_MODULE = new Set(['module', 'exports', 'require', 'arguments', 'eval']);
const NONE: ReadonlySet<string> = new Set();

/** Names of helpers, by text. */
export function pureHelpers(source: SourceText): ReadonlySet<string> {
  const { names } = source;
  const { helpers, constants } = declaredHelpers(source);
  for (const name of helpers.keys()) if (isUsedOtherwise(name, names)) helpers.delete(name);
  const cells = memoCells(source, new Set(helpers.values()));
  const isRemembering = cells.size > 0 || [...helpers.keys()].some((name) => names.isAssigned(name));
  const users = new Map<string, string[]>();
  const impure: string[] = [];
  for (const [name, helper] of helpers) {
    const used = isRemembering && !keepsAnswersAlone(helper) ? null : usedBy(helper, name, cells.get(helper) ?? NONE);
    const known = used?.filter((other) => !constants.has(other) && !names.isGlobal(other)) ?? null;
    if (known === null || !known.every((other) => helpers.has(other))) impure.push(name);
    else for (const other of known) addTo(users, other, name);
  }
  // Who calls what is no helper is none.
  for (const name of impure) if (helpers.delete(name)) for (const user of users.get(name) ?? []) impure.push(user);
  return new Set(helpers.keys());
}

interface Declared {
  readonly helpers: Map<string, ts.Node>;
  /** `var create = Object.create;` */
  readonly constants: ReadonlySet<string>;
}

function declaredHelpers({ file, names }: SourceText): Declared {
  const helpers = new Map<string, ts.Node>();
  const constants = new Set<string>();
  for (const statement of file.statements) {
    for (const [name, value] of declaredBy(statement)) {
      if (!names.isDeclaredOnce(name)) continue;
      if (names.isAssigned(name) && !replacesItself(name, value, names)) continue;
      if (isGlobalMember(value, (root) => names.isGlobal(root))) constants.add(name);
      else {
        const helper = functionOf(value, name);
        if (helper !== undefined) helpers.set(name, helper);
      }
    }
  }
  return { helpers, constants };
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
function isGlobalMember(node: ts.Node, isGlobal: (name: string) => boolean): boolean {
  if (!ts.isPropertyAccessExpression(node)) return false;
  const { expression } = node;
  return ts.isIdentifier(expression) ? isGlobal(expression.text) : isGlobalMember(expression, isGlobal);
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
const ALL_GLOBAL = (): boolean => true;

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

/** Whether something does not call it but hands it on, sets members of it, or the like. */
function isUsedOtherwise(name: string, names: NameIndex): boolean {
  return names.mentions(name).some((node) => !isCallOrDeclaration(node) && !isReplacement(node.parent));
}

function isCallOrDeclaration(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isCallExpression(parent)) return isCalled(node);
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
function replacesItself(name: string, helper: ts.Node, names: NameIndex): boolean {
  return names
    .changes(name)
    .every((node) => isReplacement(node) && node.left.text === name && isWithin(node, helper) && answersAlike(node));
}

/**
 * The names that a helper uses beside its own (`cells` among these); null where it does what no helper may, or leaves
 * something behind that its next call could see.
 */
function usedBy(helper: ts.Node, name: string, cells: ReadonlySet<string>): string[] | null {
  const own = namesIn(helper);
  const used = new Set<string>();
  const isOwn = (text: string) => own.has(text) || cells.has(text);
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && isReference(node)) {
      if (OF_THE_MODULE.has(node.text)) return false;
      if (!isOwn(node.text)) used.add(node.text);
    }
    if (isAssignmentToName(node) && !isOwn(node.left.text) && !(isReplacement(node) && node.left.text === name))
      return false;
    if (node.kind === SyntaxKind.ThisKeyword && !isOwnTest(node)) return false;
    if (ts.isYieldExpression(node) || ts.isAwaitExpression(node) || ts.isClassLike(node)) return false;
    return ts.forEachChild(node, (child) => (visit(child) ? undefined : true)) === undefined;
  };
  return visit(helper) && keepsNothing(helper, cells) ? [...used] : null;
}

/** What a function in the helper assigns outside of itself is the same at each call; but for its memos (answer-memo.ts). */
function keepsNothing(helper: ts.Node, cells: ReadonlySet<string>): boolean {
  const visit = (node: ts.Node, own: ReadonlySet<string>): boolean => {
    const names = isHelper(node) ? namesIn(node, false) : own;
    if (!changedNames(node).every((name) => names.has(name) || cells.has(name))) {
      const isPlain = isAssignmentToName(node) && node.operatorToken.kind === SyntaxKind.EqualsToken;
      if (!isPlain || !isConstant(node.right)) return false;
    }
    return ts.forEachChild(node, (child) => (visit(child, names) ? undefined : true)) === undefined;
  };
  return visit(helper, NONE);
}

/** `Object.getOwnPropertyNames || function (o) { … }`: the same at each call. */
function isConstant(node: ts.Expression): boolean {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.BarBarToken)
    return isConstant(node.left) && isConstant(node.right);
  return isHelper(node) || isGlobalMember(node, ALL_GLOBAL);
}

function isOwnTest(node: ts.Node): boolean {
  const { parent } = node;
  return ts.isBinaryExpression(parent) || (ts.isPropertyAccessExpression(parent) && parent.name.text.startsWith('__'));
}

/** Parameters and variables of a function; and of the functions in it, unless `deep` is false. */
function namesIn(helper: ts.Node, deep = true): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (!ts.isClassLike(node)) for (const name of declaredNames(node)) found.add(name);
    if (deep || node === helper || !isHelper(node)) ts.forEachChild(node, visit);
  };
  visit(helper);
  return found;
}
