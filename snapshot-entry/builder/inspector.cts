// V8's inspector, which a builder opens on itself to ask for what Node's own API does not give (internals.cts).

interface InspectorConnection {
  dispatch(message: string): void;
  disconnect(): void;
}

type ConnectionClass = new (onMessage: (message: string) => void) => InspectorConnection;

interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly method?: string;
  readonly params?: unknown;
}

/** It has no other way to hand over an object than to put it here. */
const HANDED = '__v8snapHanded';

export class Inspector {
  readonly #connection: InspectorConnection;
  #answer: Message = {};
  #id = 0;

  /** `onEvent` is told what it says unasked. */
  constructor(onEvent: (method: string, params: unknown) => void = () => undefined) {
    const { binding } = process as unknown as { binding: (name: string) => { Connection: ConnectionClass } };
    const { Connection } = binding.call(process, 'inspector');
    this.#connection = new Connection((text) => {
      const message = JSON.parse(text) as Message;
      if (message.id === this.#id) this.#answer = message;
      else if (message.method !== undefined) onEvent(message.method, message.params);
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
    const { result } = this.ask<{ readonly result: { readonly objectId?: string } }>('Runtime.evaluate', {
      expression: `globalThis.${HANDED}`,
    });
    Reflect.deleteProperty(globalThis, HANDED);
    return result.objectId;
  }

  close(): void {
    this.#connection.disconnect();
  }
}
