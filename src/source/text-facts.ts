// What a text says of a module by itself, collected while the instrumenter walks it, or looked up among its names.
import { ts } from 'ts-morph';
import type { Candidate } from './candidates.js';
import { caughtRequests } from './caught-requests.js';
import { comparedReadings } from './compared-clock.js';
import { evaluation } from './evaluates.js';
import { destructuredPaths, membersOf } from './member-paths.js';
import type { MemberUses } from './member-uses.js';
import { rangesOf } from './ranges.js';
import { requireRun } from './require-run.js';
import type { Scope } from './scopes.js';
import type { SourceText } from './source-text.js';
import { STANDARD } from './standard-globals.js';
import type { StaticFacts } from './static-facts.js';
import { isCalled, isGlobalObject, isReference } from './syntax.js';

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** Told of each node; then asked for all that is known. */
export class TextFacts {
  readonly #source: SourceText;
  readonly #free = new Set<string>();
  readonly #members = new Set<string>();
  readonly #strings = new Set<string>();
  #imports = false;
  #workerThreads = false;

  constructor(source: SourceText) {
    this.#source = source;
  }

  visit(node: ts.Node, scope: Scope): void {
    if (ts.isIdentifier(node)) this.#identifier(node, scope);
    else if (ts.isStringLiteralLike(node)) this.#string(node.text);
    else if (ts.isPropertyAccessExpression(node)) this.#member(node);
    else if (ts.isVariableDeclaration(node)) this.#destructured(node);
    else if (node.kind === ts.SyntaxKind.ImportKeyword && isCalled(node)) this.#imports = true;
  }

  all(candidates: readonly Candidate[], uses: readonly MemberUses[]): StaticFacts {
    const { names } = this.#source;
    for (const root of STANDARD) for (const path of membersOf(names.mentions(root))) this.#members.add(path);
    return {
      parsed: true,
      freeNames: [...this.#free].sort(),
      globalMembers: [...this.#members].sort(),
      dynamicImports: this.#imports,
      directEval: names.mentions('eval').some(isCalled),
      callerRead: names.mentions('caller').some(isMemberName),
      nameStrings: [...this.#strings].sort(),
      startsWorkers: this.#workerThreads && names.mentions('Worker').length > 0,
      comparedReadings: comparedReadings(this.#source),
      candidates: candidates.map(({ index, line, needs, usesRequired, calls, requires }) => {
        return { index, line, needs, usesRequired, calls, requires };
      }),
      caughtRequests: caughtRequests(this.#source),
      memberUses: uses,
      requireRun: requireRun(this.#source),
      evaluation: evaluation(this.#source),
      ranges: rangesOf(this.#source, candidates),
    };
  }

  #identifier(node: ts.Identifier, scope: Scope): void {
    if (!isReference(node) || this.#free.has(node.text)) return;
    if (this.#source.scopes.find(node.text, scope) === undefined) this.#free.add(node.text);
  }

  #string(text: string): void {
    if (IDENTIFIER.test(text)) this.#strings.add(text);
    if (text === 'worker_threads' || text === 'node:worker_threads') this.#workerThreads = true;
  }

  /** `globalThis.fetch` is `fetch`. */
  #member({ expression, name }: ts.PropertyAccessExpression): void {
    if (isGlobalObject(expression)) this.#free.add(name.text);
  }

  /** `const { toJSON } = URL.prototype` reads what `URL.prototype.toJSON` reads. */
  #destructured(node: ts.VariableDeclaration): void {
    for (const path of destructuredPaths(node)) {
      const [root = '', name] = path.split('.');
      if (name === undefined) this.#free.add(root);
      else if (STANDARD.has(root)) this.#members.add(path);
    }
  }
}

function isMemberName(node: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
}
