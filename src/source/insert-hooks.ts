// Says where in a text which hook is inserted: hooks that note writes to outer bindings and private fields, stack reads
// and import(), and uses of names that a deferrable statement declares; and what lets the probe look into scopes. The
// hooks themselves are in src/hazards/probe/hooks.cts. Lines stay where they are; columns do not.
import { ts } from 'ts-morph';
import { bodyStart, canHoldToken } from './body-start.js';
import type { Candidate } from './candidates.js';
import { BETWEEN_RANK, CLOSING_RANK, Edits, ENTRY_RANK, STATEMENT_RANK } from './edits.js';
import { environmentTest } from './environment-test.js';
import type { MemberUse } from './member-uses.js';
import { GIVEN } from './names.js';
import type { FunctionScope, Scope } from './scopes.js';
import type { SourceText } from './source-text.js';
import {
  comparedWithModule,
  isCalled,
  isDeleted,
  isGlobalObject,
  isInOptionalChain,
  isInPattern,
  isMainModule,
  isReference,
  takesTheRest,
} from './syntax.js';
import { isAssignment, isTarget, isUpdate } from './writes.js';

const NONE: ReadonlySet<string> = new Set();

/** Members of which no trap can tell that they are read: Node or V8 fixes them. */
const NOTED: ReadonlySet<string> = new Set(['stack', 'exitCode']);

/** `process.exitCode = 1`: nothing is read. */
function isAssigned(node: ts.Node): boolean {
  const { parent } = node;
  return (
    ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  );
}

export class HookInserter {
  readonly #source: SourceText;
  readonly #file: ts.SourceFile;
  readonly #edits: Edits;
  readonly #patternDefaults = new Set<ts.Node>();
  /** Bindings of a scope that inner functions use. */
  readonly #captured = new Map<Scope, Set<string>>();
  readonly #tokens = new Map<FunctionScope, string>();
  /** Root names that a candidate declares. */
  readonly #deferrable = new Map<string, number>();

  constructor(source: SourceText, candidates: readonly Candidate[]) {
    this.#source = source;
    this.#file = source.file;
    this.#edits = new Edits(source.file);
    for (const { index, names } of candidates) for (const name of names) this.#deferrable.set(name, index);
  }

  /** Of every node but the file, outer before inner. */
  visit(node: ts.Node, scope: Scope): void {
    if (ts.isIdentifier(node)) this.#reference(node, scope);
    else if (ts.isBinaryExpression(node)) this.#binary(node, scope);
    else if (isUpdate(node)) this.#before(node, this.#targets(node.operand, scope));
    else if (ts.isDeleteExpression(node)) this.#deletion(node);
    else if (ts.isWithStatement(node)) this.#edits.wrap(node.expression, '__snapM(', ')');
    else if (ts.isForInStatement(node) || ts.isForOfStatement(node)) this.#loop(node, scope);
    else if (ts.isPropertyAccessExpression(node)) this.#member(node);
    else if (ts.isElementAccessExpression(node)) this.#element(node);
    else if (ts.isCallExpression(node)) this.#call(node, scope);
    else if (ts.isClassLike(node)) this.#privates(node);
    else if (ts.isVariableDeclaration(node)) this.#destructured(node);
    else if (ts.isSpreadAssignment(node)) this.#spread(node);
    else if (node.kind === ts.SyntaxKind.ThisKeyword) this.#this(scope);
  }

  /** When all nodes have been visited. */
  end(candidates: readonly Candidate[], uses: readonly MemberUse[]): ReturnType<Edits['apply']> {
    const { root } = this.#source.scopes;
    for (const { node, request } of uses)
      this.#prefix(node, `__snapU(${this.#token(root)},${JSON.stringify(request)})`);
    this.#enterScopes();
    for (const { index, statement } of candidates) {
      this.#edits.insert(this.#source.startOf(statement), `__snapS(${index});`, ENTRY_RANK + 1);
      this.#edits.insert(statement.end, ';__snapS(-1);', CLOSING_RANK + 1);
    }
    return this.#edits.apply();
  }

  #capture(name: string, scope: Scope): void {
    const names = this.#captured.get(scope);
    if (names === undefined) this.#captured.set(scope, new Set([name]));
    else names.add(name);
  }

  /** An arrow function keeps the `this` of the function around it. */
  #this(scope: Scope): void {
    let { home } = scope;
    if (!ts.isArrowFunction(home.node)) return;
    while (ts.isArrowFunction(home.node) && home.parent !== undefined) home = home.parent.home;
    this.#capture('this', home);
  }

  #reference(node: ts.Identifier, scope: Scope): void {
    if (!isReference(node)) return;
    const { scopes } = this.#source;
    const declared = scopes.find(node.text, scope);
    if (declared === undefined && node.text === 'eval') this.#evalReference(node);
    if (declared !== undefined && declared.home !== scope.home) this.#capture(node.text, declared);
    const index = declared === scopes.root ? this.#deferrable.get(node.text) : undefined;
    if (index !== undefined) this.#touch(node, index);
  }

  /** A use of a name that a candidate declares. `delete name` looks at no value, and answers for a name alone. */
  #touch(node: ts.Identifier, index: number): void {
    if (isDeleted(node)) return;
    const hook = `__snapL(${this.#token(this.#source.scopes.root)},${index})`;
    if (ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node)
      this.#edits.insert(node.end, `:(${hook},${node.text})`, 0);
    else this.#prefix(node, hook);
  }

  /** Puts a hook before a name. */
  #prefix(node: ts.Identifier, hook: string): void {
    const start = this.#source.startOf(node);
    if (this.#startsStatement(node)) this.#edits.insert(start, `${hook},`, STATEMENT_RANK);
    else {
      // Innermost of all that wraps this very name.
      this.#edits.insert(start, `(${hook},`, 0.5 - node.end);
      this.#edits.insert(node.end, ')', CLOSING_RANK - start - 0.5);
    }
  }

  /** An expression statement begins with it: no parenthesis may stand there, it could join the line above. */
  #startsStatement(node: ts.Expression): boolean {
    const start = this.#source.startOf(node);
    let top: ts.Node = node;
    while (!ts.isExpressionStatement(top) && this.#source.startOf(top.parent) === start) top = top.parent;
    return ts.isExpressionStatement(top);
  }

  /** The hook call for a write to `name`, or undefined where the binding is the writing function's own. */
  #hook(name: string, scope: Scope): string | undefined {
    const declared = this.#source.scopes.find(name, scope);
    if (!declared || declared.home === scope.home || scope.home === this.#source.scopes.root) return undefined;
    this.#capture(name, declared);
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

  #binary(node: ts.BinaryExpression, scope: Scope): void {
    if (node.operatorToken.kind === ts.SyntaxKind.InKeyword) this.#presence(node);
    else this.#assignment(node, scope);
  }

  /** `a in b` becomes `__snapH(a,/*in*\/b)`. */
  #presence({ left, operatorToken, right }: ts.BinaryExpression): void {
    if (ts.isPrivateIdentifier(left)) return;
    this.#edits.insert(this.#source.startOf(left), '__snapH(', -right.end);
    this.#edits.insert(left.end, ',', BETWEEN_RANK);
    this.#edits.insert(this.#source.startOf(operatorToken), '/*', 1);
    this.#edits.insert(operatorToken.end, '*/', BETWEEN_RANK);
    this.#edits.insert(right.end, ')', CLOSING_RANK - this.#source.startOf(left));
  }

  #spread(node: ts.SpreadAssignment): void {
    if (!isInPattern(node)) this.#edits.wrap(node.expression, '__snapN(', ')');
  }

  #assignment(node: ts.BinaryExpression, scope: Scope): void {
    if (!isAssignment(node) || this.#patternDefaults.has(node)) return;
    this.#before(node, this.#targets(node.left, scope));
  }

  #loop(node: ts.ForInOrOfStatement, scope: Scope): void {
    if (ts.isForInStatement(node)) this.#edits.wrap(node.expression, '__snapN((', '))');
    if (ts.isVariableDeclarationList(node.initializer)) return;
    const hooks = this.#targets(node.initializer, scope);
    if (hooks.length > 0) this.#edits.wrap(node.expression, `(${hooks.join(',')},`, ')');
  }

  /** Hook calls for all bindings and private fields that an assignment target writes. */
  #targets(target: ts.Node, scope: Scope): string[] {
    if (ts.isIdentifier(target)) {
      const hook = this.#hook(target.text, scope);
      return hook ? [hook] : [];
    }
    if (ts.isParenthesizedExpression(target)) return this.#targets(target.expression, scope);
    if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target)) return this.#memberWrite(target);
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

  /** The object that is written to passes a hook; `super.x = 1` writes to `this`, and is told before. */
  #memberWrite(target: ts.PropertyAccessExpression | ts.ElementAccessExpression): string[] {
    const { expression } = target;
    if (expression.kind === ts.SyntaxKind.SuperKeyword) return ['__snapM(this)'];
    const name = ts.isPropertyAccessExpression(target) ? target.name.text : '';
    if (name.startsWith('#')) this.#edits.wrap(expression, '__snapP(', `,${JSON.stringify(name.slice(1))})`);
    else if (name === 'stackTraceLimit' || name === 'prepareStackTrace')
      this.#edits.wrap(expression, '__snapT(', `,${JSON.stringify(name)})`);
    else this.#edits.wrap(expression, '__snapM(', ')');
    return [];
  }

  /** Of `delete a?.b.c` the parts before belong together. */
  #deletion({ expression }: ts.DeleteExpression): void {
    let target: ts.Expression = expression;
    while (ts.isParenthesizedExpression(target)) target = target.expression;
    if (!ts.isPropertyAccessExpression(target) && !ts.isElementAccessExpression(target)) return;
    const isInChain = isInOptionalChain(target) && target.questionDotToken === undefined;
    if (target.expression.kind === ts.SyntaxKind.SuperKeyword || isInChain) return;
    this.#edits.wrap(target.expression, '__snapM(', ')');
  }

  /** Puts hooks before an expression. */
  #before(node: ts.Expression, hooks: readonly string[]): void {
    if (hooks.length === 0) return;
    if (this.#startsStatement(node)) this.#edits.insert(this.#source.startOf(node), `${hooks.join(',')},`, -node.end);
    else this.#edits.wrap(node, `(${hooks.join(',')},`, ')');
  }

  #member(node: ts.PropertyAccessExpression): void {
    const name = node.name.text;
    if (isMainModule(node) && comparedWithModule(node)) this.#edits.wrap(node.expression, '__snapQ(', ')');
    const isGlobalEval = name === 'eval' && isGlobalObject(node.expression);
    if (isGlobalEval && !isTarget(node) && !isDeleted(node)) this.#edits.wrap(node, '__snapX(', ')');
    if (NOTED.has(name)) this.#notedRead(node, name);
  }

  /** What is looked at may be an error, whose stack tells where it is evaluated, or `process`. */
  #notedRead(node: ts.PropertyAccessExpression | ts.ElementAccessExpression, name: string): void {
    const { expression, questionDotToken } = node;
    if (expression.kind === ts.SyntaxKind.SuperKeyword || (name === 'exitCode' && isAssigned(node))) return;
    // Of `a?.b.stack` the parts before belong together; `a?.stack` can be looked at.
    if (isInOptionalChain(expression) || (questionDotToken === undefined && isInOptionalChain(expression.parent)))
      return;
    this.#edits.wrap(expression, '__snapK(', `,${JSON.stringify(name)})`);
  }

  #element(node: ts.ElementAccessExpression): void {
    const { argumentExpression: key } = node;
    if (ts.isStringLiteralLike(key) && NOTED.has(key.text)) this.#notedRead(node, key.text);
  }

  /** `const { stack } = error`, `const { a, ...others } = object` */
  #destructured(node: ts.VariableDeclaration): void {
    const { name: pattern, initializer } = node;
    if (initializer === undefined || !ts.isObjectBindingPattern(pattern)) return;
    for (const { name, propertyName } of pattern.elements) {
      const key = propertyName ?? name;
      if ((ts.isIdentifier(key) || ts.isStringLiteralLike(key)) && NOTED.has(key.text))
        this.#edits.wrap(initializer, '__snapK(', `,${JSON.stringify(key.text)})`);
    }
    if (takesTheRest(pattern)) this.#edits.wrap(initializer, '__snapN(', ')');
  }

  #call(node: ts.CallExpression, scope: Scope): void {
    const test = environmentTest(node, (name) => this.#source.scopes.find(name, scope) === undefined);
    if (test !== undefined) this.#edits.wrap(node, '__snapE(()=>', `,${JSON.stringify(test)})`);
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const start = this.#source.startOf(node.expression);
      this.#edits.insert(start, '__snapI/*', 1);
      this.#edits.insert(node.expression.end, '*/', 0);
    } else if (ts.isIdentifier(node.expression) && node.expression.text === 'eval') {
      this.#evaluation(node, scope);
    }
  }

  /** `eval(text)` reads and writes the variables around it; an argument that is spread makes it another function's call. */
  #evaluation({ arguments: [text], questionDotToken }: ts.CallExpression, scope: Scope): void {
    const isOwn = this.#source.scopes.find('eval', scope) !== undefined;
    if (text === undefined || ts.isSpreadElement(text) || isOwn || questionDotToken !== undefined) return;
    this.#edits.wrap(text, `__snapV(${this.#token(this.#source.scopes.root)},`, ')');
  }

  /** `eval` that is not called by its name evaluates in the global scope. */
  #evalReference(node: ts.Identifier): void {
    const { parent } = node;
    const isDirect = isCalled(node) && (parent as ts.CallExpression).questionDotToken === undefined;
    if (isDirect || isDeleted(node) || isTarget(node) || ts.isShorthandPropertyAssignment(parent)) return;
    this.#edits.wrap(node, '__snapX(', ')');
  }

  /** Lets the probe read a class's private fields, whose values nothing else can reach. */
  #privates(node: ts.ClassLikeDeclaration): void {
    const fields = node.members
      .filter((member): member is ts.PropertyDeclaration => ts.isPropertyDeclaration(member))
      .flatMap((member) => (ts.isPrivateIdentifier(member.name) ? [member.name.text] : []));
    if (fields.length === 0) return;
    const open = this.#source.text.indexOf(
      '{',
      node.heritageClauses?.end ?? node.name?.end ?? this.#source.startOf(node),
    );
    const reads = fields.map((field) => `${field} in o?o.${field}:0`).join(',');
    this.#edits.insert(open + 1, `static{__snapF(this,o=>[${reads}])}`, ENTRY_RANK);
  }

  /** Declares the owner and the getters of each scope that inner functions use, and of all names of the module. */
  #enterScopes(): void {
    const { text } = this.#source;
    for (const scope of this.#source.scopes.all()) {
      const getters = this.#getters(scope);
      const token = this.#tokens.get(scope);
      if (token === undefined && getters === '') continue;
      const call = `__snapC(()=>[${getters}])`;
      const at = bodyStart(scope.node, this.#file);
      if (at === undefined) this.#enterExpression(scope.node, call);
      else {
        // The leading semicolon ends a directive that was written without one.
        const lead = at > 0 && text[at - 1] !== '{' && text[at - 1] !== ';' ? ';' : '';
        this.#edits.insert(at, `${lead}${token ? `${this.#declaring(scope)} ${token}=` : ''}${call};`, ENTRY_RANK);
      }
    }
  }

  /** The variables of an evaluated text are those around it. */
  #declaring(scope: Scope): string {
    return this.#source.isEvaluated && scope === this.#source.scopes.root ? 'let' : 'var';
  }

  #getters(scope: Scope): string {
    const isRoot = scope === this.#source.scopes.root;
    const captured = this.#captured.get(scope) ?? NONE;
    const used = [...captured].filter((name) => !isRoot || (name !== 'arguments' && name !== 'this'));
    const others = isRoot ? [...scope.names].filter((name) => !captured.has(name) && !GIVEN.includes(name)) : [];
    const getter = (isUsed: 0 | 1) => (name: string) => `[${JSON.stringify(name)},()=>${name},${isUsed}]`;
    return [...used.map(getter(1)), ...others.map(getter(0))].join(',');
  }

  /** Where no statement can be put: `x => e`, `for (const a of b) f(() => a)`, a field's initialiser. */
  #enterExpression(node: ts.Node, call: string): void {
    if (ts.isArrowFunction(node)) this.#edits.wrap(node.body, `(${call},`, ')');
    else if (ts.isPropertyDeclaration(node) && node.initializer !== undefined)
      this.#edits.wrap(node.initializer, `(${call},`, ')');
    else if (ts.isIterationStatement(node, false)) {
      // Before all hooks of the statement itself.
      this.#edits.insert(this.#source.startOf(node.statement), `{${call};`, ENTRY_RANK);
      this.#edits.insert(node.statement.end, '}', CLOSING_RANK);
    } else if (ts.isCaseBlock(node)) {
      // Whichever of them is entered first.
      for (const { statements } of node.clauses) {
        const [first] = statements;
        if (first !== undefined) this.#edits.insert(this.#source.startOf(first), `${call};`, ENTRY_RANK);
      }
    }
  }
}
