// Of which `require` does a module nothing but read or call members that its text names? Nobody can tell then what the
// name is bound to: something that has these members, and loads the rest when one of them is first asked for, will do.
// Names are compared by their text, whatever the scope, which errs on the safe side.
import { ts } from 'ts-morph';
import { namesOf } from './names.js';
import { isKnownRequest } from './self-contained.js';

export interface Member {
  readonly name: string;
  /** Whether it is called where it stands, with what it is a member of as `this`; else it is read, and never called so. */
  readonly isCalled: boolean;
}

export interface MemberUses {
  readonly request: string;
  readonly members: readonly Member[];
}

export interface MemberUse {
  readonly request: string;
  /** The name that is bound to what the request answered. */
  readonly node: ts.Identifier;
}

export interface FoundUses {
  readonly requests: readonly MemberUses[];
  /** Where members of these are used. */
  readonly uses: readonly MemberUse[];
}

const NOTHING: FoundUses = { requests: [], uses: [] };

/** What stands where it may be bound: `isReference` in src/source/scopes.ts. */
type IsReference = (node: ts.Identifier) => boolean;

export function memberUses(file: ts.SourceFile, isReference: IsReference): FoundUses {
  const names = new Names(file, isReference);
  if (names.isOpaque) return NOTHING;
  const byRequest = new Map<string, MemberUse[] | null>();
  for (const call of names.requests) {
    const request = (call.arguments[0] as ts.StringLiteralLike).text;
    const uses = names.usesOf(call);
    const known = byRequest.get(request) ?? [];
    const isHidden = uses !== null && byRequest.get(request) !== null;
    byRequest.set(request, isHidden ? [...known, ...uses.map((node) => ({ request, node }))] : null);
  }
  const found = [...byRequest].flatMap(([request, uses]) => {
    const members = uses === null ? null : membersOf(uses);
    return uses === null || members === null ? [] : [{ request, members, uses }];
  });
  return {
    requests: found.map(({ request, members }) => ({ request, members })),
    uses: found.flatMap(({ uses }) => uses),
  };
}

/** Null where one is both called and read, or used as more than a value. */
function membersOf(uses: readonly MemberUse[]): Member[] | null {
  const members = new Map<string, boolean>();
  for (const { node } of uses) {
    const access = node.parent as ts.PropertyAccessExpression;
    const isCalled = useOf(access) === 'called';
    if (useOf(access) === 'other' || members.get(access.name.text) === !isCalled) return null;
    members.set(access.name.text, isCalled);
  }
  return [...members].map(([name, isCalled]) => ({ name, isCalled })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function useOf(access: ts.PropertyAccessExpression): 'called' | 'read' | 'other' {
  const { parent } = access;
  // Of exports that are null, `x?.a` is nothing, and a stand-in is never null.
  if (!ts.isIdentifier(access.name) || access.questionDotToken !== undefined) return 'other';
  if (ts.isCallExpression(parent) && parent.expression === access) return 'called';
  const isPart =
    ts.isParenthesizedExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isTaggedTemplateExpression(parent) ||
    ts.isDeleteExpression(parent) ||
    ts.isPostfixUnaryExpression(parent) ||
    (ts.isPrefixUnaryExpression(parent) && isUpdate(parent));
  return isPart || isTarget(access) ? 'other' : 'read';
}

function isUpdate({ operator }: ts.PrefixUnaryExpression): boolean {
  return operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;
}

/** On the left of an assignment, alone or in a pattern, or what a loop assigns to. */
function isTarget(node: ts.Node): boolean {
  for (let at = node; !ts.isStatement(at) && !ts.isFunctionLike(at); at = at.parent) {
    const { parent } = at;
    if (ts.isBinaryExpression(parent) && parent.left === at && isAssignment(parent)) return true;
    if ((ts.isForInStatement(parent) || ts.isForOfStatement(parent)) && parent.initializer === at) return true;
  }
  return false;
}

function isAssignment({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** `x` of `x = call`, where that is a statement or a part of one: `x = call, y = x.z;` */
function assignedName(call: ts.CallExpression): ts.Identifier | undefined {
  const { parent } = call;
  if (!ts.isBinaryExpression(parent) || parent.right !== call || !ts.isIdentifier(parent.left)) return undefined;
  if (parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  let whole: ts.Node = parent.parent;
  while (ts.isBinaryExpression(whole) && whole.operatorToken.kind === ts.SyntaxKind.CommaToken) whole = whole.parent;
  return ts.isExpressionStatement(whole) ? parent.left : undefined;
}

/** One walk over the file. */
class Names {
  readonly requests: ts.CallExpression[] = [];
  /** Something may ask for modules, or use names, without writing them down. */
  isOpaque = false;
  readonly #declarations = new Map<string, ts.Node[]>();
  readonly #references = new Map<string, ts.Identifier[]>();
  readonly #isReference: IsReference;

  constructor(file: ts.SourceFile, isReference: IsReference) {
    this.#isReference = isReference;
    ts.forEachChild(file, (child) => this.#visit(child, true));
    if (this.#declarations.has('require') || this.#declarations.has('module')) this.isOpaque = true;
  }

  /** The uses of the name that a `require` is bound to; null where what it answered may be seen as a whole. */
  usesOf(call: ts.CallExpression): ts.Identifier[] | null {
    const target = assignedName(call);
    const { parent } = call;
    const isInitializer = ts.isVariableDeclaration(parent) && parent.initializer === call;
    const bound = isInitializer && ts.isIdentifier(parent.name) ? parent.name : target;
    if (bound === undefined) return null;
    const [declaration, ...others] = this.#declarations.get(bound.text) ?? [];
    if (declaration === undefined || others.length > 0) return null;
    const isPlain = target === undefined || isBareDeclaration(declaration);
    const uses = (this.#references.get(bound.text) ?? []).filter((node) => node !== target);
    const areMembers = uses.every((node) => ts.isPropertyAccessExpression(node.parent));
    return isPlain && areMembers ? uses : null;
  }

  /** `isRoot`: `arguments` here are the module's, `require` among them. */
  #visit(node: ts.Node, isRoot: boolean): void {
    if (ts.isVariableDeclaration(node) || ts.isParameter(node)) this.#declare(namesOf(node.name), node);
    else if ((ts.isFunctionLike(node) || ts.isClassLike(node)) && node.name !== undefined && ts.isIdentifier(node.name))
      this.#declare([node.name.text], node);
    if (ts.isWithStatement(node)) this.isOpaque = true;
    if (ts.isIdentifier(node)) this.#identifier(node);
    if (isRoot && ts.isIdentifier(node) && node.text === 'arguments') this.isOpaque = true;
    const inner = isRoot && (!ts.isFunctionLike(node) || ts.isArrowFunction(node));
    ts.forEachChild(node, (child) => this.#visit(child, inner));
  }

  #declare(names: readonly string[], node: ts.Node): void {
    for (const name of names) note(this.#declarations, name, node);
  }

  #identifier(node: ts.Identifier): void {
    if (!this.#isReference(node)) {
      // `module.require`, and whatever else is called so.
      if (node.text === 'require' && ts.isPropertyAccessExpression(node.parent)) this.isOpaque = true;
      return;
    }
    if (node.text === 'eval') this.isOpaque = true;
    if (node.text === 'require') this.#require(node);
    else note(this.#references, node.text, node);
  }

  #require(node: ts.Identifier): void {
    const { parent } = node;
    if (ts.isPropertyAccessExpression(parent) || ts.isTypeOfExpression(parent)) return;
    const isKnown = ts.isCallExpression(parent) && parent.expression === node && isKnownRequest(parent);
    if (isKnown) this.requests.push(parent);
    else this.isOpaque = true;
  }
}

/** A name may stand in a file 10^5 times. */
function note<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [item]);
  else list.push(item);
}

/** `var x;` */
function isBareDeclaration(node: ts.Node): boolean {
  return ts.isVariableDeclaration(node) && node.initializer === undefined && ts.isVariableStatement(node.parent.parent);
}
