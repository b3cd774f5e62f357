// Names of what all modules share, as the build writes them: `globalThis.Array.prototype`, `globalThis.%Iterator%`,
// `node:fs.promises`, each with a member: `isArray`, `@@iterator`.
import { intrinsics } from './intrinsics.cjs';

/** In the place of a member: which own members with a name its owner has. */
export const MEMBER_LIST = '[[members]]';
/** Likewise: all settings of the built-in that is its owner (builder/settings.cts). */
export const SETTINGS = '[[settings]]';
/** Before the text of a registered symbol. */
export const REGISTERED = '@@for:';

/** The object of that name, or null where there is none. To look for it runs no code but Node's own. */
export function sharedObject(name: string, builtin: (name: string) => unknown): object | null {
  const [root = '', ...path] = name.split('.');
  // What no descriptor shows: accessors of Node's own, and what has no name.
  let unnamed: Readonly<Record<string, unknown>> = { Buffer, process, ...intrinsics() };
  let holder: unknown = globalThis;
  if (root !== 'globalThis') [holder, unnamed] = [builtin(root.slice('node:'.length)), {}];
  for (const key of path) {
    const found = Object.getOwnPropertyDescriptor(Object(holder), key);
    // Of a built-in module: a class that Node loads when it is first asked for.
    const isLoaded = root !== 'globalThis' && found?.get !== undefined && found.set === undefined;
    holder = unnamed[key] ?? (isLoaded ? found.get?.call(holder) : found?.value);
    unnamed = {};
  }
  return Object(holder) === holder ? (holder as object) : null;
}

/** `@@iterator` stands for the symbol of that name, `@@for:x` for the one that is registered as `x`. */
export function sharedKey(member: string): PropertyKey {
  if (member.startsWith(REGISTERED)) return Symbol.for(member.slice(REGISTERED.length));
  const symbol: unknown = member.startsWith('@@') ? Reflect.get(Symbol, member.slice(2)) : undefined;
  return typeof symbol === 'symbol' ? symbol : member;
}
