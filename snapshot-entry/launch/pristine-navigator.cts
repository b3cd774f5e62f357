// `navigator`, as Node made it. Programs ask it at load whether they are in a browser; a launch checks that it is still
// the same.

const { apply, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;

/** What modules are told of it while baking; `FIXED_NAVIGATOR_MEMBERS` in src/hazards/probe/main.cts. */
const MEMBERS = ['userAgent', 'platform'];

function accessor(): (() => unknown) | undefined {
  return getOwnPropertyDescriptor(globalThis, 'navigator')?.get;
}

/** Made while building. To look at it runs no code but Node's own. */
export class PristineNavigator {
  #get: () => unknown;
  readonly #own: object;
  readonly #type: object;
  readonly #getters: readonly unknown[];
  readonly #counts: readonly number[];

  constructor(get: () => unknown) {
    this.#get = get;
    this.#own = apply(get, globalThis, []) as object;
    this.#type = getPrototypeOf(this.#own) as object;
    this.#getters = MEMBERS.map((key) => getOwnPropertyDescriptor(this.#type, key)?.get);
    this.#counts = [ownKeys(this.#own).length, ownKeys(this.#type).length];
  }

  /** At launch, before the program runs: Node has given the global another accessor, of the same object. */
  begin(): void {
    this.#get = accessor() ?? this.#get;
  }

  /** The object, for as long as no program has changed what is asked of it; then nothing. */
  get navigator(): unknown {
    return this.#isPristine() ? this.#own : undefined;
  }

  #isPristine(): boolean {
    if (accessor() !== this.#get || getPrototypeOf(this.#own) !== this.#type) return false;
    for (let i = 0; i < MEMBERS.length; i++) {
      if (getOwnPropertyDescriptor(this.#type, MEMBERS[i] as string)?.get !== this.#getters[i]) return false;
    }
    return ownKeys(this.#own).length === this.#counts[0] && ownKeys(this.#type).length === this.#counts[1];
  }
}

/** Null where this Node has no such global. */
export function pristineNavigator(): PristineNavigator | null {
  const get = accessor();
  return get === undefined ? null : new PristineNavigator(get);
}
