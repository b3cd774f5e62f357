// Would Node load the entry as CommonJS or as an ES module? And does it parse at all?
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import { parse } from '@swc/core';
import { entryPackageConfig, entrySyntax } from './errors.js';

export type EntryFormat = 'commonjs' | 'module';

/** A bundle larger than this is not parsed: that would take seconds, and its training run finds syntax errors as well. */
const PARSED_CHARS = 2_000_000;

const SYNTAX = { syntax: 'ecmascript', target: 'es2022' } as const;

/** @throws SnapError ENTRY_PACKAGE_CONFIG */
function typeIn(file: string, text: string): string | undefined {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch (cause) {
    throw entryPackageConfig(file, cause);
  }
  if (typeof manifest !== 'object' || manifest === null) throw entryPackageConfig(file, undefined);
  return 'type' in manifest && typeof manifest.type === 'string' ? manifest.type : undefined;
}

async function packageType(file: string): Promise<string | undefined> {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
      throw error;
    });
    if (text !== null) return typeIn(path.join(folder, 'package.json'), text);
    if (folder === path.dirname(folder) || path.basename(folder) === 'node_modules') return undefined;
  }
}

/** Asked where the parser refuses a file: it is stricter than V8, which accepts `new.target` at the top of a CommonJS file. */
function compiles(source: string): boolean {
  try {
    compileFunction(source, ['exports', 'require', 'module', '__filename', '__dirname']);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** What the parser says of a syntax error, with the line; null where there is none. */
async function faultIn(source: string, isModule: boolean): Promise<string | null> {
  try {
    // A CommonJS file is the body of a function: `return` at its top is allowed there.
    if (isModule) await parse(source, SYNTAX);
    else await parse(source, { ...SYNTAX, isModule: false, allowReturnOutsideFunction: true });
    return null;
  } catch (error) {
    if (!isModule && compiles(source)) return null;
    const message = error instanceof Error ? error.message : String(error);
    return message.split('\n\nCaused by:')[0]?.trim() ?? message;
  }
}

/** @throws SnapError ENTRY_SYNTAX, ENTRY_PACKAGE_CONFIG */
export async function detectFormat(file: string, source: string): Promise<EntryFormat> {
  const extension = path.extname(file);
  const declared = extension === '.mjs' ? 'module' : extension === '.cjs' ? 'commonjs' : await packageType(file);
  if (declared === 'module') return checked(file, source, true);
  if (declared === 'commonjs' || source.length > PARSED_CHARS) return checked(file, source, false);
  const asScript = await faultIn(source, false);
  if (asScript === null) return 'commonjs';
  // Where package.json is silent, Node 20.19+ and 22+ look at the syntax.
  if ((await faultIn(source, true)) === null) return 'module';
  throw entrySyntax(file, asScript);
}

async function checked(file: string, source: string, isModule: boolean): Promise<EntryFormat> {
  const fault = source.length > PARSED_CHARS ? null : await faultIn(source, isModule);
  if (fault !== null) throw entrySyntax(file, fault);
  return isModule ? 'module' : 'commonjs';
}
