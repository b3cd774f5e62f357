// Settings of built-ins: what a program can set in one that its functions go by, for everybody. A module that uses the
// built-in at load is compared with them, too (src/plan/settings.ts says who goes by whose).
import { Seal } from '../launch/seal.cjs';

/** In the place of a member: all settings of the built-in that is its owner. */
export const SETTINGS = '[[settings]]';

/** Members, and members of members. What is a plain object is compared member by member; `()` is asked with both booleans. */
export const BY_BUILTIN: Readonly<Record<string, readonly string[]>> = {
  buffer: ['INSPECT_MAX_BYTES'],
  events: ['defaultMaxListeners', 'captureRejections', 'usingDomains'],
  http: ['globalAgent'],
  https: ['globalAgent'],
  net: ['getDefaultAutoSelectFamily()', 'getDefaultAutoSelectFamilyAttemptTimeout()'],
  querystring: ['escape', 'unescape', 'unescapeBuffer'],
  stream: ['getDefaultHighWaterMark()'],
  util: ['inspect.defaultOptions', 'inspect.styles', 'inspect.colors'],
};

/** Accessor and value: where another accessor has taken its place, that is found first, and nothing is called. */
export function sealBoth(holder: object, key: string, seal = new Seal()): Seal {
  seal.add(holder, key);
  seal.addReadable(holder, key);
  return seal;
}

/** To look at them runs no code but Node's own. */
export function sealSettings(owner: string, builtin: (name: string) => unknown): Seal {
  const name = owner.slice('node:'.length);
  const seal = new Seal();
  for (const setting of BY_BUILTIN[name] ?? []) {
    let value = builtin(name) as object;
    for (const key of setting.replace('()', '').split('.')) {
      sealBoth(value, key, seal);
      value = Reflect.get(value, key);
    }
    if (setting.endsWith('()'))
      for (const asked of [false, true]) seal.addAnswer(value as (asked: unknown) => unknown, asked);
    else if (typeof value === 'object' && !/Agent$/.test(setting)) seal.addMembers(value);
  }
  return seal;
}
