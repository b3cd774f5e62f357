// What Node has no API for in a builder, taken through V8's inspector:
//   - `SharedArrayBuffer`. V8 makes it with the heap and gives it to the global object only after a restore. A module
//     that tests for it at load would remember that it is missing.
//   - `Error.stackTraceLimit`, which a builder of Node 20 lacks: without it no error has a stack.
//   - That `process` has a member `mainModule`. Its value is undefined here: no module that is baked looks at it.
//   - The snapshot API without a `require` of `v8`, which loads Node's streams on its way.
//   - Node's table of built-in modules, to see to `worker_threads` whoever loads it.
//   - Node's native bindings: launch/native-bindings.cts.
// The program cannot reach any of this.

import type { BindingAccess } from '../launch/native-bindings.cjs';
import { Inspector } from './inspector.cjs';

export interface BuiltinModule {
  compileForPublicLoader(...args: unknown[]): unknown;
  compileForInternalLoader(): unknown;
}

export interface StartupSnapshot {
  setDeserializeMainFunction<T>(callback: (data: T) => void, data?: T): void;
}

export interface Internals extends BindingAccess {
  readonly builtins: ReadonlyMap<string, BuiltinModule>;
  readonly startupSnapshot: StartupSnapshot;
  readonly sharedArrayBuffer: unknown;
  /** Node's own check of a request; its message and frames are Node's. */
  readonly validateString: (value: unknown, name: string) => void;
  /** What Node remembers of the package.json files that it has read, or looked for. */
  readonly packages: readonly Map<unknown, unknown>[];
}

interface RemoteObject {
  readonly objectId?: string;
  readonly subtype?: string;
}

interface Variable {
  readonly name: string;
  readonly value?: RemoteObject;
}

interface Properties {
  readonly result: readonly Variable[];
  readonly internalProperties?: readonly Variable[];
}

/** The variables of each scope around a function, innermost first. A look at the global one would load much of Node. */
function* scopes(inspector: Inspector, holder: unknown): Generator<readonly Variable[]> {
  const objectId = inspector.idOf(holder);
  const { internalProperties } = inspector.ask<Properties>('Runtime.getProperties', { objectId, ownProperties: true });
  const list = internalProperties?.find((property) => property.name === '[[Scopes]]')?.value;
  const listed = inspector.ask<Properties>('Runtime.getProperties', { ...list, ownProperties: true });
  for (const { value } of listed.result) {
    const objectId = value?.objectId;
    yield inspector.ask<Properties>('Runtime.getProperties', { objectId, ownProperties: true }).result;
  }
}

function captured(inspector: Inspector, holder: unknown, name: string): unknown {
  for (const variables of scopes(inspector, holder)) {
    const found = variables.find((variable) => variable.name === name);
    if (found !== undefined) return inspector.take(found.value?.objectId, 'found => found');
  }
  throw new Error(`no variable ${name} in Node's loader`);
}

/** Node keeps them in variables of the module that reads such files. */
function packageCaches(inspector: Inspector, reader: BuiltinModule): Map<unknown, unknown>[] {
  const { read } = reader.compileForInternalLoader() as { readonly read: unknown };
  const [variables = []] = scopes(inspector, read);
  return variables
    .filter(({ value }) => value?.subtype === 'map')
    .map(({ value }) => inspector.take(value?.objectId, 'map => map') as Map<unknown, unknown>);
}

function sharedArrayBuffer(inspector: Inspector): unknown {
  const prototypeObjectId = inspector.idOf(Function.prototype);
  const { objects } = inspector.ask<{ readonly objects: RemoteObject }>('Runtime.queryObjects', { prototypeObjectId });
  return inspector.take(
    objects.objectId,
    `all => all.find((one) => Object.getOwnPropertyDescriptor(one, 'name')?.value === 'SharedArrayBuffer')`,
  );
}

/** `loader`: a function of Node's own CommonJS loader. */
export function openInternals(loader: unknown): Internals {
  const inspector = new Inspector();
  try {
    const { map } = captured(inspector, loader, 'BuiltinModule') as { map: ReadonlyMap<string, BuiltinModule> };
    const record = map.get('internal/v8/startup_snapshot') as BuiltinModule;
    const { namespace } = record.compileForInternalLoader() as { namespace: StartupSnapshot };
    const inRealm = (name: string) => captured(inspector, record.compileForInternalLoader, name);
    return {
      builtins: map,
      startupSnapshot: namespace,
      sharedArrayBuffer: sharedArrayBuffer(inspector),
      validateString: captured(inspector, loader, 'validateString') as Internals['validateString'],
      binding: inRealm('internalBinding') as Internals['binding'],
      makeBinding: inRealm('getInternalBinding') as Internals['makeBinding'],
      packages: packageCaches(inspector, map.get('internal/modules/package_json_reader') as BuiltinModule),
    };
  } finally {
    inspector.close();
  }
}

/** Gives the builder what every process has that is not one; the restore does the same again. Returns what undoes it. */
export function withLateGlobals({ sharedArrayBuffer }: Internals): () => void {
  const late: [object, string, unknown, boolean][] = [
    [globalThis, 'SharedArrayBuffer', sharedArrayBuffer, false],
    [Error, 'stackTraceLimit', 10, true],
    [process, 'mainModule', undefined, true],
  ];
  const given = late.filter(([holder, name, value, enumerable]) => {
    if (Object.hasOwn(holder, name)) return false;
    Object.defineProperty(holder, name, { value, writable: true, enumerable, configurable: true });
    return true;
  });
  return () => {
    for (const [holder, name] of given) Reflect.deleteProperty(holder, name);
  };
}
