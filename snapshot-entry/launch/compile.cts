// Compiles the text of one packed module with its code cache. The text is already wrapped: its first line is the
// wrapper's head, so `lineOffset: -1` gives every line and column of the source the number that plain Node gives it.
// Where the head stands in the source's first line instead, `columnOffset` does.
import vm = require('node:vm');

export interface CompileInput {
  readonly wrapped: string;
  readonly cache: Buffer | undefined;
  readonly usesDynamicImport: boolean;
  /** 0 where the wrapper's head has a line of its own. */
  readonly columnOffset: number;
}

/** What Node gives a CommonJS module. */
export const PARAMETERS: string[] = ['exports', 'require', 'module', '__filename', '__dirname'];

/** `import()` goes through Node's own loader, relative to the file. */
export const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;

/** Taken before the program runs, which may replace these functions. */
const { Script, compileFunction } = vm;

interface CommonOptions {
  readonly filename: string;
  readonly importModuleDynamically?: typeof importModuleDynamically;
}

/** `undefined` is refused by Node, so options are set per case. */
function optionsFor(filename: string, usesDynamicImport: boolean): CommonOptions {
  return usesDynamicImport ? { filename, importModuleDynamically } : { filename };
}

export function compileScript(filename: string, input: CompileInput): vm.Script {
  const { columnOffset, cache } = input;
  const lineOffset = columnOffset === 0 ? -1 : 0;
  const options: vm.ScriptOptions = { ...optionsFor(filename, input.usesDynamicImport), columnOffset, lineOffset };
  if (cache !== undefined) options.cachedData = cache;
  return new Script(input.wrapped, options);
}

/**
 * As Node itself compiles a module, without a wrapper in the text. Where the module evaluates code, V8 names the place of that
 * call in the text that was compiled (`eval at f (file:1:2)`): a wrapper's line would be counted.
 */
export function compileUnwrapped(filename: string, source: string, usesDynamicImport: boolean): unknown {
  return compileFunction(source, PARAMETERS, optionsFor(filename, usesDynamicImport));
}

/** A script of our own, as a function of what it has as variables. */
export function compileScriptOf(text: string, variables: string[], filename: string): (...values: unknown[]) => void {
  return compileFunction(text, variables, { filename }) as (...values: unknown[]) => void;
}

/** The function that an expression's text (`(key) => /x/.test(key)`) evaluates to; it has globals alone in sight. */
export function compileTest(text: string): (word: string) => unknown {
  return (vm.compileFunction(`return (${text}\n)`) as () => (word: string) => unknown)();
}
