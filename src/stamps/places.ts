// What decided where requests led, besides the contents of files: names that were looked for in vain, links that were
// followed, listings. Kept by folder, since a folder's time vouches for all that is in it.
import { lstatSync, readdirSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import type { FolderStamp } from '../../snapshot-entry/shared/bake-plan.cjs';
import { SUFFIXES } from '../../snapshot-entry/shared/facts.cjs';

const EXTENSIONS = SUFFIXES.slice(1);
const FIRST_EXTENSION = '.js';

export type Kind = 'file' | 'folder' | 'absent';

/**
 * File systems tell times no finer than this: a folder that changed less than so long ago may change again without getting
 * another time.
 */
const COARSEST_MS = 2000;

const QUIET = { throwIfNoEntry: false } as const;

/** What must not come to be at a place: a file, as of `x.js` (Node would not look into a folder of that name), or anything. */
type Absence = 'file' | 'all';

interface Folder {
  /** By name; by a path below the folder, where what would hold the name is not there either. */
  readonly absent: Map<string, Absence>;
  readonly folders: Set<string>;
  readonly links: Map<string, string>;
  /** Names of folders that must not become links: packages that were loaded from where they stand. */
  readonly real: Set<string>;
  isListed: boolean;
}

/** The time by which a file or folder is known to be unchanged; 0 where it is too young: it may change and keep its time. */
export function lastingTime(mtimeMs: number): number {
  return mtimeMs > Date.now() - COARSEST_MS ? 0 : mtimeMs;
}

/** The first folder of a path: `node_modules` of `node_modules/p`; empty of a single name. */
function firstName(name: string): string {
  const end = name.indexOf(path.sep);
  return end < 0 ? '' : name.slice(0, end);
}

/** The words for what is absent (`FolderStamp.facts`); where `x.js`, `x.json` and `x.node` all are, one word says it. */
function absentWords(names: ReadonlyMap<string, Absence>): string[] {
  const extended = [...names.keys()]
    .filter((name) => name.endsWith(FIRST_EXTENSION))
    .map((name) => name.slice(0, -FIRST_EXTENSION.length))
    .filter((name) => EXTENSIONS.every((end) => names.has(name + end)));
  const isWhole = (name: string): boolean => names.get(name) === 'all';
  const covered = new Set(extended.flatMap((name) => EXTENSIONS.map((end) => name + end)));
  for (const name of extended.filter(isWhole)) covered.add(name);
  const single = [...names].filter(([name]) => !covered.has(name));
  return [
    ...extended.map((name) => (isWhole(name) ? `*${name}` : `~${name}`)),
    ...single.map(([name, absence]) => (absence === 'all' ? `!${name}` : `-${name}`)),
  ].sort();
}

/**
 * The words for one folder. Names below a folder that is not there come last, behind that folder's name: a launch that
 * finds the folder still absent skips them.
 */
function wordsOf({ absent, folders, links, real, isListed }: Folder, listing: () => readonly string[]): string[] {
  const below = new Map<string, Map<string, Absence>>();
  for (const [name, absence] of absent) {
    const first = firstName(name);
    below.set(first, (below.get(first) ?? new Map()).set(name, absence));
  }
  const direct = below.get('') ?? new Map<string, Absence>();
  below.delete('');
  return [
    ...(isListed ? [`#${listing().join('/')}`] : []),
    ...(real.size > 0 ? [`=${[...real].sort().join('/')}`] : []),
    ...[...links].sort().flatMap(([name, target]) => [`>${name}`, target]),
    ...[...folders].sort().map((name) => `+${name}`),
    ...absentWords(direct),
    ...[...below].sort().flatMap(([first, names]) => [`?${first}`, ...absentWords(names)]),
  ];
}

export class Places {
  readonly #folders = new Map<string, Folder>();
  readonly #kinds = new Map<string, Kind>();
  readonly #targets = new Map<string, string | null>();
  readonly #reals = new Map<string, string>();
  readonly #absent = new Map<string, Absence>();

  /** What is at a place, behind links. */
  kindOf(place: string): Kind {
    const known = this.#kinds.get(place);
    if (known !== undefined) return known;
    const found = this.#stat(place);
    const kind = found === undefined ? 'absent' : found.isDirectory() ? 'folder' : 'file';
    this.#kinds.set(place, kind);
    return kind;
  }

  /** The text of a link, as readlink(2) gives it; null for what is no link. */
  targetOf(place: string): string | null {
    const known = this.#targets.get(place);
    if (known !== undefined) return known;
    const isLink = lstatSync(place, QUIET)?.isSymbolicLink() === true;
    const target = isLink ? readlinkSync(place) : null;
    this.#targets.set(place, target);
    return target;
  }

  /** The real path of what is there; of what is not, the path as it is. */
  realOf(place: string): string {
    const known = this.#reals.get(place);
    if (known !== undefined) return known;
    const real = this.kindOf(place) === 'absent' ? place : realpathSync(place);
    this.#reals.set(place, real);
    return real;
  }

  noteAbsent(place: string): void {
    this.#absent.set(place, 'all');
  }

  noteNoFile(place: string): void {
    if (!this.#absent.has(place)) this.#absent.set(place, 'file');
  }

  noteFolder(place: string): void {
    this.#around(place).folders.add(path.basename(place));
  }

  noteLink(place: string, target: string): void {
    this.#around(place).links.set(path.basename(place), target);
  }

  noteReal(place: string): void {
    this.#around(place).real.add(path.basename(place));
  }

  noteListing(folder: string): void {
    this.#folder(folder).isListed = true;
  }

  stamps(): FolderStamp[] {
    for (const [place, absence] of this.#absent) this.#placeAbsent(place, absence);
    return [...this.#folders].map(([folder, kept]) => {
      const mtimeMs = lastingTime(this.#stat(folder)?.mtimeMs ?? 0);
      const facts = wordsOf(kept, () => readdirSync(folder).sort()).join('\0');
      return { folder, mtimeMs, facts };
    });
  }

  /**
   * Notes it with the nearest folder that exists. What has come to be there since is noted as absent all the same: a launch
   * then finds it, and runs plain.
   */
  #placeAbsent(place: string, absence: Absence): void {
    let holder = path.dirname(place);
    while (this.kindOf(holder) !== 'folder') holder = path.dirname(holder);
    this.#folder(holder).absent.set(path.relative(holder, place), absence);
  }

  /** Where Node's resolver may not look (EACCES), it goes on as if nothing were there; so does this. */
  #stat(place: string): Stats | undefined {
    try {
      return statSync(place, QUIET);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return undefined;
    }
  }

  #around(place: string): Folder {
    return this.#folder(path.dirname(place));
  }

  /** One entry for each folder, whatever links lead to it: those are noted with the folders that they stand in. */
  #folder(folder: string): Folder {
    const real = this.realOf(folder);
    const known = this.#folders.get(real);
    if (known !== undefined) return known;
    const names = { folders: new Set<string>(), real: new Set<string>() };
    const kept: Folder = { absent: new Map(), links: new Map(), isListed: false, ...names };
    this.#folders.set(real, kept);
    return kept;
  }
}
