// The scopes of one text: which function declares what. They are filled in the walk that SourceText makes (hoisting needs
// all declarations first); look-ups climb from the inside.
import { ts } from 'ts-morph';
import { declaredNames } from './names.js';

export interface Scope {
  readonly parent: Scope | undefined;
  /** The function (or the module) that this scope belongs to. */
  readonly home: FunctionScope;
  readonly names: Set<string>;
  readonly node: ts.Node;
}

/** The scope of a function or of the module. */
export type FunctionScope = Scope;

export type FunctionNode = ts.FunctionLikeDeclaration | ts.ClassStaticBlockDeclaration | ts.PropertyDeclaration;

/** Code that runs apart from the code around it; the initialiser of a field runs with each construction. */
export function isFunction(node: ts.Node): node is FunctionNode {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isGetAccessorDeclaration(node) ||
    ts.isSetAccessorDeclaration(node) ||
    ts.isClassStaticBlockDeclaration(node) ||
    ts.isPropertyDeclaration(node)
  );
}

function opensBlock(node: ts.Node): boolean {
  return (
    ts.isBlock(node) ||
    ts.isForStatement(node) ||
    ts.isForInStatement(node) ||
    ts.isForOfStatement(node) ||
    ts.isCaseBlock(node) ||
    ts.isCatchClause(node) ||
    ts.isClassLike(node)
  );
}

function makeFunction(node: ts.Node, parent: Scope | undefined): FunctionScope {
  const names = new Set<string>();
  const scope: FunctionScope = {
    node,
    parent,
    names,
    get home() {
      return scope;
    },
  };
  return scope;
}

/** `var x`, which the function around declares, whatever block it stands in. */
function isHoisted(node: ts.VariableDeclaration): boolean {
  return ts.isVariableDeclarationList(node.parent) && (node.parent.flags & ts.NodeFlags.BlockScoped) === 0;
}

export class ScopeTree {
  readonly #scopes = new Map<ts.Node, Scope>();
  readonly root: FunctionScope;

  constructor(file: ts.SourceFile) {
    this.root = makeFunction(file, undefined);
    this.#scopes.set(file, this.root);
  }

  /** Every scope, the module's included. */
  all(): Iterable<Scope> {
    return this.#scopes.values();
  }

  /** The scope that a node opens, or the one that it stands in. */
  of(node: ts.Node, around: Scope): Scope {
    return this.#scopes.get(node) ?? around;
  }

  /** The same, where nobody has walked to the node. */
  at(node: ts.Node): Scope {
    for (let around: ts.Node | undefined = node; around !== undefined; around = around.parent) {
      const scope = this.#scopes.get(around);
      if (scope !== undefined) return scope;
    }
    return this.root;
  }

  /** The scope that declares a name, seen from `from`. */
  find(name: string, from: Scope): Scope | undefined {
    for (let scope: Scope | undefined = from; scope; scope = scope.parent) {
      if (scope.names.has(name)) return scope;
    }
    return undefined;
  }

  /** For the walk that fills the tree: binds what a node declares; the scope that its children stand in. */
  declare(node: ts.Node, around: Scope): Scope {
    const inner = this.#open(node, around);
    for (const name of declaredNames(node)) this.#bind(name, node, around, inner);
    return inner;
  }

  #open(node: ts.Node, around: Scope): Scope {
    const isBody = ts.isBlock(node) && isFunction(node.parent);
    if (!isFunction(node) && (isBody || !opensBlock(node))) return around;
    const inner = isFunction(node)
      ? makeFunction(node, around)
      : { node, parent: around, home: around.home, names: new Set<string>() };
    if (isFunction(node) && !ts.isArrowFunction(node)) inner.names.add('arguments');
    this.#scopes.set(node, inner);
    return inner;
  }

  #bind(name: string, node: ts.Node, around: Scope, inner: Scope): void {
    // The names of function expressions and of classes are seen inside.
    if (ts.isFunctionExpression(node) || ts.isClassLike(node)) inner.names.add(name);
    if (ts.isFunctionExpression(node) || ts.isClassExpression(node)) return;
    const isVariable = ts.isVariableDeclaration(node) && isHoisted(node);
    if (!isVariable) around.names.add(name);
    // Sloppy functions in blocks are also bound in the function around them.
    if (isVariable || ts.isFunctionDeclaration(node)) around.home.names.add(name);
  }
}
