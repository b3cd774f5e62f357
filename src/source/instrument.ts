// Rewrites a module's source for the throw-away analysis: notes writes to outer bindings and private fields, stack
// reads and import(), and lets the probe look into scopes. Lines stay where they are; columns do not.
// The same walk collects the static facts. Hooks are in probe/hooks.cts.
import { ts } from 'ts-morph';
import { bodyStart, canHoldToken } from './body-start.js';
import { type Candidate, type CandidateOptions, candidatesOf, moduleText, parseModule } from './candidates.js';
import { caughtRequest } from './caught-requests.js';
import { comparedReadings } from './compared-clock.js';
import { BETWEEN_RANK, CLOSING_RANK, Edits, ENTRY_RANK, STATEMENT_RANK } from './edits.js';
import { environmentTest } from './environment-test.js';
import { evaluation } from './evaluates.js';
import { destructuredPaths, dottedPath } from './member-paths.js';
import { type FoundUses, memberUses } from './member-uses.js';
import { requireRun } from './require-run.js';
import { type FunctionScope, isReference, type Scope, ScopeTree } from './scopes.js';
import { STANDARD } from './standard-globals.js';
import { type StaticFacts, UNPARSED } from './static-facts.js';
import {
  comparedWithModule,
  isAssignment,
  isDeleted,
  isInOptionalChain,
  isInPattern,
  isMainModule,
  isTarget,
  takesTheRest,
} from './syntax.js';

export interface Instrumented {
  readonly code: string;
  /** Where `code` has what `source` has not, in order: an offset in `code`, a length, an offset, … */
  readonly inserted: readonly number[];
  readonly facts: StaticFacts;
}

const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

export interface InstrumentOptions extends CandidateOptions {
  /** Whether it is no module, but a text that one has evaluated. */
  readonly isEvaluated?: boolean;
}

/** `source` is CommonJS text; never throws. */
export function instrument(source: string, options: InstrumentOptions = {}): Instrumented {
  try {
    const file = parseModule(source);
    return new Instrumenter(file, file.text, options).run();
  } catch (error) {
    // Deep nesting exhausts the stack of any recursive walk; such a file is run as it is, and not baked.
    if (error instanceof RangeError) return { code: moduleText(source), inserted: [], facts: UNPARSED };
    throw error;
  }
}

class Instrumenter {
  readonly #file: ts.SourceFile;
  readonly #text: string;
  readonly #tree: ScopeTree;
  readonly #edits: Edits;
  readonly #patternDefaults = new Set<ts.Node>();
  readonly #free = new Set<string>();
  readonly #members = new Set<string>();
  readonly #strings = new Set<string>();
  readonly #caughtRequests = new Set<string>();
  readonly #isEvaluated: boolean;
  #imports = false;
  #eval = false;
  #caller = false;
  #workerThreads = false;
  #workerName = false;
  readonly #tokens = new Map<FunctionScope, string>();
  readonly #candidates: readonly Candidate[];
  /** Root names that a candidate declares. */
  readonly #deferrable = new Map<string, number>();
  readonly #memberUses: FoundUses;

  constructor(file: ts.SourceFile, text: string, options: InstrumentOptions) {
    this.#file = file;
    this.#text = text;
    this.#edits = new Edits(file);
    this.#tree = new ScopeTree(file);
    this.#isEvaluated = options.isEvaluated ?? false;
    if (!this.#isEvaluated) for (const name of PARAMETERS) this.#tree.root.names.add(name);
    this.#candidates = this.#isEvaluated ? [] : candidatesOf(file, options);
    this.#memberUses = this.#isEvaluated ? { requests: [], uses: [] } : memberUses(file, isReference);
    for (const { index, names } of this.#candidates) for (const name of names) this.#deferrable.set(name, index);
  }

  run(): Instrumented {
    ts.forEachChild(this.#file, (child) => this.#visit(child, this.#tree.root));
    for (const { node, request } of this.#memberUses.uses)
      this.#prefix(node, `__snapU(${this.#token(this.#tree.root)},${JSON.stringify(request)})`);
    this.#enterScopes();
    for (const { index, statement } of this.#candidates) {
      this.#edits.insert(statement.getStart(this.#file), `__snapS(${index});`, ENTRY_RANK + 1);
      this.#edits.insert(statement.end, ';__snapS(-1);', CLOSING_RANK + 1);
    }
    return { ...this.#edits.apply(), facts: this.#facts() };
  }

  #facts(): StaticFacts {
    return {
      parsed: true,
      freeNames: [...this.#free].sort(),
      globalMembers: [...this.#members].sort(),
      dynamicImports: this.#imports,
      directEval: this.#eval,
      callerRead: this.#caller,
      nameStrings: [...this.#strings].sort(),
      startsWorkers: this.#workerThreads && this.#workerName,
      comparedReadings: comparedReadings(this.#file, this.#tree),
      candidates: this.#candidates.map(({ index, line, needs, usesRequired, calls, requires }) => {
        return { index, line, needs, usesRequired, calls, requires };
      }),
      caughtRequests: [...this.#caughtRequests].sort(),
      memberUses: this.#memberUses.requests,
      requireRun: requireRun(this.#file),
      evaluation: evaluation(this.#file),
    };
  }

  #visit(node: ts.Node, around: Scope): void {
    const scope = this.#tree.of(node, around);
    if (ts.isIdentifier(node)) this.#reference(node, scope);
    else if (ts.isBinaryExpression(node)) this.#binary(node, scope);
    else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) this.#update(node, scope);
    else if (ts.isDeleteExpression(node)) this.#deletion(node);
    else if (ts.isWithStatement(node)) this.#edits.wrap(node.expression, '__snapM(', ')');
    else if (ts.isForInStatement(node) || ts.isForOfStatement(node)) this.#loop(node, scope);
    else if (ts.isPropertyAccessExpression(node)) this.#member(node);
    else if (ts.isElementAccessExpression(node)) this.#element(node);
    else if (ts.isCallExpression(node)) this.#call(node, scope);
    else if (ts.isClassLike(node)) this.#privates(node);
    else if (ts.isVariableDeclaration(node)) this.#destructured(node);
    else if (ts.isStringLiteralLike(node)) this.#string(node.text);
    else if (ts.isSpreadAssignment(node)) this.#spread(node);
    if (node.kind === ts.SyntaxKind.ThisKeyword) this.#this(scope);
    if (ts.isIdentifier(node) && node.text === 'Worker') this.#workerName = true;
    ts.forEachChild(node, (child) => this.#visit(child, scope));
  }

  /** An arrow function keeps the `this` of the function around it. */
  #this(scope: Scope): void {
    let { home } = scope;
    if (!ts.isArrowFunction(home.node)) return;
    while (ts.isArrowFunction(home.node) && home.parent !== undefined) home = home.parent.home;
    home.captured.add('this');
  }

  #reference(node: ts.Identifier, scope: Scope): void {
    if (!isReference(node)) return;
    const declared = this.#tree.find(node.text, scope);
    if (!declared) {
      this.#free.add(node.text);
      if (node.text === 'eval') this.#evalReference(node);
    }
    if (declared !== undefined && declared.home !== scope.home) declared.captured.add(node.text);
    const index = declared === this.#tree.root ? this.#deferrable.get(node.text) : undefined;
    if (index !== undefined) this.#touch(node, index);
  }

  /** A use of a name that a candidate declares. `delete name` looks at no value, and answers for a name alone. */
  #touch(node: ts.Identifier, index: number): void {
    if (isDeleted(node)) return;
    const hook = `__snapL(${this.#token(this.#tree.root)},${index})`;
    if (ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node)
      this.#edits.insert(node.end, `:(${hook},${node.text})`, 0);
    else this.#prefix(node, hook);
  }

  /** Puts a hook before a name. */
  #prefix(node: ts.Identifier, hook: string): void {
    const start = node.getStart(this.#file);
    if (this.#startsStatement(node)) this.#edits.insert(start, `${hook},`, STATEMENT_RANK);
    else {
      // Innermost of all that wraps this very name.
      this.#edits.insert(start, `(${hook},`, 0.5 - node.end);
      this.#edits.insert(node.end, ')', CLOSING_RANK - start - 0.5);
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

  #binary(node: ts.BinaryExpression, scope: Scope): void {
    if (node.operatorToken.kind === ts.SyntaxKind.InKeyword) this.#presence(node);
    else this.#assignment(node, scope);
  }

  /** `a in b` becomes `__snapH(a,/*in*\/b)`. */
  #presence({ left, operatorToken, right }: ts.BinaryExpression): void {
    if (ts.isPrivateIdentifier(left)) return;
    this.#edits.insert(left.getStart(this.#file), '__snapH(', -right.end);
    this.#edits.insert(left.end, ',', BETWEEN_RANK);
    this.#edits.insert(operatorToken.getStart(this.#file), '/*', 1);
    this.#edits.insert(operatorToken.end, '*/', BETWEEN_RANK);
    this.#edits.insert(right.end, ')', CLOSING_RANK - left.getStart(this.#file));
  }

  #spread(node: ts.SpreadAssignment): void {
    if (!isInPattern(node)) this.#edits.wrap(node.expression, '__snapN(', ')');
  }

  #assignment(node: ts.BinaryExpression, scope: Scope): void {
    if (!isAssignment(node.operatorToken.kind)) return;
    if (this.#patternDefaults.has(node)) return;
    this.#before(node, this.#targets(node.left, scope));
  }

  #update(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, scope: Scope): void {
    if (node.operator !== ts.SyntaxKind.PlusPlusToken && node.operator !== ts.SyntaxKind.MinusMinusToken) return;
    this.#before(node, this.#targets(node.operand, scope));
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
    if (this.#startsStatement(node)) this.#edits.insert(node.getStart(this.#file), `${hooks.join(',')},`, -node.end);
    else this.#edits.wrap(node, `(${hooks.join(',')},`, ')');
  }

  #string(text: string): void {
    if (IDENTIFIER.test(text)) this.#strings.add(text);
    if (text === 'worker_threads' || text === 'node:worker_threads') this.#workerThreads = true;
  }

  #member(node: ts.PropertyAccessExpression): void {
    const name = node.name.text;
    if (name === 'caller') this.#caller = true;
    if (isMainModule(node) && comparedWithModule(node)) this.#edits.wrap(node.expression, '__snapQ(', ')');
    const path = dottedPath(node);
    const root = path?.split('.')[0];
    if (path && root !== undefined && STANDARD.has(root)) this.#members.add(path);
    if (ts.isIdentifier(node.expression) && /^global(?:This)?$/.test(node.expression.text)) {
      this.#free.add(name);
      if (name === 'eval' && !isTarget(node) && !isDeleted(node)) this.#edits.wrap(node, '__snapX(', ')');
    }
    if (name === 'stack') this.#stackRead(node);
  }

  /** What is looked at may be an error, whose stack tells where it is evaluated. */
  #stackRead({ expression, questionDotToken }: ts.PropertyAccessExpression | ts.ElementAccessExpression): void {
    if (expression.kind === ts.SyntaxKind.SuperKeyword) return;
    // Of `a?.b.stack` the parts before belong together; `a?.stack` can be looked at.
    if (isInOptionalChain(expression) || (questionDotToken === undefined && isInOptionalChain(expression.parent)))
      return;
    this.#edits.wrap(expression, '__snapK(', ')');
  }

  #element(node: ts.ElementAccessExpression): void {
    const { argumentExpression: key, parent } = node;
    const isTarget = ts.isBinaryExpression(parent) && parent.left === node;
    if (ts.isStringLiteralLike(key) && key.text === 'stack' && !isTarget) this.#stackRead(node);
  }

  /** `const { toJSON } = URL.prototype` reads what `URL.prototype.toJSON` reads. */
  #destructured(node: ts.VariableDeclaration): void {
    const isStack =
      ts.isObjectBindingPattern(node.name) &&
      node.name.elements.some(({ name, propertyName }) => {
        const key = propertyName ?? name;
        return (ts.isIdentifier(key) || ts.isStringLiteralLike(key)) && key.text === 'stack';
      });
    if (isStack && node.initializer !== undefined) this.#edits.wrap(node.initializer, '__snapK(', ')');
    if (node.initializer !== undefined && takesTheRest(node.name)) this.#edits.wrap(node.initializer, '__snapN(', ')');
    for (const path of destructuredPaths(node)) {
      const [root = '', name] = path.split('.');
      if (name === undefined) this.#free.add(root);
      else if (STANDARD.has(root)) this.#members.add(path);
    }
  }

  #call(node: ts.CallExpression, scope: Scope): void {
    const test = environmentTest(node, (name) => this.#tree.find(name, scope) === undefined);
    if (test !== undefined) this.#edits.wrap(node, '__snapE(()=>', `,${JSON.stringify(test)})`);
    const request = caughtRequest(node);
    if (request !== undefined) this.#caughtRequests.add(request);
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      this.#imports = true;
      const start = node.expression.getStart(this.#file);
      this.#edits.insert(start, '__snapI/*', 1);
      this.#edits.insert(node.expression.end, '*/', 0);
    } else if (ts.isIdentifier(node.expression) && node.expression.text === 'eval') {
      this.#eval = true;
      this.#evaluation(node, scope);
    }
  }

  /** `eval(text)` reads and writes the variables around it; an argument that is spread makes it another function's call. */
  #evaluation({ arguments: [text], questionDotToken }: ts.CallExpression, scope: Scope): void {
    const isOwn = this.#tree.find('eval', scope) !== undefined;
    if (text === undefined || ts.isSpreadElement(text) || isOwn || questionDotToken !== undefined) return;
    this.#edits.wrap(text, `__snapV(${this.#token(this.#tree.root)},`, ')');
  }

  /** `eval` that is not called by its name evaluates in the global scope. */
  #evalReference(node: ts.Identifier): void {
    const { parent } = node;
    const isCalled = ts.isCallExpression(parent) && parent.expression === node && parent.questionDotToken === undefined;
    if (isCalled || isDeleted(node) || isTarget(node) || ts.isShorthandPropertyAssignment(parent)) return;
    this.#edits.wrap(node, '__snapX(', ')');
  }

  /** Lets the probe read a class's private fields, whose values nothing else can reach. */
  #privates(node: ts.ClassLikeDeclaration): void {
    const fields = node.members
      .filter((member): member is ts.PropertyDeclaration => ts.isPropertyDeclaration(member))
      .flatMap((member) => (ts.isPrivateIdentifier(member.name) ? [member.name.text] : []));
    if (fields.length === 0) return;
    const open = this.#text.indexOf('{', node.heritageClauses?.end ?? node.name?.end ?? node.getStart(this.#file));
    const reads = fields.map((field) => `${field} in o?o.${field}:0`).join(',');
    this.#edits.insert(open + 1, `static{__snapF(this,o=>[${reads}])}`, ENTRY_RANK);
  }

  /** Declares the owner and the getters of each scope that inner functions use, and of all names of the module. */
  #enterScopes(): void {
    for (const scope of this.#tree.all()) {
      const getters = this.#getters(scope);
      const token = this.#tokens.get(scope);
      if (token === undefined && getters === '') continue;
      const call = `__snapC(()=>[${getters}])`;
      const at = bodyStart(scope.node, this.#file);
      if (at === undefined) this.#enterExpression(scope.node, call);
      else {
        // The leading semicolon ends a directive that was written without one.
        const lead = at > 0 && this.#text[at - 1] !== '{' && this.#text[at - 1] !== ';' ? ';' : '';
        this.#edits.insert(at, `${lead}${token ? `${this.#declaring(scope)} ${token}=` : ''}${call};`, ENTRY_RANK);
      }
    }
  }

  /** The variables of an evaluated text are those around it. */
  #declaring(scope: Scope): string {
    return this.#isEvaluated && scope === this.#tree.root ? 'let' : 'var';
  }

  #getters(scope: Scope): string {
    const isRoot = scope === this.#tree.root;
    const used = [...scope.captured].filter((name) => !isRoot || (name !== 'arguments' && name !== 'this'));
    const others = isRoot
      ? [...scope.names].filter((name) => !scope.captured.has(name) && !PARAMETERS.includes(name))
      : [];
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
      this.#edits.insert(node.statement.getStart(this.#file), `{${call};`, ENTRY_RANK);
      this.#edits.insert(node.statement.end, '}', CLOSING_RANK);
    } else if (ts.isCaseBlock(node)) {
      // Whichever of them is entered first.
      for (const { statements } of node.clauses) {
        const at = statements[0]?.getStart(this.#file);
        if (at !== undefined) this.#edits.insert(at, `${call};`, ENTRY_RANK);
      }
    }
  }
}
