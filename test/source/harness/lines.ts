// The same program with fewer line breaks: several statements to a line, as in minified code.
import { transformSync } from '@swc/core';
import { ts } from 'ts-morph';
import { SourceText } from '../../../src/source/source-text.js';
import type { Random } from './random.js';

/** Statements that nothing needs to end: another may follow without a semicolon. */
const CLOSED: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.FunctionDeclaration,
  ts.SyntaxKind.ClassDeclaration,
  ts.SyntaxKind.Block,
  ts.SyntaxKind.TryStatement,
  ts.SyntaxKind.SwitchStatement,
  ts.SyntaxKind.DoStatement,
]);

/** Most of the breaks between top-level statements go; comments stay, and so do the breaks at them. */
export function onSharedLines(source: string, random: Random): string {
  const { file } = new SourceText(source);
  const parts: string[] = [source.slice(0, file.statements[0]?.getStart(file) ?? source.length)];
  file.statements.forEach((statement, index) => {
    const next = file.statements[index + 1]?.getStart(file) ?? source.length;
    const between = source.slice(statement.end, next);
    parts.push(source.slice(statement.getStart(file), statement.end));
    const mayJoin = next < source.length && between.trim() === '';
    parts.push(mayJoin && random.chance(80) ? joint(file, statement, random) : between);
  });
  return parts.join('');
}

function joint(file: ts.SourceFile, statement: ts.Statement, random: Random): string {
  const isEnded = file.text[statement.end - 1] === ';' || CLOSED.has(statement.kind);
  return (isEnded ? '' : ';') + random.pick(['', '', ' ', ' /* c */ ', '\t']);
}

/** On one line, without comments and blanks. */
export function minified(source: string): string {
  const { code } = transformSync(source.replace(/^#!.*/, ''), {
    jsc: { target: 'es2022', parser: { syntax: 'ecmascript' } },
    isModule: false,
    minify: true,
    swcrc: false,
    configFile: false,
  });
  return code;
}
