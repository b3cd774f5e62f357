// Functions that stand where Node's loader has one, and look like it in a stack trace (builder/forge.cts places them).
import type { ExtensionHandler, NodeModule, Wrapper } from './node-module.cjs';

export interface ResolveFunction {
  (request: string, options?: unknown): string;
  paths?: (request: string) => string[] | null;
}

export interface RequireFunction {
  (request: string): unknown;
  resolve: ResolveFunction;
  main: NodeModule | undefined;
  extensions: unknown;
  cache: unknown;
}

/** What answers the `require` of baked and packed modules: the builder while it bakes, loader.cts in a run. */
export interface RequireAnswers {
  /** Answers without Node's loader; or prepares the loader for the request, answers undefined, and Node goes on. */
  readonly lookup: (module: NodeModule, request: string) => { readonly exports: unknown } | undefined;
  /** The answer, where it is known without Node's loader. */
  readonly resolve: (request: string, module: NodeModule, options: unknown) => string | undefined;
  /** Takes back what `lookup` prepared, where Node's loader did not come to use it. */
  readonly disarm: () => void;
}

/** What every `require` of ours asks; one object for all of them, so that each needs no more than its module. */
export class RequireSwitch implements RequireAnswers {
  lookup: RequireAnswers['lookup'] = unset;
  resolve: RequireAnswers['resolve'] = unset;
  disarm: RequireAnswers['disarm'] = nothing;

  /** Hands all questions on. Returns what ends that. */
  answerBy(answers: RequireAnswers): () => void {
    this.lookup = (module, request) => answers.lookup(module, request);
    this.resolve = (request, module, options) => answers.resolve(request, module, options);
    this.disarm = () => answers.disarm();
    return () => {
      this.lookup = unset;
      this.resolve = unset;
      this.disarm = nothing;
    };
  }
}

function unset(): never {
  throw new Error('asked before it was ready');
}

function nothing(): void {}

/** The placed `module._compile` of a packed module: calls the wrapper that was compiled for it. */
export type PlacedCompile = (this: NodeModule, wrapper: Wrapper) => unknown;

export type Factory = (...args: unknown[]) => unknown;

/** The name under which V8 prints a function in stack traces, and what makes the function. */
interface Placed {
  readonly name: string;
  readonly make: Factory;
}

/** V8 prints a function's own `name` in its stack traces. */
export function named<F>(name: string, fn: F): F {
  Object.defineProperty(fn, 'name', { value: name, configurable: true });
  return fn;
}

export interface LoaderShapes {
  makeRequire(module: NodeModule): RequireFunction;
  makeExtension(open: (module: NodeModule, filename: string) => Wrapper, compile: PlacedCompile): ExtensionHandler;
  makeCompile(before: (module: NodeModule) => unknown[], after: (module: NodeModule) => void): PlacedCompile;
}

export class PlacedShapes implements LoaderShapes {
  readonly makeRequire: (module: NodeModule) => RequireFunction;
  readonly #extension: Placed;
  readonly #compile: Placed;

  constructor(placed: {
    readonly makeRequire: (module: NodeModule) => RequireFunction;
    readonly extension: Placed;
    readonly compile: Placed;
  }) {
    this.makeRequire = placed.makeRequire;
    this.#extension = placed.extension;
    this.#compile = placed.compile;
  }

  makeExtension(open: (module: NodeModule, filename: string) => Wrapper, compile: PlacedCompile): ExtensionHandler {
    const { name, make } = this.#extension;
    return named(name, make(Reflect.apply, open, compile) as ExtensionHandler);
  }

  makeCompile(before: (module: NodeModule) => unknown[], after: (module: NodeModule) => void): PlacedCompile {
    const { name, make } = this.#compile;
    return named(name, make(Reflect.apply, before, after) as PlacedCompile);
  }
}
