// Which top-level statements of a module may be deferred: left out of its evaluation and run later, as they stand, without
// anybody being able to tell? Candidates are
//
//     const x = require('x');          what declares names once and for all, with values that are the same later
//     require('y');                    an expression of which that is true (self-contained.ts)
//
// that stand alone on their lines (own-lines.ts), so that no token that is kept moves; with relaxed columns they may share
// lines with others. That a statement is a candidate says nothing of whether deferring it is needed, nor of who uses its
// names at load: the analysis finds that out, and the plan (src/plan/) decides.
import { isBuiltin } from 'node:module';
import { ts } from 'ts-morph';
import { GIVEN, namesOf } from './names.js';
import { hasOwnLines } from './own-lines.js';
import { pureHelpers } from './pure-helpers.js';
import { isPrimitive, SelfContained } from './self-contained.js';
import type { SourceText } from './source-text.js';
import type { DeferrableStatement, StatementRange } from './static-facts.js';
import { isKnownRequest } from './syntax.js';

export interface Candidate extends DeferrableStatement {
  readonly names: readonly string[];
  readonly statement: ts.VariableStatement | ts.ExpressionStatement;
  readonly range: StatementRange;
}

export interface CandidateOptions {
  /** Statements that share their lines with others count, too: the columns of what is kept there change. Default: false. */
  readonly relaxedColumns?: boolean;
}

/** Whether something can see or change bindings of the module without naming them. */
function isOpaque({ names }: SourceText): boolean {
  const isGivenAnew = GIVEN.some((name) => names.isAssigned(name) || names.isDeclaredByModule(name));
  return isGivenAnew || names.hasWith || names.mentions('eval').length > 0 || names.usesModuleArguments;
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
  readonly #source: SourceText;
  readonly #required = new Set<string>();
  readonly #builtins = new Set<string>();
  readonly #constants = new Set<string>();
  readonly #candidates = new Map<string, number>();
  readonly #selfContained: SelfContained;
  readonly #helpers: ReadonlySet<string>;
  readonly #relaxedColumns: boolean;

  constructor(source: SourceText, { relaxedColumns = false }: CandidateOptions) {
    this.#source = source;
    this.#relaxedColumns = relaxedColumns;
    this.#helpers = pureHelpers(source);
    this.#selfContained = new SelfContained({
      isGlobal: (name) => source.names.isGlobal(name),
      helpers: this.#helpers,
      required: this.#required,
      builtins: this.#builtins,
      constants: this.#constants,
      candidates: this.#candidates,
    });
  }

  run(): Candidate[] {
    return this.#source.file.statements.flatMap((statement, index) => this.#candidate(statement, index) ?? []);
  }

  #isFixed(name: string): boolean {
    const { names } = this.#source;
    return names.isDeclaredOnce(name) && !names.isAssigned(name);
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
    const range = rangeOf(this.#source, statement, index, names);
    if (!this.#relaxedColumns && !hasOwnLines(this.#source, index, this.#helpers)) return undefined;
    const { line } = range;
    const { usesRequired, calls } = this.#selfContained;
    const requires = bareRequires(statement);
    return { index, line, names, statement, range, needs: [...needs], usesRequired, calls, requires };
  }
}

function rangeOf(
  source: SourceText,
  statement: Candidate['statement'],
  index: number,
  names: readonly string[],
): StatementRange {
  const before = source.file.statements[index - 1]?.end ?? 0;
  const place = { index, line: source.lineOf(statement), before, names };
  if (ts.isExpressionStatement(statement)) return { ...place, end: statement.expression.end };
  const list = statement.declarationList;
  const isScoped = (list.flags & ts.NodeFlags.BlockScoped) !== 0;
  const word = (list.flags & ts.NodeFlags.Const) !== 0 ? 'const' : isScoped ? 'let' : 'var';
  return { ...place, end: list.end, keyword: { word, at: source.startOf(list) } };
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
export function candidatesOf(source: SourceText, options: CandidateOptions = {}): Candidate[] {
  return isOpaque(source) ? [] : new CandidateSearch(source, options).run();
}
