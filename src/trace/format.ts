import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { Script } from 'node:vm';
import type { ModuleFormat } from '../graph/types.js';

/** How Node loads files, from extension, package type and, where those leave it open, syntax. Remembers packages. */
export class FormatReader {
  readonly #types = new Map<string, string | null>();

  /** `handler` is the extension that the loader went by; it differs where none is registered for the file's own. */
  formatOf(file: string, handler: string = extname(file)): ModuleFormat {
    if (handler === '.json') return 'json';
    if (handler === '.node') return 'addon';
    if (handler === '.mjs') return 'module';
    if (handler === '.cjs') return 'commonjs';
    // Programs run files without an extension, or with one of their own, through the handler of '.js'.
    if (handler !== '.js' && handler !== '') return 'other';
    const type = this.#packageType(dirname(file));
    if (type === 'commonjs') return 'commonjs';
    if (type === 'module' && extname(file) !== '') return 'module';
    return hasModuleSyntax(file) ? 'module' : 'commonjs';
  }

  #packageType(folder: string): string | null {
    const known = this.#types.get(folder);
    if (known !== undefined) return known;
    const up = dirname(folder);
    const own = readPackageType(folder);
    const isTop = up === folder || folder.endsWith('node_modules');
    const type = own === undefined ? (isTop ? null : this.#packageType(up)) : own;
    this.#types.set(folder, type);
    return type;
  }
}

/** undefined: no package.json here; null: one without a type. */
function readPackageType(folder: string): string | null | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, 'package.json'), 'utf8');
  } catch {
    // Absent, or not readable by Node either: the folder above decides.
    return undefined;
  }
  try {
    const parsed: unknown = JSON.parse(text);
    const type = typeof parsed === 'object' && parsed !== null && 'type' in parsed ? parsed.type : null;
    return type === 'module' || type === 'commonjs' ? type : null;
  } catch {
    // A broken package.json has no type; Node complains about it itself where it matters.
    return null;
  }
}

const LOOKS_LIKE_MODULE = /^\s*(?:import\b\s*[\w{*'"]|export\b\s*[\w{*])/m;

/** As Node's syntax detection: text that is no CommonJS function body but has module syntax. */
function hasModuleSyntax(file: string): boolean {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Gone since the run: what it was no longer matters to the build, which will not find it either.
    return false;
  }
  if (!LOOKS_LIKE_MODULE.test(text)) return false;
  try {
    new Script(`(function(exports,require,module,__filename,__dirname){${text.replace(/^#!.*/, '')}\n})`);
    return false;
  } catch {
    // The pattern above has seen an import or export, and it does not compile as CommonJS.
    return true;
  }
}
