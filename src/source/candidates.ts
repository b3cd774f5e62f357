// Which top-level statements of a CommonJS source can be left out of its evaluation and run later, as they stand, with
// nobody able to tell? Variable statements with self-contained initialisers, whose names nothing else assigns or declares,
// and self-contained expressions, on lines of their own: what is put in stands at the end of the statement before and after the last token, so no kept
// token moves. Whether one needs to be deferred, and whether something touches its names before, is for the analysis and the
// plan (src/plan/) to say. With relaxed columns they may share their lines with others: what is kept stays on its line.
import { isBuiltin } from 'node:module';
import { ts } from 'ts-morph';
import { GIVEN, namesOf } from './names.js';
import { pureHelpers } from './pure-helpers.js';
import { isKnownRequest, isPrimitive, SelfContained } from './self-contained.js';

export interface Candidate {
  /** Among the statements of the source. */
  readonly index: number;
  /** 1-based, of its first token. */
  readonly line: number;
  readonly names: readonly string[];
  readonly statement: ts.VariableStatement | ts.ExpressionStatement;
  /** Where the text before it ends: its declarations are put there. */
  readonly before: number;
  /** Candidates whose names it uses: they are deferred when it is. */
  readonly needs: readonly number[];
  /** Whether it uses a name that an earlier `require` of a file was bound to. */
  readonly usesRequired: boolean;
  /** Whether it calls anything but `require`, helpers of its module, and methods of environment variables. */
  readonly calls: boolean;
  /** How many calls of `require` it makes, where it does nothing else; else 0. */
  readonly requires: number;
}

export interface CandidateOptions {
  /** Statements that share their lines with others count, too: the columns of what is kept there change. Default: false. */
  readonly relaxedColumns?: boolean;
}

/** As Node compiles it, but for the first line of a script, which becomes a comment of the same length. */
export function moduleText(source: string): string {
  return source.startsWith('#!') ? `//${source.slice(2)}` : source;
}

export function parseModule(source: string): ts.SourceFile {
  return ts.createSourceFile('module.cjs', moduleText(source), ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
}

function isUpdate({ operator }: ts.PrefixUnaryExpression): boolean {
  return operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;
}

interface Place {
  /** Of all functions. */
  readonly isOutside: boolean;
  /** `arguments` here belong to the module. */
  readonly isRoot: boolean;
}

/** What one walk over the file tells about its names: by text, whatever the scope, which errs on the safe side. */
class NameUse {
  readonly assigned = new Set<string>();
  readonly #declared = new Map<string, number>();
  /** Outside of all functions. */
  readonly #ofModule = new Set<string>();
  /** Something that can see or change bindings without naming them. */
  isOpaque = false;

  constructor(file: ts.SourceFile) {
    ts.forEachChild(file, (child) => this.#visit(child, { isOutside: true, isRoot: true }));
    if (GIVEN.some((name) => this.assigned.has(name) || this.#ofModule.has(name))) this.isOpaque = true;
  }

  isDeclared(name: string): boolean {
    return this.#declared.has(name);
  }

  isDeclaredOnce(name: string): boolean {
    return this.#declared.get(name) === 1;
  }

  #declare(name: string, { isOutside }: Place): void {
    this.#declared.set(name, (this.#declared.get(name) ?? 0) + 1);
    if (isOutside) this.#ofModule.add(name);
  }

  #visit(node: ts.Node, place: Place): void {
    if (ts.isVariableDeclaration(node) || ts.isParameter(node)) {
      for (const bound of namesOf(node.name)) this.#declare(bound, place);
    } else if (
      (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isClassLike(node)) &&
      node.name !== undefined
    ) {
      this.#declare(node.name.text, place);
    } else if (ts.isBinaryExpression(node)) {
      const operator = node.operatorToken.kind;
      if (operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment)
        this.#target(node.left);
    } else if (ts.isPostfixUnaryExpression(node) || (ts.isPrefixUnaryExpression(node) && isUpdate(node))) {
      this.#target(node.operand);
    } else if (ts.isForInStatement(node) || ts.isForOfStatement(node)) this.#target(node.initializer);
    else if (ts.isWithStatement(node)) this.isOpaque = true;
    else if (ts.isIdentifier(node) && (node.text === 'eval' || (place.isRoot && node.text === 'arguments'))) {
      this.isOpaque = true;
    }
    const isFunction = ts.isFunctionLike(node);
    const isOutside = place.isOutside && !isFunction;
    const isRoot = place.isRoot && (!isFunction || ts.isArrowFunction(node));
    ts.forEachChild(node, (child) => this.#visit(child, { isOutside, isRoot }));
  }

  /** Every identifier in an assignment's target, those of member expressions too. */
  #target(node: ts.Node): void {
    if (ts.isIdentifier(node)) this.assigned.add(node.text);
    else if (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)) this.#pattern(node);
    else if (ts.isParenthesizedExpression(node) || ts.isSpreadElement(node)) this.#target(node.expression);
    else if (ts.isBinaryExpression(node)) this.#target(node.left);
  }

  #pattern(node: ts.ObjectLiteralExpression | ts.ArrayLiteralExpression): void {
    if (ts.isArrayLiteralExpression(node)) {
      for (const element of node.elements) this.#target(element);
      return;
    }
    for (const property of node.properties) {
      if (ts.isShorthandPropertyAssignment(property)) this.assigned.add(property.name.text);
      else if (ts.isPropertyAssignment(property)) this.#target(property.initializer);
      else if (ts.isSpreadAssignment(property)) this.#target(property.expression);
    }
  }
}

/** Alone on its lines: nothing kept stands before its first token or behind its last one. */
function hasOwnLines(file: ts.SourceFile, index: number, before: number, helpers: ReadonlySet<string>): boolean {
  const statement = file.statements[index] as ts.Statement;
  const next = file.statements[index + 1];
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line;
  const start = statement.getStart(file);
  if (index > 0 && lineOf(before) >= lineOf(start)) return false;
  if (index > 0 && runsOnLastLine(file, file.statements[index - 1] as ts.Statement, helpers)) return false;
  return next === undefined || lineOf(next.getStart(file)) > lineOf(statement.end);
}

/**
 * Whether code on a statement's last line may run, and fail, after the module is loaded: Node shows the line of an uncaught
 * error as it stands in what was compiled, and what is put in stands at the end of that line. Helpers do not fail.
 */
function runsOnLastLine(file: ts.SourceFile, statement: ts.Statement, helpers: ReadonlySet<string>): boolean {
  if (ts.isFunctionDeclaration(statement) && helpers.has(statement.name?.text ?? '')) return false;
  const text = file.text;
  const lineStart = text.lastIndexOf('\n', statement.end - 1) + 1;
  const visit = (node: ts.Node, isInner: boolean): boolean => {
    if (node.end <= lineStart) return false;
    const inner = isInner || runsLater(node);
    const isToken = node.getChildCount(file) === 0 && node.getStart(file) >= lineStart;
    if (inner && isToken && !/^[[\](){};,]*$/.test(node.getText(file))) return true;
    return node.getChildren(file).some((child) => visit(child, inner));
  };
  return visit(statement, false);
}

/** The body of a function, a parameter that does more than to name, the value of a field. */
function runsLater(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isParameter(node)) return node.initializer !== undefined || !ts.isIdentifier(node.name);
  if (ts.isPropertyDeclaration(node)) return true;
  return parent !== undefined && ts.isFunctionLike(parent) && 'body' in parent && parent.body === node;
}

/** `const x = require('…').y.z`: what it binds never changes. */
function isRequired(expression: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(expression)) return isRequired(expression.expression);
  return ts.isCallExpression(expression) && isKnownRequest(expression);
}

/** The same, of a built-in: no file can take its place. */
function isBuiltinRequired(expression: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(expression)) return isBuiltinRequired(expression.expression);
  const [request] = ts.isCallExpression(expression) ? expression.arguments : [];
  return request !== undefined && ts.isStringLiteralLike(request) && isBuiltin(request.text);
}

class CandidateSearch {
  readonly #file: ts.SourceFile;
  readonly #use: NameUse;
  readonly #required = new Set<string>();
  readonly #builtins = new Set<string>();
  readonly #constants = new Set<string>();
  readonly #candidates = new Map<string, number>();
  readonly #selfContained: SelfContained;
  readonly #helpers: ReadonlySet<string>;
  readonly #relaxedColumns: boolean;

  constructor(file: ts.SourceFile, { relaxedColumns = false }: CandidateOptions) {
    this.#file = file;
    this.#relaxedColumns = relaxedColumns;
    this.#use = new NameUse(file);
    const isGlobal = (name: string) => !this.#use.isDeclared(name) && !this.#use.assigned.has(name);
    this.#helpers = pureHelpers(file, {
      isGlobal,
      isAssigned: (name) => this.#use.assigned.has(name),
      isDeclaredOnce: (name) => this.#use.isDeclaredOnce(name),
    });
    const [required, builtins] = [this.#required, this.#builtins];
    const [constants, candidates] = [this.#constants, this.#candidates];
    this.#selfContained = new SelfContained({
      isGlobal,
      helpers: this.#helpers,
      required,
      builtins,
      constants,
      candidates,
    });
  }

  run(): Candidate[] {
    if (this.#use.isOpaque) return [];
    return this.#file.statements.flatMap((statement, index) => this.#candidate(statement, index) ?? []);
  }

  #isFixed(name: string): boolean {
    return this.#use.isDeclaredOnce(name) && !this.#use.assigned.has(name);
  }

  #hasItsPlace(index: number, before: number): boolean {
    return this.#relaxedColumns || hasOwnLines(this.#file, index, before, this.#helpers);
  }

  #candidate(statement: ts.Statement, index: number): Candidate | undefined {
    if (ts.isExpressionStatement(statement)) return this.#expressionCandidate(statement, index);
    if (!ts.isVariableStatement(statement) || statement.modifiers !== undefined) return undefined;
    const { declarations, flags } = statement.declarationList;
    // `await using`, too: its flags are those of `using` and of `const`.
    if ((flags & ts.NodeFlags.Using) !== 0) return undefined;
    const initializers = declarations.flatMap(({ initializer }) => initializer ?? []);
    const names = declarations.flatMap(({ name }) => namesOf(name));
    if (initializers.length < declarations.length || !names.every((name) => this.#isFixed(name))) return undefined;
    const needs = declarations.every(({ name }) => isPlainName(name))
      ? this.#selfContained.needsOf(initializers, names)
      : null;
    const areRequired = initializers.every(isRequired);
    const areBuiltins = initializers.every(isBuiltinRequired);
    for (const name of names) if (areRequired) (areBuiltins ? this.#builtins : this.#required).add(name);
    const found = needs === null ? undefined : this.#inPlace(statement, index, names, needs);
    if (found === undefined || areRequired) return found;
    // What has no state is the same whenever it is used.
    const areConstant = initializers.every(isPrimitive) && declarations.every(({ name }) => ts.isIdentifier(name));
    for (const name of names) {
      if (areConstant) this.#constants.add(name);
      else this.#candidates.set(name, index);
    }
    return found;
  }

  /** Its value is dropped; a string may be a directive. */
  #expressionCandidate(statement: ts.ExpressionStatement, index: number): Candidate | undefined {
    if (ts.isStringLiteral(statement.expression)) return undefined;
    const needs = this.#selfContained.needsOf([statement.expression]);
    return needs === null ? undefined : this.#inPlace(statement, index, [], needs);
  }

  #inPlace(
    statement: Candidate['statement'],
    index: number,
    names: readonly string[],
    needs: ReadonlySet<number>,
  ): Candidate | undefined {
    const before = this.#file.statements[index - 1]?.end ?? 0;
    if (!this.#hasItsPlace(index, before)) return undefined;
    const line = this.#file.getLineAndCharacterOfPosition(statement.getStart(this.#file)).line + 1;
    const { usesRequired, calls } = this.#selfContained;
    const requires = bareRequires(statement);
    return { index, line, names, statement, before, needs: [...needs], usesRequired, calls, requires };
  }
}

function isBareRequire(node: ts.Expression | undefined): boolean {
  return node !== undefined && ts.isCallExpression(node) && isKnownRequest(node);
}

/** `const a = require('a'), b = require('b')`; 0 where it is anything else. */
function bareRequires(statement: Candidate['statement']): number {
  if (ts.isExpressionStatement(statement)) return isBareRequire(statement.expression) ? 1 : 0;
  const { declarations } = statement.declarationList;
  const areBare = declarations.every(({ name, initializer }) => ts.isIdentifier(name) && isBareRequire(initializer));
  return areBare ? declarations.length : 0;
}

/** A name, or a pattern without defaults and computed keys. */
function isPlainName(name: ts.BindingName): boolean {
  if (ts.isIdentifier(name)) return true;
  return name.elements.every(
    (element) =>
      ts.isOmittedExpression(element) ||
      (element.initializer === undefined &&
        (element.propertyName === undefined || !ts.isComputedPropertyName(element.propertyName)) &&
        isPlainName(element.name)),
  );
}

/** In the order of the source. Those of strict columns are among those of relaxed ones, and the same there. */
export function candidatesOf(file: ts.SourceFile, options: CandidateOptions = {}): Candidate[] {
  return new CandidateSearch(file, options).run();
}
