// Settings of built-ins: members that a program can set, and that functions of the built-in look at whoever calls them.
// Example: `util.inspect` looks at `util.inspect.defaultOptions`. What a module read at load tells which functions it has used;
// the settings that these look at are then compared at a launch, like everything that it read.
import { SETTINGS } from '../../snapshot-entry/shared/shared-names.cjs';
import type { SharedRead } from '../graph/analysis.js';

interface User {
  readonly owner: RegExp;
  readonly members: RegExp;
  /** The built-ins whose settings these members look at. */
  readonly goesBy: readonly string[];
}

const ANY = /(?:)/;

/** Each emitter and each stream, whoever makes it, is made by `EventEmitter.init`, which its maker is seen to read. */
export const USERS: readonly User[] = [
  {
    owner: /^node:(?:util|sys)$/,
    members: /^(?:inspect|format|formatWithOptions|log|debug|debuglog)$/,
    goesBy: ['util', 'buffer'],
  },
  { owner: /^node:(?:console|assert(?:\/strict)?)$/, members: ANY, goesBy: ['util', 'buffer'] },
  { owner: /^node:buffer$/, members: /^INSPECT_MAX_BYTES$/, goesBy: ['buffer'] },
  { owner: /^node:events$/, members: /^init$/, goesBy: ['events', 'stream'] },
  {
    owner: /^node:events$/,
    members: /^(?:defaultMaxListeners|captureRejections|[gs]etMaxListeners|usingDomains)$/,
    goesBy: ['events'],
  },
  {
    owner: /^node:events\.prototype$/,
    members: /^(?:getMaxListeners|on|addListener|once|prepend\w+)$/,
    goesBy: ['events'],
  },
  { owner: /^globalThis$/, members: /^EventTarget$/, goesBy: ['events'] },
  { owner: /^node:stream$/, members: /^getDefaultHighWaterMark$/, goesBy: ['stream'] },
  { owner: /^node:net$/, members: /^getDefaultAutoSelectFamily/, goesBy: ['net'] },
  { owner: /^node:https?$/, members: /^(?:globalAgent|get|request)$/, goesBy: ['http', 'https'] },
  { owner: /^node:querystring$/, members: ANY, goesBy: ['querystring'] },
];

/** Reads, each with the settings that it depends on. `isFit`: whether a builder may hold that built-in. */
export function withSettings(reads: readonly SharedRead[], isFit: (builtin: string) => boolean): SharedRead[] {
  const found = new Map<string, SharedRead>();
  for (const read of reads) {
    for (const { owner, members, goesBy } of USERS) {
      if (!owner.test(read.owner) || !members.test(read.member)) continue;
      for (const name of goesBy) {
        if (isFit(`node:${name}`)) found.set(name, { ...read, owner: `node:${name}`, member: SETTINGS });
      }
    }
  }
  return [...reads, ...found.values()];
}
