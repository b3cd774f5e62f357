// May a module evaluate text (`eval`, `new Function`)? Stack traces tell where evaluated code comes from ("eval at f
// (file:1:2)"), and V8 counts these lines from the start of the text that it compiled; it does not heed a line offset
// there. So such a source cannot be compiled with the pack's wrapper on a line of its own before it. Where its first
// line holds no code, the wrapper's head is put there; else it is compiled as Node does it, without a wrapper and
// without a code cache.
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
