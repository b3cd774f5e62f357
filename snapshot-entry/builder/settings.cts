// Settings of built-ins: members by which a program changes what functions of a built-in do, for everybody who calls
// them. Example: `util.inspect.defaultOptions`. For a module that uses the built-in at load, a launch compares them,
// too (src/plan/settings.ts says which functions go by which settings).
import type { Seal } from '../launch/seal.cjs';
import { SealMaker } from './seal-maker.cjs';

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

/** A property, and what its accessor answers. The accessor is compared first: where it is another one, it is not called. */
export function addBoth(seal: SealMaker, holder: object, key: string): void {
  seal.add(holder, key);
  seal.addReadable(holder, key);
}

export function sealBoth(holder: object, key: string): Seal {
  const maker = new SealMaker();
  addBoth(maker, holder, key);
  return maker.seal;
}

/** To look at them runs no code but Node's own. */
export function sealSettings(owner: string, builtin: (name: string) => unknown): Seal {
  const name = owner.slice('node:'.length);
  const maker = new SealMaker();
  for (const setting of BY_BUILTIN[name] ?? []) {
    let value = builtin(name) as object;
    for (const key of setting.replace('()', '').split('.')) {
      addBoth(maker, value, key);
      value = Reflect.get(value, key);
    }
    if (setting.endsWith('()'))
      for (const asked of [false, true]) maker.addAnswer(value as (asked: unknown) => unknown, asked);
    else if (typeof value === 'object' && !/Agent$/.test(setting)) maker.addMembers(value);
  }
  return maker.seal;
}
