// What V8 gives a process only after its heap has been restored (`Promise.try`, the methods of iterators): a builder
// lacks it. A module that asks at load whether it is there (`'try' in Promise`) is told so while baking, too. A module
// that takes it (`const t = Promise.try`) is not baked: the analysis sees that.
import { sharedKey, sharedObject } from '../shared/shared-names.cjs';

const { defineProperty, deleteProperty } = Reflect;

type Place = readonly [holder: object, key: PropertyKey];

/** `Promise.try`: the object that will have it, and its key; null where that object is not there either. */
export function placeOf(name: string): Place | null {
  const path = `globalThis.${name}`;
  const cut = path.lastIndexOf('.');
  const holder = sharedObject(path.slice(0, cut), () => null);
  return holder && [holder, sharedKey(path.slice(cut + 1))];
}

/** A function of the language's own that answers undefined: seals remember it, and so it must be none of this script. */
const nothing = Function.prototype as () => undefined;

/** Makes it look as if these were there. Returns what undoes that. */
export function withLateFeatures(names: readonly string[]): () => void {
  const places = names.map(placeOf).filter((place) => place !== null && !Object.hasOwn(...place)) as Place[];
  for (const [holder, key] of places) defineProperty(holder, key, { get: nothing, configurable: true });
  return () => {
    for (const [holder, key] of places.reverse()) deleteProperty(holder, key);
  };
}
