// What a builder cannot ask Node for, and has all the same, found through V8's inspector:
//   - `SharedArrayBuffer`. V8 makes it with the heap and gives it to the global object only after a restore. Who tests for
//     it at load would remember that it is missing.
//   - The snapshot API without `require('v8')`, which loads Node's streams on its way.
//   - Node's table of built-in modules, to see to `worker_threads` whoever loads it.
//   - Node's native bindings: native-bindings.cts.
// Nothing of this stays reachable for the program.

interface InspectorConnection {
  dispatch(message: string): void;
  disconnect(): void;
}

type ConnectionClass = new (onMessage: (message: string) => void) => InspectorConnection;

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
  /** One that is loaded. */
  readonly binding: (name: string) => Readonly<Record<string, unknown>>;
  /** Initialises one, whether or not it has been before. */
  readonly makeBinding: (name: string) => Readonly<Record<string, unknown>>;
}

interface RemoteObject {
  readonly objectId?: string;
}

interface Answer {
  readonly result: RemoteObject;
  readonly objects: RemoteObject;
}

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Properties {
  readonly result: readonly { readonly name: string; readonly value?: RemoteObject }[];
  readonly internalProperties?: readonly { readonly name: string; readonly value?: RemoteObject }[];
}

/** Where the inspector, which has no other way to hand over an object, puts what was found. */
const HANDED = '__v8snapHanded';

class Inspector {
  readonly #connection: InspectorConnection;
  #answer: Reply = {};
  #id = 0;

  constructor() {
    const { binding } = process as unknown as { binding: (name: string) => { Connection: ConnectionClass } };
    const { Connection } = binding.call(process, 'inspector');
    this.#connection = new Connection((message) => {
      const answer = JSON.parse(message) as Reply;
      if (answer.id === this.#id) this.#answer = answer;
    });
  }

  /** The inspector answers before `dispatch` returns. */
  ask<T>(method: string, params: object): T {
    this.#answer = {};
    this.#connection.dispatch(JSON.stringify({ id: ++this.#id, method, params }));
    if (this.#answer.result === undefined) throw new Error(`${method}: ${this.#answer.error?.message ?? 'no answer'}`);
    return this.#answer.result as T;
  }

  /** The object itself. */
  take(objectId: string | undefined, find: string): unknown {
    const functionDeclaration = `function () { globalThis.${HANDED} = (${find})(this); }`;
    this.ask('Runtime.callFunctionOn', { objectId, functionDeclaration });
    const handed = (globalThis as Record<string, unknown>)[HANDED];
    Reflect.deleteProperty(globalThis, HANDED);
    return handed;
  }

  idOf(object: unknown): string | undefined {
    (globalThis as Record<string, unknown>)[HANDED] = object;
    const { result } = this.ask<Answer>('Runtime.evaluate', { expression: `globalThis.${HANDED}` });
    Reflect.deleteProperty(globalThis, HANDED);
    return result.objectId;
  }

  close(): void {
    this.#connection.disconnect();
  }
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
  const { objects } = inspector.ask<Answer>('Runtime.queryObjects', { prototypeObjectId });
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
