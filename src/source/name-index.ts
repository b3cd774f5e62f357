// All names of a text, read in one walk, by what they are written as, whatever scope they stand in. Who asks "does anything
// assign `x`?" is told of every `x` in the text: where two variables have one name that errs on the safe side. What a scope
// declares is asked of ScopeTree.
import { ts } from 'ts-morph';
import { addTo } from './lists.js';
import { declaredNames } from './names.js';
import type { Scope, ScopeTree } from './scopes.js';
import { isReference } from './syntax.js';
import { assignedNames, changedNames } from './writes.js';

export interface Declaration {
  /** A variable's declaration, a parameter, a function or a class. */
  readonly node: ts.Node;
  /** Where it stands. */
  readonly scope: Scope;
}

export type AnyCall = ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression;

const NONE: readonly never[] = [];

export class NameIndex {
  readonly #scopes: ScopeTree;
  readonly #mentions = new Map<string, ts.Identifier[]>();
  readonly #references = new Map<string, readonly ts.Identifier[]>();
  readonly #declarations = new Map<string, Declaration[]>();
  readonly #methods = new Set<string>();
  readonly #assigned = new Set<string>();
  readonly #changes = new Map<string, ts.Node[]>();
  /** In the order of the text, outer before inner. */
  readonly calls: AnyCall[] = [];
  /** `with (object)` makes variables of members, which nobody can tell from the text. */
  hasWith = false;

  constructor(scopes: ScopeTree) {
    this.#scopes = scopes;
  }

  /** For the walk that fills the index; `scope`: what the node stands in. */
  note(node: ts.Node, scope: Scope): void {
    if (ts.isIdentifier(node)) addTo(this.#mentions, node.text, node);
    else if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node))
      this.calls.push(node);
    else if (ts.isWithStatement(node)) this.hasWith = true;
    else if (isMethod(node) && ts.isIdentifier(node.name)) this.#methods.add(node.name.text);
    for (const name of declaredNames(node)) addTo(this.#declarations, name, { node, scope });
    for (const name of assignedNames(node)) this.#assigned.add(name);
    for (const name of changedNames(node)) addTo(this.#changes, name, node);
  }

  /** Every identifier that is written so: variables, members, labels, keys. In the order of the text. */
  mentions(name: string): readonly ts.Identifier[] {
    return this.#mentions.get(name) ?? NONE;
  }

  /** Those that name a variable, and do not declare it. */
  references(name: string): readonly ts.Identifier[] {
    const known = this.#references.get(name) ?? this.mentions(name).filter(isReference);
    this.#references.set(name, known);
    return known;
  }

  declarations(name: string): readonly Declaration[] {
    return this.#declarations.get(name) ?? NONE;
  }

  isDeclared(name: string): boolean {
    return this.#declarations.has(name);
  }

  isDeclaredOnce(name: string): boolean {
    return this.declarations(name).length === 1;
  }

  /** Whether it is declared outside of all functions. */
  isDeclaredByModule(name: string): boolean {
    return this.declarations(name).some(({ scope }) => scope.home === this.#scopes.root);
  }

  /** Whether a method or an accessor is called so. */
  isMethod(name: string): boolean {
    return this.#methods.has(name);
  }

  /** Whether anything assigns it after its declaration. */
  isAssigned(name: string): boolean {
    return this.#assigned.has(name);
  }

  /** Whether nothing in the text declares or assigns it. */
  isGlobal(name: string): boolean {
    return !this.isDeclared(name) && !this.isAssigned(name);
  }

  /** The nodes that assign it, or members of it, or delete some (`changedNames`). */
  changes(name: string): readonly ts.Node[] {
    return this.#changes.get(name) ?? NONE;
  }

  /** Whether `arguments` somewhere are those of the module: `require` is among them. */
  get usesModuleArguments(): boolean {
    const { root } = this.#scopes;
    return this.mentions('arguments').some((node) => {
      const owner = this.#scopes.find('arguments', this.#scopes.at(node));
      return owner === undefined || owner === root;
    });
  }
}

function isMethod(node: ts.Node): node is ts.MethodDeclaration | ts.AccessorDeclaration {
  return ts.isMethodDeclaration(node) || ts.isGetAccessorDeclaration(node) || ts.isSetAccessorDeclaration(node);
}
