// The parts of Node's CommonJS loader that the preload watches and that @types/node does not describe.

import nodeModule from 'node:module';

export interface LoaderModule {
  id: string;
  filename: string | null;
  loaded: boolean;
  exports: unknown;
  children: LoaderModule[];
}

export interface Loader {
  _cache: Record<string, LoaderModule | undefined>;
  _load: (request: string, parent: LoaderModule | undefined, isMain: boolean) => unknown;
  _pathCache: Record<string, string>;
  _extensions: Record<string, unknown>;
  _resolveFilename: (
    this: unknown,
    request: string,
    parent: LoaderModule | null | undefined,
    isMain?: boolean,
    options?: unknown,
  ) => string;
  _resolveLookupPaths: (
    this: unknown,
    request: string,
    parent: LoaderModule | null | undefined,
  ) => readonly string[] | null;
  builtinModules: readonly string[];
  isBuiltin(name: string): boolean;
  prototype: object;
}

/** Node's `Module`, seen from inside. */
export const loader = nodeModule as unknown as Loader;
