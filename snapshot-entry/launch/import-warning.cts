// `import()` in baked and packed code goes through a constant of node:vm that Node calls experimental, and says so on
// the first import of a process. Plain Node says nothing, as the program does not use that constant. So this one
// warning is taken out of the way, once; a program that uses the constant itself is warned from its second import on.
const CONSTANT = 'vm.USE_MAIN_CONTEXT_DEFAULT_LOADER';

const { apply } = Reflect;
const { startsWith } = String.prototype;

type EmitWarning = typeof process.emitWarning;

export function expectImportWarning(): void {
  const original = process.emitWarning;
  // No arrow function: Node's own has a prototype.
  const filter = function (this: unknown, ...args: unknown[]): void {
    const warning = args[0];
    if (typeof warning === 'string' && apply(startsWith, warning, [CONSTANT])) {
      if (process.emitWarning === filter) process.emitWarning = original;
      return;
    }
    apply(original, this, args);
  };
  Object.defineProperty(filter, 'name', { value: original.name });
  Object.defineProperty(filter, 'length', { value: original.length });
  process.emitWarning = filter as EmitWarning;
}
