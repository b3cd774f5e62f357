// V8 tells where evaluated code comes from ("eval at f (file:1:2)") by the position in what was compiled, whatever offset
// that was given. So a source that may evaluate text gets no line in front of it: the wrapper's head stands in its first
// line, where that holds no code; else the source is compiled as Node compiles it, without a wrapper and a code cache.
import { ts } from 'ts-morph';
import type { SourceText } from './source-text.js';

/** Of `Function`: what nothing is evaluated with. */
const HARMLESS_MEMBERS: ReadonlySet<string> = new Set(['prototype', 'toString', 'name', 'length']);

function isHarmless({ parent }: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(parent) && HARMLESS_MEMBERS.has(parent.name.text);
}

/** `(async () => {}).constructor('…')`, with or without `new`. */
function isConstructorCalled(node: ts.Identifier): boolean {
  const { parent: access } = node;
  if (!ts.isPropertyAccessExpression(access) || access.name !== node) return false;
  const { parent: call } = access;
  return (ts.isCallExpression(call) || ts.isNewExpression(call)) && call.expression === access;
}

/** Where code stands that may evaluate text: nowhere; in a source without code in its first line; anywhere. */
export type Evaluation = 'never' | 'below-first-line' | 'anywhere';

export function evaluation(source: SourceText): Evaluation {
  if (!mayEvaluate(source)) return 'never';
  const first = source.file.statements.find((statement) => !isDirective(statement));
  return first !== undefined && source.lineOf(first) > 1 ? 'below-first-line' : 'anywhere';
}

/** Or another string that nothing is done with. */
function isDirective(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
}

function mayEvaluate({ names }: SourceText): boolean {
  if (names.mentions('eval').length > 0) return true;
  if (!names.mentions('Function').every(isHarmless)) return true;
  return names.mentions('constructor').some(isConstructorCalled);
}
