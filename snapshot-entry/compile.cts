// Compiles the text of one packed module with its code cache. The text is already wrapped: its first line is the
// wrapper's head, so `lineOffset: -1` gives every line and column of the source the number that plain Node gives it.
import vm = require('node:vm');

export interface CompileInput {
  readonly wrapped: string;
  readonly cache: Buffer | undefined;
  readonly usesDynamicImport: boolean;
}

/** `import()` goes through Node's own loader, relative to the file. */
export const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;

/** `cachedData: undefined` is refused by Node, so the options are built per case. */
function optionsFor(filename: string, input: CompileInput): vm.ScriptOptions {
  const options: vm.ScriptOptions = { filename, lineOffset: -1 };
  if (input.cache !== undefined) options.cachedData = input.cache;
  if (input.usesDynamicImport) options.importModuleDynamically = importModuleDynamically;
  return options;
}

export function compileScript(filename: string, input: CompileInput): vm.Script {
  return new vm.Script(input.wrapped, optionsFor(filename, input));
}

/** The function that an expression's text stands for; it sees globals alone. */
export function compileTest(text: string): (word: string) => unknown {
  return (vm.compileFunction(`return (${text}\n)`) as () => (word: string) => unknown)();
}
