// What a builder cannot ask Node for, and has all the same, found through V8's inspector:
//   - `SharedArrayBuffer`. V8 makes it with the heap and gives it to the global object only after a restore. Who tests for
//     it at load would remember that it is missing.
//   - The snapshot API without `require('v8')`, which loads Node's streams on its way.
//   - Node's table of built-in modules, to see to `worker_threads` whoever loads it.
//   - Node's native bindings: native-bindings.cts.
// Nothing of this stays reachable for the program.

import { Inspector } from './inspector.cjs';

export interface BuiltinModule {
  compileForPublicLoader(...args: unknown[]): unknown;
  compileForInternalLoader(): unknown;
}

export interface StartupSnapshot {
  setDeserializeMainFunction(callback: () => void): void;
}

export interface Internals {
  readonly builtins: ReadonlyMap<string, BuiltinModule>;
  readonly startupSnapshot: StartupSnapshot;
  readonly sharedArrayBuffer: unknown;
  /** Node's own check of a request; its message and frames are Node's. */
  readonly validateString: (value: unknown, name: string) => void;
  /** One that is loaded. */
  readonly binding: (name: string) => Readonly<Record<string, unknown>>;
  /** Initialises one, whether or not it has been before. */
  readonly makeBinding: (name: string) => Readonly<Record<string, unknown>>;
}

interface RemoteObject {
  readonly objectId?: string;
}

interface Properties {
  readonly result: readonly { readonly name: string; readonly value?: RemoteObject }[];
  readonly internalProperties?: readonly { readonly name: string; readonly value?: RemoteObject }[];
}

/** A variable of one of the scopes around a function. */
function captured(inspector: Inspector, holder: unknown, name: string): unknown {
  const objectId = inspector.idOf(holder);
  const { internalProperties } = inspector.ask<Properties>('Runtime.getProperties', { objectId, ownProperties: true });
  const scopes = internalProperties?.find((property) => property.name === '[[Scopes]]')?.value;
  const listed = inspector.ask<Properties>('Runtime.getProperties', { ...scopes, ownProperties: true });
  for (const { value } of listed.result) {
    const scope = inspector.ask<Properties>('Runtime.getProperties', {
      objectId: value?.objectId,
      ownProperties: true,
    });
    const found = scope.result.find((property) => property.name === name);
    if (found !== undefined) return inspector.take(found.value?.objectId, 'found => found');
  }
  throw new Error(`no variable ${name} in Node's loader`);
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
      ...{ builtins: map, startupSnapshot: namespace, sharedArrayBuffer: sharedArrayBuffer(inspector) },
      validateString: captured(inspector, loader, 'validateString') as Internals['validateString'],
      binding: inRealm('internalBinding') as Internals['binding'],
      makeBinding: inRealm('getInternalBinding') as Internals['makeBinding'],
    };
  } finally {
    inspector.close();
  }
}

/** Gives the builder what V8 gives every process that is not one; the restore does the same again. Returns what undoes it. */
export function withSharedArrayBuffer({ sharedArrayBuffer: value }: Internals): () => void {
  if ('SharedArrayBuffer' in globalThis) return () => undefined;
  Object.defineProperty(globalThis, 'SharedArrayBuffer', {
    value,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  return () => Reflect.deleteProperty(globalThis, 'SharedArrayBuffer');
}
