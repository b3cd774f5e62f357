// V8 tells where evaluated code comes from ("eval at f (file:1:2)") by the position in what was compiled, whatever offset
// that was given. So a source that may evaluate text gets no line in front of it: the wrapper's head stands in its first
// line, where that holds no code; else the source is compiled as Node compiles it, without a wrapper and a code cache.
import { ts } from 'ts-morph';

const NAMES = /eval|Function|constructor/;
/** Of `Function`: what nothing is evaluated with. */
const HARMLESS_MEMBERS: ReadonlySet<string> = new Set(['prototype', 'toString', 'name', 'length']);

function isEvaluator(node: ts.Node): boolean {
  if (ts.isIdentifier(node)) return node.text === 'eval' || (node.text === 'Function' && !isHarmless(node));
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  // `(async () => {}).constructor('…')`
  return ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'constructor';
}

function isHarmless({ parent }: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(parent) && HARMLESS_MEMBERS.has(parent.name.text);
}

/** Where code stands that may evaluate text: nowhere; in a source without code in its first line; anywhere. */
export type Evaluation = 'never' | 'below-first-line' | 'anywhere';

export function evaluation(file: ts.SourceFile): Evaluation {
  if (!mayEvaluate(file)) return 'never';
  const first = file.statements.find((statement) => !isDirective(statement));
  const isBelow = first !== undefined && file.getLineAndCharacterOfPosition(first.getStart(file)).line > 0;
  return isBelow ? 'below-first-line' : 'anywhere';
}

/** Or another string that nothing is done with. */
function isDirective(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
}

function mayEvaluate(file: ts.SourceFile): boolean {
  if (!NAMES.test(file.text)) return false;
  const visit = (node: ts.Node): boolean =>
    isEvaluator(node) || ts.forEachChild(node, (child) => visit(child) || undefined) === true;
  return visit(file);
}
