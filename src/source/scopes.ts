// A scope tree of one CommonJS source: which function declares what, and which identifiers nothing declares.
// One walk collects declarations (hoisting needs them all first), later look-ups climb the tree.
import { ts } from 'ts-morph';

export interface Scope {
  readonly parent: Scope | undefined;
  /** The function (or the module) that this scope belongs to. */
  readonly home: FunctionScope;
  readonly names: Set<string>;
  readonly node: ts.Node;
  /** Its own bindings that inner functions use. */
  readonly captured: Set<string>;
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
    captured: new Set(),
    get home() {
      return scope;
    },
  };
  return scope;
}

function bindNames(name: ts.BindingName, scope: Scope): void {
  if (ts.isIdentifier(name)) {
    scope.names.add(name.text);
    return;
  }
  for (const element of name.elements) {
    if (!ts.isOmittedExpression(element)) bindNames(element.name, scope);
  }
}

export class ScopeTree {
  readonly #scopes = new Map<ts.Node, Scope>();
  readonly root: FunctionScope;

  constructor(file: ts.SourceFile) {
    this.root = makeFunction(file, undefined);
    this.#scopes.set(file, this.root);
    ts.forEachChild(file, (child) => this.#declare(child, this.root));
  }

  /** Every scope, the module's included. */
  all(): Iterable<Scope> {
    return this.#scopes.values();
  }

  /** The scope that a node opens, or the one that it stands in. */
  of(node: ts.Node, around: Scope): Scope {
    return this.#scopes.get(node) ?? around;
  }

  /** The scope that declares a name, seen from `from`. */
  find(name: string, from: Scope): Scope | undefined {
    for (let scope: Scope | undefined = from; scope; scope = scope.parent) {
      if (scope.names.has(name)) return scope;
    }
    return undefined;
  }

  #declare(node: ts.Node, around: Scope): void {
    let inner = around;
    if (isFunction(node)) inner = this.#declareFunction(node, around);
    else if (opensBlock(node) && !(ts.isBlock(node) && isFunction(node.parent))) {
      inner = { node, parent: around, home: around.home, names: new Set(), captured: new Set() };
      this.#scopes.set(node, inner);
    }
    if (ts.isVariableDeclaration(node)) this.#declareVariable(node, around);
    else if (ts.isClassDeclaration(node) && node.name) around.names.add(node.name.text);
    if (ts.isClassLike(node) && node.name) inner.names.add(node.name.text);
    ts.forEachChild(node, (child) => this.#declare(child, inner));
  }

  #declareFunction(node: FunctionNode, around: Scope): Scope {
    const scope = makeFunction(node, around);
    this.#scopes.set(node, scope);
    if (ts.isFunctionDeclaration(node) && node.name) {
      around.names.add(node.name.text);
      // Sloppy functions in blocks are also bound in the function around them.
      around.home.names.add(node.name.text);
    }
    if (ts.isFunctionExpression(node) && node.name) scope.names.add(node.name.text);
    if (!ts.isArrowFunction(node)) scope.names.add('arguments');
    if ('parameters' in node) {
      for (const parameter of node.parameters) bindNames(parameter.name, scope);
    }
    return scope;
  }

  #declareVariable(node: ts.VariableDeclaration, around: Scope): void {
    const list = node.parent;
    if (ts.isVariableDeclarationList(list) && (list.flags & ts.NodeFlags.BlockScoped) === 0) {
      bindNames(node.name, around.home);
    } else {
      bindNames(node.name, around);
    }
  }
}

/** True for an identifier that names a variable, not a property, label or member. */
export function isReference(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (ts.isPropertyAssignment(parent) || ts.isBindingElement(parent)) {
    return parent.name !== node && !(ts.isBindingElement(parent) && parent.propertyName === node);
  }
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
  if (ts.isMetaProperty(parent) || ts.isQualifiedName(parent)) return false;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent)) return parent.name !== node;
  if (ts.isClassElement(parent) || ts.isFunctionLike(parent) || ts.isClassLike(parent)) {
    return !('name' in parent) || parent.name !== node;
  }
  return true;
}
