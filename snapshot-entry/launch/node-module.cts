// The parts of Node's CommonJS loader that this folder leans on, as types: @types/node leaves most of them out.
import Module = require('node:module');

export interface NodeModule {
  id: string;
  path: string;
  exports: unknown;
  filename: string | null;
  loaded: boolean;
  children: NodeModule[];
  /** As a program may leave it. */
  paths: readonly string[] | undefined;
  parent: NodeModule | null | undefined;
  require: (request: string) => unknown;
  load: (filename: string) => void;
  [key: symbol]: unknown;
}

export type ExtensionHandler = (module: NodeModule, filename: string) => void;

export interface ModuleClass {
  new (id: string, parent?: NodeModule | null): NodeModule;
  prototype: { require: unknown; load: unknown; _compile: (source: string, filename: string) => unknown };
  _cache: { [file: string]: NodeModule | undefined };
  _extensions: { [extension: string]: ExtensionHandler };
  _load: (request: string, parent: NodeModule | null, isMain: boolean) => unknown;
  _resolveFilename: (request: string, parent: NodeModule | null, isMain: boolean, options?: unknown) => string;
  _resolveLookupPaths: (request: string, parent: NodeModule | null) => string[] | null;
  _nodeModulePaths: (from: string) => string[];
  _findPath: unknown;
  globalPaths: readonly string[];
  isBuiltin: (request: string) => boolean;
  wrap: unknown;
  wrapper: readonly string[];
  register?: (...args: unknown[]) => unknown;
  registerHooks?: (...args: unknown[]) => unknown;
}

/** `exports, require, module, __filename, __dirname`. */
export type Wrapper = (...args: unknown[]) => unknown;

export const NodeModules = Module as unknown as ModuleClass;
