// Native bindings that note in their isolate what they make objects from. Node 22, 24 and 26 give a blob's notes to worker
// threads, too, and a worker that loads such a binding aborts because it finds a note there. So a build takes them out of
// the blob (src/blob/isolate-templates.ts), and the restored process lets the same native code make them once more, here.
//
// What JavaScript makes (`new TCP()`) is of the classes in the heap, as ever. What native code makes from then on (a
// connection that a server accepts) is of the new ones, which inherit from those: `instanceof` says the same of both.

type Binding = Readonly<Record<string, unknown>>;

/** Node's own ways to its native code: builder/internals.cts finds them. */
export interface BindingAccess {
  /** One that is loaded. */
  readonly binding: (name: string) => Binding;
  /** Initialises one, whether or not it has been before. */
  readonly makeBinding: (name: string) => Binding;
}

export interface NativeBindings {
  readonly make: BindingAccess['makeBinding'];
  readonly loaded: readonly { readonly name: string; readonly own: Binding }[];
}

function prototypeOf(value: unknown): object | undefined {
  const prototype: unknown = typeof value === 'function' ? value.prototype : undefined;
  return typeof prototype === 'object' && prototype !== null ? prototype : undefined;
}

/** In the restored process, before anything else runs. */
export function remakeNotes({ make, loaded }: NativeBindings): void {
  for (const { name, own } of loaded) {
    const made = make(name);
    for (const key of Object.keys(made)) {
      const [inheriting, inherited] = [prototypeOf(made[key]), prototypeOf(own[key])];
      if (inheriting !== undefined && inherited !== undefined) Object.setPrototypeOf(inheriting, inherited);
    }
  }
}
