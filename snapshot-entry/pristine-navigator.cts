// `navigator`, of which programs ask at load whether they are in a browser, as Node made it.

const { apply, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;

/** What modules are told of it while baking; `FIXED_NAVIGATOR_MEMBERS` in src/hazards/probe/main.cts. */
const MEMBERS = ['userAgent', 'platform'];

/**
 * Has the object as its member `navigator` for as long as no program has changed what is asked of it, and nothing then.
 * To look runs no code but Node's own. Null where this Node has no such global.
 */
export function pristineNavigator(): { readonly navigator: unknown } | null {
  const get = getOwnPropertyDescriptor(globalThis, 'navigator')?.get;
  if (get === undefined) return null;
  const own = apply(get, globalThis, []) as object;
  const type = getPrototypeOf(own) as object;
  const getters = MEMBERS.map((key) => getOwnPropertyDescriptor(type, key)?.get);
  const counts = [ownKeys(own).length, ownKeys(type).length];
  const isPristine = (): boolean => {
    if (getOwnPropertyDescriptor(globalThis, 'navigator')?.get !== get || getPrototypeOf(own) !== type) return false;
    for (let i = 0; i < MEMBERS.length; i++) {
      if (getOwnPropertyDescriptor(type, MEMBERS[i] as string)?.get !== getters[i]) return false;
    }
    return ownKeys(own).length === counts[0] && ownKeys(type).length === counts[1];
  };
  return {
    get navigator() {
      return isPristine() ? own : undefined;
    },
  };
}
