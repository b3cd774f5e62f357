// V8 tells where evaluated code comes from ("eval at f (file:1:2)") by the position in what was compiled, whatever offset
// that was given. So a source that may evaluate text is compiled as Node compiles it: without a line in front of it.
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

/** Whether a source names what evaluates text. */
export function mayEvaluate(file: ts.SourceFile): boolean {
  if (!NAMES.test(file.text)) return false;
  const visit = (node: ts.Node): boolean =>
    isEvaluator(node) || ts.forEachChild(node, (child) => visit(child) || undefined) === true;
  return visit(file);
}
