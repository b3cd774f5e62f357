// What has to be so in a folder for requests to lead where they led (`FolderStamp.facts`): `!debug` says that there is
// no `debug`. Compared where the time of the folder no longer vouches for it.
import fs = require('node:fs');

const { existsSync, readdirSync, readlinkSync, statSync } = fs;

/** What a comparison needs of a file's status; undefined where there is no file. */
export interface Status {
  readonly mode: number;
  readonly size: number;
  readonly mtimeMs: number;
}
export type Look = (file: string) => Status | undefined;

export const plainLook: Look = (file) => statSync(file, { throwIfNoEntry: false });

/** What Node's resolver puts behind a name, in this order. */
export const SUFFIXES: readonly string[] = ['', '.js', '.json', '.node'];

export const OTHER = ' is not what was built';
export const MOVED = ' leads elsewhere now';
const NEW = ' is there now';

/**
 * What is to be said where the word `kind + name`, with the `next` one for a link, is true no longer. Throws what `fs` throws
 * where a link or a folder is gone.
 */
function broken(folder: string, kind: string, name: string, next: string): string | undefined {
  const place = `${folder}/${name}`;
  if (kind === '>') return readlinkSync(place) === next ? undefined : place + MOVED;
  if (kind === '+') return existsSync(`${place}/`) ? undefined : place + MOVED;
  if (kind === '#') return readdirSync(folder).sort().join('/') === name ? undefined : folder + OTHER;
  if (kind === '=') {
    const names = name.split('/');
    const all = readdirSync(folder, { withFileTypes: true });
    const link = all.find((one) => one.isSymbolicLink() && names.includes(one.name));
    return link && `${folder}/${link.name}${MOVED}`;
  }
  if (kind === '-' && existsSync(`${place}/`)) return undefined;
  const hasOthers = kind === '*' || kind === '~';
  const ends = SUFFIXES.slice(kind === '~' ? 1 : 0, hasOthers ? undefined : 1);
  const end = ends.find((one) => existsSync(place + one));
  return end === undefined ? undefined : place + end + NEW;
}

export function brokenFact(folder: string, facts: string): string | undefined {
  const words = facts.split('\0');
  for (let at = 0; at < words.length; at++) {
    const [word = '', next = ''] = words.slice(at, at + 2);
    const kind = word.charAt(0);
    const name = word.slice(1);
    if (kind === '?') {
      if (!existsSync(`${folder}/${name}`)) while (words[at + 1]?.startsWith('?') === false) at++;
      continue;
    }
    if (kind === '>') at++;
    const change = broken(folder, kind, name, next);
    if (change !== undefined) return change;
  }
  return undefined;
}
