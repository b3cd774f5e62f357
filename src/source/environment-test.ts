// A module may look for environment variables by a test of their names, as `debug` does:
//
//     Object.keys(process.env).filter((key) => /^debug_/i.test(key))
//
// Where no variable passed the test while the module was baked, the launcher has to know that none passes now. It can run
// the test again if that uses nothing but the name: then the test's text is stored with the snapshot, as a guard.
import { ts } from 'ts-morph';
import { isAssignment } from './writes.js';

const { SyntaxKind } = ts;
type Test = (ts.ArrowFunction | ts.FunctionExpression) & { readonly body: ts.ConciseBody };

/** Methods of strings, and of regular expressions without state, that change nothing and call nothing of the program's. */
const METHODS = new Set([
  ...['test', 'startsWith', 'endsWith', 'includes', 'indexOf', 'charAt'],
  ...['slice', 'substring', 'substr', 'toLowerCase', 'toUpperCase', 'trim'],
]);

/** The source text of the test, or undefined where the call is anything else. */
export function environmentTest(call: ts.CallExpression, isGlobal: (name: string) => boolean): string | undefined {
  const { expression: callee, arguments: args } = call;
  const [test] = args;
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'filter' || args.length !== 1) return undefined;
  if (!isGlobal('Object') || !isGlobal('process') || !listsEnvironment(callee.expression)) return undefined;
  if (test === undefined || !isPlainFunction(test)) return undefined;
  const parameter = onlyParameter(test);
  const answer = answerOf(test);
  if (parameter === undefined || answer === undefined || !isPure(answer, parameter)) return undefined;
  return test.getText();
}

/** `Object.keys(process.env)` */
function listsEnvironment(node: ts.Expression): boolean {
  return ts.isCallExpression(node) && isPath(node.expression, ['Object', 'keys']) && isEnvironment(node.arguments);
}

function isEnvironment([argument, ...others]: readonly ts.Expression[]): boolean {
  return argument !== undefined && others.length === 0 && isPath(argument, ['process', 'env']);
}

function isPath(node: ts.Expression, [root, member]: readonly [string, string]): boolean {
  if (!ts.isPropertyAccessExpression(node) || node.questionDotToken !== undefined) return false;
  return ts.isIdentifier(node.expression) && node.expression.text === root && node.name.text === member;
}

function isPlainFunction(node: ts.Expression): node is Test {
  const isPlain = ts.isArrowFunction(node) || (ts.isFunctionExpression(node) && node.asteriskToken === undefined);
  return isPlain && node.modifiers === undefined;
}

function onlyParameter({ parameters }: Test): string | undefined {
  const [parameter, ...others] = parameters;
  if (parameter === undefined || others.length > 0 || !ts.isIdentifier(parameter.name)) return undefined;
  return parameter.initializer === undefined && parameter.dotDotDotToken === undefined
    ? parameter.name.text
    : undefined;
}

function answerOf({ body }: Test): ts.Expression | undefined {
  if (!ts.isBlock(body)) return body;
  const [statement, ...others] = body.statements;
  return statement !== undefined && ts.isReturnStatement(statement) && others.length === 0
    ? statement.expression
    : undefined;
}

function isPure(node: ts.Expression, parameter: string): boolean {
  if (ts.isIdentifier(node)) return node.text === parameter;
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return true;
  if (ts.isRegularExpressionLiteral(node)) return !/[gy][a-z]*$/.test(node.text);
  if (ts.isParenthesizedExpression(node)) return isPure(node.expression, parameter);
  if (ts.isPrefixUnaryExpression(node))
    return node.operator === SyntaxKind.ExclamationToken && isPure(node.operand, parameter);
  if (ts.isBinaryExpression(node))
    return isPure(node.left, parameter) && isPure(node.right, parameter) && !isAssignment(node);
  return isMethodCall(node, parameter);
}

function isMethodCall(node: ts.Expression, parameter: string): boolean {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const { expression: holder, name } = node.expression;
  return METHODS.has(name.text) && [holder, ...node.arguments].every((part) => isPure(part, parameter));
}
