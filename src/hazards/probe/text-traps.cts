// Code that a module makes from texts while it loads: `eval`, `Function`, `vm.runInThisContext`. Its functions may keep
// state as any others do. So the texts of a first run are listed, and a second run is given them instrumented; a text
// of the second run that the first one has not listed is told of.
import vm = require('node:vm');

import * as safe from './saved.cjs';
import type { MadeText, PlannedModule, SeenText } from './shapes.cjs';
import { current, quietly, record, spy } from './state.cjs';

/** What the run evaluated and was given no instrumented text of. */
export const texts: SeenText[] = [];
const noted = new safe.SafeSet<string>();
const instrumented = new safe.SafeMap<string, string>();
/** A reference to it is a call in the global scope. */
const evaluate = safe.get(globalThis, 'eval') as (text: string) => unknown;
const asLooked: { eval: unknown } = { eval: undefined };

function look(text: string): string {
  const known = instrumented.get(text);
  if (known !== undefined) return known;
  note(text, false);
  return text;
}

function note(text: string, isElsewhere: boolean): void {
  const module = current();
  if (module === undefined) return;
  const key = `${module.file}\0${isElsewhere ? 1 : 0}${text}`;
  if (noted.has(key)) return;
  noted.add(key);
  texts[texts.length] = { module: module.file, text, isElsewhere };
}

/** The argument of `eval(text)` in an instrumented source: what it does to the variables around it has no other hook. */
export function evaluatedText(owner: PlannedModule | undefined, text: unknown): unknown {
  if (typeof text !== 'string') return text;
  const writer = current();
  if (writer !== undefined && owner !== undefined && owner !== writer)
    record('foreign-write', 'what a text may change', owner.file);
  return look(text);
}

/** `eval` where it is not called by its name. */
export function evalFunction(value: unknown): unknown {
  return value === evaluate ? asLooked.eval : value;
}

/** `new Function(text)` and its kin; what has no instrumented text is made as ever. */
function makerOf(maker: safe.Callable): safe.Callable {
  const make = (made: unknown): unknown => {
    const text = `(${quietly(() => textOf(made))})`;
    const code = look(text);
    return code === text ? made : quietly(() => evaluate(code));
  };
  const proxy: safe.Callable = new safe.RealProxy(maker, {
    apply: (target, self, args) => make(safe.apply(target, self, args)),
    construct(target, args, newTarget) {
      const made = safe.construct(target, args, newTarget === proxy ? target : newTarget);
      return newTarget === proxy ? (make(made) as object) : (made as object);
    },
  });
  return proxy;
}

const textOf = safe.uncurry(Function.prototype.toString);

function trapMakers(): void {
  const kinds: object[] = [
    Function.prototype,
    Object.getPrototypeOf(async () => undefined) as object,
    Object.getPrototypeOf(function* () {}) as object,
    Object.getPrototypeOf(async function* () {}) as object,
  ];
  for (const prototype of kinds) {
    const descriptor = safe.getOwnPropertyDescriptor(prototype, 'constructor') as PropertyDescriptor;
    const value = makerOf(descriptor.value);
    safe.defineProperty(prototype, 'constructor', { ...descriptor, value });
    if (prototype === Function.prototype)
      safe.defineProperty(globalThis, 'Function', { value, writable: true, enumerable: false, configurable: true });
  }
}

function trapEval(): void {
  asLooked.eval = new safe.RealProxy(evaluate, {
    apply(target, self, args: readonly unknown[]) {
      const [text] = args;
      return safe.apply(target, self, [typeof text === 'string' ? look(text) : text]);
    },
  });
}

/** A script in this context is evaluated as `eval` does it, where there is an instrumented text. */
function trapScripts(): void {
  const running = new safe.RealProxy(vm.runInThisContext, {
    apply(target, self, args: readonly unknown[]) {
      const [text] = args;
      const code = typeof text === 'string' ? look(text) : text;
      return code === text ? safe.apply(target, self, args) : evaluate(code as string);
    },
  });
  safe.set(vm, 'runInThisContext', running);
  const compiling = new safe.RealProxy(vm.compileFunction, {
    apply(target, self, args: readonly unknown[]) {
      const made: unknown = safe.apply(target, self, args);
      const text = `(${quietly(() => textOf(made))})`;
      const code = look(text);
      return code === text ? made : evaluate(code);
    },
  });
  safe.set(vm, 'compileFunction', compiling);
  for (const key of ['runInContext', 'runInNewContext'] as const)
    safe.set(
      vm,
      key,
      spy(vm[key], ([text]) => noteElsewhere(text)),
    );
  safe.set(
    vm,
    'Script',
    spy(vm.Script, ([text]) => noteElsewhere(text)),
  );
}

/** In another global object there are no hooks, and a script may be run more than once. */
function noteElsewhere(text: unknown): void {
  if (typeof text === 'string') note(text, true);
}

export function trapTexts(made: readonly MadeText[]): void {
  for (let i = 0; i < made.length; i++) {
    const { text, source } = made[i] as MadeText;
    instrumented.set(text, source);
  }
  trapMakers();
  trapEval();
  trapScripts();
}
