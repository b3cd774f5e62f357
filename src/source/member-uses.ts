// Of which `require` does a module nothing but read or call members that its text names?
// `const y = require('y'); y.parse(x);` is such a use. Nobody can tell then what the name is bound to: an object that
// has these members, and loads the rest when one of them is first asked for, will do. Names are compared by their text,
// whatever the scope, which errs on the safe side.
import { ts } from 'ts-morph';
import type { NameIndex } from './name-index.js';
import type { SourceText } from './source-text.js';
import { isCalled, isKnownRequest, isReference } from './syntax.js';
import { isInTarget, isUpdate } from './writes.js';

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

export function memberUses({ names }: SourceText): FoundUses {
  const calls = requestsIn(names);
  if (calls === null) return NOTHING;
  const byRequest = new Map<string, MemberUse[] | null>();
  for (const call of calls) {
    const request = (call.arguments[0] as ts.StringLiteralLike).text;
    const uses = usesOf(call, names);
    const known = byRequest.get(request);
    if (uses === null || known === null) byRequest.set(request, null);
    else {
      const all = known ?? [];
      for (const node of uses) all.push({ request, node });
      byRequest.set(request, all);
    }
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

/** Every call of `require`; null where something may ask for modules, or use names, without writing them down. */
function requestsIn(names: NameIndex): ts.CallExpression[] | null {
  const isOwn = (name: string) => names.isDeclared(name) || names.isMethod(name);
  if (names.hasWith || isOwn('require') || isOwn('module')) return null;
  if (names.references('eval').length > 0 || names.usesModuleArguments) return null;
  const calls: ts.CallExpression[] = [];
  for (const node of names.mentions('require')) {
    const { parent } = node;
    if (isReference(node)) {
      if (ts.isPropertyAccessExpression(parent) || ts.isTypeOfExpression(parent)) continue;
      if (!isCalled(node) || !isKnownRequest(parent as ts.CallExpression)) return null;
      calls.push(parent as ts.CallExpression);
      // `module.require`, and whatever else is called so.
    } else if (ts.isPropertyAccessExpression(parent)) return null;
  }
  return calls;
}

/** The uses of the name that a `require` is bound to; null where what it answered may be seen as a whole. */
function usesOf(call: ts.CallExpression, names: NameIndex): ts.Identifier[] | null {
  const target = assignedName(call);
  const { parent } = call;
  const isInitializer = ts.isVariableDeclaration(parent) && parent.initializer === call;
  const bound = isInitializer && ts.isIdentifier(parent.name) ? parent.name : target;
  // A method of that name would bind nothing; it is not looked at so closely.
  if (bound === undefined || !names.isDeclaredOnce(bound.text) || names.isMethod(bound.text)) return null;
  const isPlain = target === undefined || names.declarations(bound.text).every(({ node }) => isBareDeclaration(node));
  const references = names.references(bound.text);
  const areMembers = references.every((node) => node === target || ts.isPropertyAccessExpression(node.parent));
  return isPlain && areMembers ? references.filter((node) => node !== target) : null;
}

/** Null where one is both called and read, or used as more than a value. */
function membersOf(uses: readonly MemberUse[]): Member[] | null {
  const members = new Map<string, boolean>();
  for (const { node } of uses) {
    const access = node.parent as ts.PropertyAccessExpression;
    const use = useOf(access);
    if (use === 'other' || members.get(access.name.text) === (use !== 'called')) return null;
    members.set(access.name.text, use === 'called');
  }
  return [...members].map(([name, isCalled]) => ({ name, isCalled })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function useOf(access: ts.PropertyAccessExpression): 'called' | 'read' | 'other' {
  const { parent } = access;
  // Of exports that are null, `x?.a` is nothing, and a stand-in is never null.
  if (!ts.isIdentifier(access.name) || access.questionDotToken !== undefined) return 'other';
  if (isCalled(access)) return 'called';
  const isPart =
    ts.isParenthesizedExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isTaggedTemplateExpression(parent) ||
    ts.isDeleteExpression(parent) ||
    isUpdate(parent);
  return isPart || isInTarget(access) ? 'other' : 'read';
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

/** `var x;` */
function isBareDeclaration(node: ts.Node): boolean {
  return ts.isVariableDeclaration(node) && node.initializer === undefined && ts.isVariableStatement(node.parent.parent);
}
