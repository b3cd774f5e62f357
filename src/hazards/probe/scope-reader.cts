// What the variables around a function hold, read through V8's inspector. Nothing here depends on what modules do to
// globals: what it needs is taken before any of them runs.
import * as safe from './saved.cjs';

interface RemoteObject {
  readonly objectId?: string;
  readonly description?: string;
  readonly value?: { readonly scriptId?: string };
}

interface Property {
  readonly name: string;
  readonly value?: RemoteObject;
}

interface Properties {
  readonly result?: readonly Property[];
  readonly internalProperties?: readonly Property[];
}

interface Message {
  readonly id?: number;
  readonly result?: unknown;
}

type ConnectionClass = new (onMessage: (message: string) => void) => { dispatch(message: string): void };

/** A function that the inspector knows. */
export interface Scoped {
  /** What V8 calls the text that it is from. */
  readonly script: string;
  readonly objectId: string;
}

/** The inspector has no other way to take an object than from a global. */
const HANDED = '__v8snapRead';
const holder: { taken?: unknown } = {};
let holderId: string | undefined;
let answer: unknown;
let lastId = 0;
let dispatch: (message: string) => void = () => undefined;

function ask<T>(method: string, params: object): T {
  answer = {};
  dispatch(safe.stringify({ id: ++lastId, method, params }));
  return answer as T;
}

export function openReader(inspectorBinding: unknown): void {
  const { Connection } = inspectorBinding as { readonly Connection: ConnectionClass };
  const connection = new Connection((text) => {
    const message: Message = safe.parseJson(text);
    if (message.id === lastId) answer = message.result ?? {};
  });
  const send = connection.dispatch;
  // It answers before `dispatch` returns.
  dispatch = (message) => safe.apply(send, connection, [message]);
  holderId = idOf(holder);
}

function idOf(object: object): string | undefined {
  safe.defineProperty(globalThis, HANDED, { value: object, configurable: true });
  const expression = `globalThis.${HANDED}`;
  const { result } = ask<{ readonly result?: RemoteObject }>('Runtime.evaluate', { expression });
  safe.deleteProperty(globalThis, HANDED);
  return result?.objectId;
}

function propertiesOf(objectId: string): Properties {
  return ask<Properties>('Runtime.getProperties', { objectId, ownProperties: true });
}

function internal({ internalProperties = [] }: Properties, name: string): RemoteObject | undefined {
  for (let i = 0; i < internalProperties.length; i++) {
    if (internalProperties[i]?.name === name) return internalProperties[i]?.value;
  }
  return undefined;
}

/** Undefined for native functions, bound ones and proxies. */
export function scopedFunction(callable: object): Scoped | undefined {
  const objectId = idOf(callable);
  if (objectId === undefined) return undefined;
  const script = internal(propertiesOf(objectId), '[[FunctionLocation]]')?.value?.scriptId;
  return script === undefined ? undefined : { script, objectId };
}

/** The scopes around a function, innermost first, but for the global one: copies, with a property for each variable. */
export function scopesAround({ objectId }: Scoped): object[] {
  const found: object[] = [];
  const list = internal(propertiesOf(objectId), '[[Scopes]]')?.objectId;
  if (list === undefined) return found;
  const { result = [] } = propertiesOf(list);
  for (let i = 0; i < result.length; i++) {
    const scope = result[i]?.value;
    if (scope?.objectId !== undefined && scope.description !== 'Global') found[found.length] = take(scope.objectId);
  }
  return found;
}

function take(scopeId: string): object {
  ask('Runtime.callFunctionOn', {
    objectId: scopeId,
    functionDeclaration: 'function (holder) { holder.taken = this.object; }',
    arguments: [{ objectId: holderId }],
  });
  const { taken } = holder;
  holder.taken = undefined;
  return taken as object;
}
