// Prepares Node's loader for exactly one load: which file, and for a packed module what its evaluation is. Each
// preparation is taken out of Node's loader by its first use, before any user code runs, or by `disarm`.
import type { LoaderShapes } from './loader-shapes.cjs';
import { type ExtensionHandler, type NodeModule, NodeModules, type Wrapper } from './node-module.cjs';

export type Content =
  | { readonly kind: 'commonjs'; readonly wrapper: Wrapper; readonly onBegin?: (module: NodeModule) => void }
  | { readonly kind: 'json'; readonly exports: unknown };

const { apply } = Reflect;

type ResolveFilename = typeof NodeModules._resolveFilename;

const nothing: Wrapper = () => undefined;

export class OneShot {
  readonly #resolveFilename: ResolveFilename = NodeModules._resolveFilename;
  readonly #js = NodeModules._extensions['.js'] as ExtensionHandler;
  readonly #json = NodeModules._extensions['.json'] as ExtensionHandler;
  readonly #ownResolve: ResolveFilename;
  readonly #ownJs: ExtensionHandler;
  readonly #ownJson: ExtensionHandler;
  readonly #shapes: LoaderShapes;
  readonly #executing: symbol | undefined;
  #file: string | undefined;
  #content: Content | undefined;

  /** `executing` is the symbol under which Node notes that a module is being evaluated. */
  constructor(shapes: LoaderShapes, executing: symbol | undefined) {
    this.#shapes = shapes;
    this.#executing = executing;
    this.#ownResolve = (request, parent, isMain, options) => this.#takeFile(request, parent, isMain, options);
    const compile = shapes.makeCompile(
      (module) => this.#begin(module),
      (module) => this.#note(module, false),
    );
    this.#ownJs = shapes.makeExtension((module, filename) => this.#takeWrapper(module, filename), compile);
    this.#ownJson = (module, filename) => this.#takeJson(module, filename);
  }

  /** Node's next resolution answers `file`; where `content` is given, the load of that file evaluates it. */
  arm(file: string, content: Content | undefined): void {
    this.#file = file;
    this.#content = content;
    NodeModules._resolveFilename = this.#ownResolve;
    if (content?.kind === 'commonjs') NodeModules._extensions['.js'] = this.#ownJs;
    if (content?.kind === 'json') NodeModules._extensions['.json'] = this.#ownJson;
  }

  disarm(): void {
    if (this.#file === undefined) return;
    this.#file = undefined;
    this.#content = undefined;
    this.#putBackResolve();
    this.#putBackExtensions();
  }

  #putBackResolve(): void {
    if (NodeModules._resolveFilename === this.#ownResolve) NodeModules._resolveFilename = this.#resolveFilename;
  }

  #putBackExtensions(): void {
    const extensions = NodeModules._extensions;
    if (extensions['.js'] === this.#ownJs) extensions['.js'] = this.#js;
    if (extensions['.json'] === this.#ownJson) extensions['.json'] = this.#json;
  }

  #takeFile(...question: Parameters<ResolveFilename>): string {
    this.#putBackResolve();
    return this.#file ?? (apply(this.#resolveFilename, NodeModules, question) as string);
  }

  /** Undefined when Node came here for another file than the one prepared. */
  #takeContent(filename: string): Content | undefined {
    const content = this.#file === filename ? this.#content : undefined;
    this.disarm();
    return content;
  }

  #takeWrapper(module: NodeModule, filename: string): Wrapper {
    const content = this.#takeContent(filename);
    if (content?.kind === 'commonjs') {
      content.onBegin?.(module);
      return content.wrapper;
    }
    this.#js(module, filename);
    return nothing;
  }

  #takeJson(module: NodeModule, filename: string): void {
    const content = this.#takeContent(filename);
    if (content?.kind === 'json') module.exports = content.exports;
    else this.#json(module, filename);
  }

  /** The arguments of the wrapper, as `Module.prototype._compile` passes them. */
  #begin(module: NodeModule): unknown[] {
    const require = this.#shapes.makeRequire(module);
    require.main = process.mainModule as unknown as NodeModule | undefined;
    this.#note(module, true);
    return [module.exports, require, module, module.filename, module.path];
  }

  #note(module: NodeModule, isExecuting: boolean): void {
    if (this.#executing !== undefined) module[this.#executing] = isExecuting;
  }
}
