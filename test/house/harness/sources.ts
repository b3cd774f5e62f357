// The project's own sources, read with the TypeScript parser: what each imports, and how long its functions are.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** One import, export-from, `require` or `import()` of a source. */
export interface Import {
  /** Of a file of ours: its path from the root, as a source. Else as it is written. */
  readonly target: string;
  readonly isRelative: boolean;
  /** Gone at run time. */
  readonly isType: boolean;
  /** Evaluated when the importing file is; `import()` is not. */
  readonly isEager: boolean;
}

export interface LongFunction {
  readonly line: number;
  readonly lines: number;
}

export interface Source {
  /** From the root: `src/plan/order.ts`. */
  readonly file: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly functions: readonly LongFunction[];
  /** Lines that ask for the version of the node that runs them. */
  readonly versionTests: readonly number[];
}

/** The sources below some folders, without what is installed there. */
export function sourcesIn(folders: readonly string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.c?ts$/.test(name) && !name.endsWith('.d.ts'))
      .filter((name) => !/(?:^|\/)(?:node_modules|corpus|fixtures)\//.test(name))
      .map((name) => read(`${folder}/${name}`))
      .sort((a, b) => (a.file < b.file ? -1 : 1)),
  );
}

function read(file: string): Source {
  return parse(file, readFileSync(path.join(ROOT, file), 'utf8'));
}

export function parse(file: string, text: string): Source {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const imports: Import[] = [];
  const functions: LongFunction[] = [];
  const versionTests: number[] = [];
  const lineOf = (position: number): number => tree.getLineAndCharacterOfPosition(position).line + 1;
  const visit = (node: ts.Node): void => {
    const found = importOf(node);
    if (found !== null) imports.push({ ...found, ...located(file, found.request) });
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const line = lineOf(node.getStart(tree));
      functions.push({ line, lines: lineOf(node.end) - line + 1 });
    }
    if (asksVersion(node)) versionTests.push(lineOf(node.getStart(tree)));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { file, lines: text.split('\n').length - 1, imports, functions, versionTests };
}

function located(file: string, request: string): Pick<Import, 'target' | 'isRelative'> {
  if (!request.startsWith('.')) return { target: request, isRelative: false };
  const compiled = path.join(path.dirname(file), request);
  return { target: compiled.replace(/\.cjs$/, '.cts').replace(/\.js$/, '.ts'), isRelative: true };
}

type Found = Pick<Import, 'isType' | 'isEager'> & { readonly request: string };

function importOf(node: ts.Node): Found | null {
  if (ts.isImportDeclaration(node)) return found(node.moduleSpecifier, isTypeImport(node.importClause));
  if (ts.isExportDeclaration(node)) return found(node.moduleSpecifier, isTypeExport(node));
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference))
    return found(node.moduleReference.expression, node.isTypeOnly);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return found(node.argument.literal, true);
  if (!ts.isCallExpression(node)) return null;
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return found(node.arguments[0], false, false);
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
  return isRequire ? found(node.arguments[0], false) : null;
}

function found(request: ts.Node | undefined, isType: boolean, isEager = true): Found | null {
  return request !== undefined && ts.isStringLiteralLike(request) ? { request: request.text, isType, isEager } : null;
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined || clause.isTypeOnly) return clause !== undefined;
  const { name, namedBindings } = clause;
  if (name !== undefined || namedBindings === undefined || ts.isNamespaceImport(namedBindings)) return false;
  return namedBindings.elements.every(({ isTypeOnly }) => isTypeOnly);
}

function isTypeExport({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
  if (isTypeOnly || exportClause === undefined || !ts.isNamedExports(exportClause)) return isTypeOnly;
  return exportClause.elements.every((element) => element.isTypeOnly);
}

/** `process.version`, `process.versions.node` and `process.versions.v8`; not the object, which is handed on as a whole. */
function asksVersion(node: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(node)) return false;
  const { expression, name } = node;
  if (name.text === 'version') return isProcess(expression);
  return (
    ts.isPropertyAccessExpression(expression) && expression.name.text === 'versions' && isProcess(expression.expression)
  );
}

function isProcess(node: ts.Node): boolean {
  return ts.isIdentifier(node) && node.text === 'process';
}
