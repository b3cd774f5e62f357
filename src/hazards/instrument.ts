// Rewrites a module's source for the throw-away analysis: notes writes to outer bindings and private fields, stack
// reads and import(), and lets the probe look into scopes. Lines stay where they are; columns do not.
// The same walk collects the static facts. Hooks are in probe/hooks.cts.
import { ts } from 'ts-morph';
import { type Candidate, candidatesOf, moduleText, parseModule } from '../lazy/candidates.js';
import { environmentTest } from './environment-test.js';
import { destructuredPaths, dottedPath } from './member-paths.js';
import { type FunctionScope, isFunction, isReference, type Scope, ScopeTree } from './scopes.js';
import { type StaticFacts, UNPARSED } from './static-facts.js';

export interface Instrumented {
  readonly code: string;
  readonly facts: StaticFacts;
}

interface Edit {
  readonly at: number;
  readonly text: string;
  /** Among edits at one place: closing texts first, then outer before inner. */
  readonly rank: number;
}

const STANDARD = new Set([
  'Object',
  'Array',
  'Function',
  'String',
  'Number',
  'Boolean',
  'Symbol',
  'BigInt',
  'Promise',
  'RegExp',
  'Error',
  'Math',
  'JSON',
  'Reflect',
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'ArrayBuffer',
  'Uint8Array',
  'Buffer',
  'Date',
  'console',
  'URL',
  'Proxy',
  'TypeError',
  'RangeError',
  'DataView',
  'Intl',
]);
/** Closing texts come first at their place, then what enters a body, then opening texts (ranked by their end). */
const CLOSING_RANK = -1e12;
const ENTRY_RANK = -1e11;
const STATEMENT_RANK = -1e10;
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** `source` is CommonJS text; never throws. */
export function instrument(source: string): Instrumented {
  try {
    const file = parseModule(source);
    return new Instrumenter(file, file.text).run();
  } catch (error) {
    // Deep nesting exhausts the stack of any recursive walk; such a file is run as it is, and not baked.
    if (error instanceof RangeError) return { code: moduleText(source), facts: UNPARSED };
    throw error;
  }
}

class Instrumenter {
  readonly #file: ts.SourceFile;
  readonly #text: string;
  readonly #tree: ScopeTree;
  readonly #edits: Edit[] = [];
  readonly #patternDefaults = new Set<ts.Node>();
  readonly #free = new Set<string>();
  readonly #members = new Set<string>();
  readonly #strings = new Set<string>();
  #imports = false;
  #eval = false;
  #mainCompared = true;
  #caller = false;
  #workerThreads = false;
  #workerName = false;
  readonly #tokens = new Map<FunctionScope, string>();
  readonly #candidates: readonly Candidate[];
  /** Root names that a candidate declares. */
  readonly #deferrable = new Map<string, number>();

  constructor(file: ts.SourceFile, text: string) {
    this.#file = file;
    this.#text = text;
    this.#tree = new ScopeTree(file);
    for (const name of PARAMETERS) this.#tree.root.names.add(name);
    this.#candidates = candidatesOf(file);
    for (const { index, names } of this.#candidates) for (const name of names) this.#deferrable.set(name, index);
  }

  run(): Instrumented {
    ts.forEachChild(this.#file, (child) => this.#visit(child, this.#tree.root));
    this.#enterScopes();
    for (const { index, statement } of this.#candidates) {
      this.#insert(statement.getStart(this.#file), `__snapS(${index});`, ENTRY_RANK + 1);
      this.#edits.push({ at: statement.end, text: ';__snapS(-1);', rank: CLOSING_RANK + 1 });
    }
    return { code: this.#apply(), facts: this.#facts() };
  }

  #facts(): StaticFacts {
    return {
      parsed: true,
      freeNames: [...this.#free].sort(),
      globalMembers: [...this.#members].sort(),
      dynamicImports: this.#imports,
      directEval: this.#eval,
      mainOnlyCompared: this.#mainCompared,
      callerRead: this.#caller,
      nameStrings: [...this.#strings].sort(),
      startsWorkers: this.#workerThreads && this.#workerName,
      candidates: this.#candidates.map(({ index, line, needs }) => ({ index, line, needs })),
    };
  }

  #visit(node: ts.Node, around: Scope): void {
    const scope = this.#tree.of(node, around);
    if (ts.isIdentifier(node)) this.#reference(node, scope);
    else if (ts.isBinaryExpression(node)) this.#assignment(node, scope);
    else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) this.#update(node, scope);
    else if (ts.isForInStatement(node) || ts.isForOfStatement(node)) this.#loop(node, scope);
    else if (ts.isPropertyAccessExpression(node)) this.#member(node);
    else if (ts.isCallExpression(node)) this.#call(node, scope);
    else if (ts.isClassLike(node)) this.#privates(node);
    else if (ts.isVariableDeclaration(node)) this.#destructured(node);
    else if (ts.isStringLiteralLike(node)) this.#string(node.text);
    if (ts.isIdentifier(node) && node.text === 'Worker') this.#workerName = true;
    ts.forEachChild(node, (child) => this.#visit(child, scope));
  }

  #reference(node: ts.Identifier, scope: Scope): void {
    if (!isReference(node)) return;
    const declared = this.#tree.find(node.text, scope);
    if (!declared) this.#free.add(node.text);
    else if (declared.home !== scope.home) declared.captured.add(node.text);
    const index = declared === this.#tree.root ? this.#deferrable.get(node.text) : undefined;
    if (index !== undefined) this.#touch(node, index);
  }

  /** A use of a name that a candidate declares. */
  #touch(node: ts.Identifier, index: number): void {
    const hook = `__snapL(${this.#token(this.#tree.root)},${index})`;
    const start = node.getStart(this.#file);
    if (ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node)
      this.#insert(node.end, `:(${hook},${node.text})`, 0);
    else if (this.#startsStatement(node)) this.#insert(start, `${hook},`, STATEMENT_RANK);
    else {
      // Innermost of all that wraps this very name.
      this.#insert(start, `(${hook},`, 0.5 - node.end);
      this.#edits.push({ at: node.end, text: ')', rank: CLOSING_RANK - start - 0.5 });
    }
  }

  /** An expression statement begins with it: no parenthesis may stand there, it could join the line above. */
  #startsStatement(node: ts.Expression): boolean {
    const start = node.getStart(this.#file);
    let top: ts.Node = node;
    while (!ts.isExpressionStatement(top) && top.parent.getStart(this.#file) === start) top = top.parent;
    return ts.isExpressionStatement(top);
  }

  /** The hook call for a write to `name`, or undefined where the binding is the writing function's own. */
  #hook(name: string, scope: Scope): string | undefined {
    const declared = this.#tree.find(name, scope);
    if (!declared || declared.home === scope.home || scope.home === this.#tree.root) return undefined;
    declared.captured.add(name);
    return `__snapW(${this.#token(declared.home)},${JSON.stringify(name)})`;
  }

  /** The variable that holds the owner of a scope; concise arrows cannot hold one and use the nearest around them. */
  #token(home: FunctionScope): string {
    let place: FunctionScope = home;
    while (place.parent && !canHoldToken(place.node)) place = place.parent.home;
    const known = this.#tokens.get(place);
    if (known) return known;
    const token = `__snap${this.#tokens.size}`;
    this.#tokens.set(place, token);
    return token;
  }

  #assignment(node: ts.BinaryExpression, scope: Scope): void {
    const operator = node.operatorToken.kind;
    if (operator < ts.SyntaxKind.FirstAssignment || operator > ts.SyntaxKind.LastAssignment) return;
    if (this.#patternDefaults.has(node)) return;
    this.#before(node, this.#targets(node.left, scope));
  }

  #update(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, scope: Scope): void {
    if (node.operator !== ts.SyntaxKind.PlusPlusToken && node.operator !== ts.SyntaxKind.MinusMinusToken) return;
    this.#before(node, this.#targets(node.operand, scope));
  }

  #loop(node: ts.ForInOrOfStatement, scope: Scope): void {
    if (ts.isVariableDeclarationList(node.initializer)) return;
    const hooks = this.#targets(node.initializer, scope);
    if (hooks.length > 0) this.#wrap(node.expression, `(${hooks.join(',')},`, ')');
  }

  /** Hook calls for all bindings and private fields that an assignment target writes. */
  #targets(target: ts.Node, scope: Scope): string[] {
    if (ts.isIdentifier(target)) {
      const hook = this.#hook(target.text, scope);
      return hook ? [hook] : [];
    }
    if (ts.isParenthesizedExpression(target)) return this.#targets(target.expression, scope);
    if (ts.isPropertyAccessExpression(target)) {
      this.#memberWrite(target);
      return [];
    }
    if (ts.isArrayLiteralExpression(target)) return target.elements.flatMap((item) => this.#targets(item, scope));
    if (ts.isSpreadElement(target) || ts.isSpreadAssignment(target)) return this.#targets(target.expression, scope);
    if (ts.isBinaryExpression(target)) {
      // A default value inside a pattern looks like an assignment and is none.
      this.#patternDefaults.add(target);
      return this.#targets(target.left, scope);
    }
    if (ts.isObjectLiteralExpression(target)) {
      return target.properties.flatMap((property) => {
        if (ts.isShorthandPropertyAssignment(property)) return this.#targets(property.name, scope);
        if (ts.isPropertyAssignment(property)) return this.#targets(property.initializer, scope);
        return this.#targets(property, scope);
      });
    }
    return [];
  }

  #memberWrite(target: ts.PropertyAccessExpression): void {
    const name = target.name.text;
    if (target.expression.kind === ts.SyntaxKind.SuperKeyword) return;
    if (ts.isPrivateIdentifier(target.name)) {
      this.#wrap(target.expression, '__snapP(', `,${JSON.stringify(name.slice(1))})`);
    } else if (name === 'stackTraceLimit' || name === 'prepareStackTrace') {
      this.#wrap(target.expression, '__snapT(', `,${JSON.stringify(name)})`);
    }
  }

  /** Puts hooks before an expression. */
  #before(node: ts.Expression, hooks: readonly string[]): void {
    if (hooks.length === 0) return;
    if (this.#startsStatement(node)) this.#insert(node.getStart(this.#file), `${hooks.join(',')},`, -node.end);
    else this.#wrap(node, `(${hooks.join(',')},`, ')');
  }

  #string(text: string): void {
    if (IDENTIFIER.test(text)) this.#strings.add(text);
    if (text === 'worker_threads' || text === 'node:worker_threads') this.#workerThreads = true;
  }

  #member(node: ts.PropertyAccessExpression): void {
    const name = node.name.text;
    if (name === 'caller') this.#caller = true;
    if (name === 'main' && ts.isIdentifier(node.expression) && node.expression.text === 'require') {
      if (!comparedWithModule(node)) this.#mainCompared = false;
    }
    const path = dottedPath(node);
    const root = path?.split('.')[0];
    if (path && root !== undefined && STANDARD.has(root)) this.#members.add(path);
    if (ts.isIdentifier(node.expression) && /^global(?:This)?$/.test(node.expression.text)) this.#free.add(name);
    if (name === 'stack' && node.expression.kind !== ts.SyntaxKind.SuperKeyword && !isInOptionalChain(node)) {
      this.#wrap(node.expression, '__snapK(', ')');
    }
  }

  /** `const { toJSON } = URL.prototype` reads what `URL.prototype.toJSON` reads. */
  #destructured(node: ts.VariableDeclaration): void {
    for (const path of destructuredPaths(node)) {
      const [root = '', name] = path.split('.');
      if (name === undefined) this.#free.add(root);
      else if (STANDARD.has(root)) this.#members.add(path);
    }
  }

  #call(node: ts.CallExpression, scope: Scope): void {
    const test = environmentTest(node, (name) => this.#tree.find(name, scope) === undefined);
    if (test !== undefined) this.#wrap(node, '__snapE(()=>', `,${JSON.stringify(test)})`);
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      this.#imports = true;
      const start = node.expression.getStart(this.#file);
      this.#insert(start, '__snapI/*', 1);
      this.#insert(node.expression.end, '*/', 0);
    } else if (ts.isIdentifier(node.expression) && node.expression.text === 'eval') {
      this.#eval = true;
    }
  }

  /** Lets the probe read a class's private fields, whose values nothing else can reach. */
  #privates(node: ts.ClassLikeDeclaration): void {
    const fields = node.members
      .filter((member): member is ts.PropertyDeclaration => ts.isPropertyDeclaration(member))
      .flatMap((member) => (ts.isPrivateIdentifier(member.name) ? [member.name.text] : []));
    if (fields.length === 0) return;
    const open = this.#text.indexOf('{', node.heritageClauses?.end ?? node.name?.end ?? node.getStart(this.#file));
    const reads = fields.map((field) => `${field} in o?o.${field}:0`).join(',');
    this.#insert(open + 1, `static{__snapF(this,o=>[${reads}])}`, ENTRY_RANK);
  }

  /** Declares the owner and the getters of each scope that inner functions use. */
  #enterScopes(): void {
    for (const scope of this.#tree.all()) {
      const at = bodyStart(scope.node, this.#file);
      if (at === undefined) continue;
      const names = [...scope.captured].filter((name) => name !== 'arguments');
      const getters = names.map((name) => `[${JSON.stringify(name)},()=>${name}]`).join(',');
      const token = this.#tokens.get(scope);
      const call = `__snapC(()=>[${getters}]);`;
      // The leading semicolon ends a directive that was written without one.
      const lead = at > 0 && this.#text[at - 1] !== '{' && this.#text[at - 1] !== ';' ? ';' : '';
      if (token || names.length > 0) this.#insert(at, `${lead}${token ? `var ${token}=` : ''}${call}`, ENTRY_RANK);
    }
  }

  #wrap(node: ts.Node, open: string, close: string): void {
    this.#insert(node.getStart(this.#file), open, -node.end);
    this.#edits.push({ at: node.end, text: close, rank: CLOSING_RANK - node.getStart(this.#file) });
  }

  #insert(at: number, text: string, rank: number): void {
    this.#edits.push({ at, text, rank });
  }

  #apply(): string {
    const order = this.#edits.map((edit, index) => ({ edit, index }));
    order.sort((a, b) => a.edit.at - b.edit.at || a.edit.rank - b.edit.rank || a.index - b.index);
    const parts: string[] = [];
    let from = 0;
    for (const { edit } of order) {
      parts.push(this.#text.slice(from, edit.at), edit.text);
      from = edit.at;
    }
    parts.push(this.#text.slice(from));
    return parts.join('');
  }
}

function canHoldToken(node: ts.Node): boolean {
  if (ts.isSourceFile(node)) return true;
  if (!isFunction(node) || ts.isPropertyDeclaration(node)) return false;
  return node.body !== undefined && ts.isBlock(node.body);
}

function bodyOf(node: ts.Node): ts.Node | undefined {
  if (ts.isSourceFile(node) || ts.isBlock(node)) return node;
  if (ts.isIterationStatement(node, false)) return node.statement;
  if (ts.isCatchClause(node)) return node.block;
  return isFunction(node) && !ts.isPropertyDeclaration(node) ? node.body : undefined;
}

/** Where a statement may be put first: after the directives of a body. */
function bodyStart(node: ts.Node, file: ts.SourceFile): number | undefined {
  const body = bodyOf(node);
  if (!body || !(ts.isSourceFile(body) || ts.isBlock(body))) return undefined;
  if (!ts.isSourceFile(node) && !isFunction(node)) return body.getStart(file) + 1;
  let at = ts.isSourceFile(body) ? 0 : body.getStart(file) + 1;
  for (const statement of body.statements) {
    if (!ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression)) break;
    at = statement.end;
  }
  return at;
}

function comparedWithModule(node: ts.Node): boolean {
  const parent = node.parent;
  if (!ts.isBinaryExpression(parent)) return false;
  const { EqualsEqualsToken, EqualsEqualsEqualsToken, ExclamationEqualsToken, ExclamationEqualsEqualsToken } =
    ts.SyntaxKind;
  const equality: readonly ts.SyntaxKind[] = [
    EqualsEqualsToken,
    EqualsEqualsEqualsToken,
    ExclamationEqualsToken,
    ExclamationEqualsEqualsToken,
  ];
  const other = parent.left === node ? parent.right : parent.left;
  return equality.includes(parent.operatorToken.kind) && ts.isIdentifier(other) && other.text === 'module';
}

function isInOptionalChain(node: ts.Node): boolean {
  return (node.flags & ts.NodeFlags.OptionalChain) !== 0;
}
