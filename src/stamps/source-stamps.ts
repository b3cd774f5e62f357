// What a launch compares before it uses an artifact (snapshot-entry/launch/sources.cts). Files outside node_modules are the
// program's own: each is compared. Packages are vouched for by what their package manager rewrites on each install, such as
// node_modules/.package-lock.json: one file for thousands. Where requests lead is decided by folders, too: by links in them,
// and by what is not in them (search.ts).
import path from 'node:path';
import type { FolderStamp, GlobalStamp, InstallStamps, SourceStamp } from '../../snapshot-entry/shared/bake-plan.cjs';
import type { Input } from '../graph/analysis.js';
import type { Graph, Resolution } from '../graph/types.js';
import { stampAll } from './files.js';
import { packageOf, stampInstalls, unvouched } from './installs.js';
import { Places } from './places.js';
import { Search } from './search.js';

/** Stands between the words of `facts`. */
const SEPARATOR = '\0';
/** The word before names in a folder that may be absent itself: while it is, a launch skips them. Here, the folder itself. */
const THIS_FOLDER = '?';

export interface Stamps {
  readonly ownSources: readonly SourceStamp[];
  readonly installs: readonly InstallStamps[];
  readonly folders: readonly FolderStamp[];
  readonly globals: GlobalStamp;
}

export const NO_STAMPS: Stamps = { ownSources: [], installs: [], folders: [], globals: { folders: [], facts: '' } };

export interface Stamped {
  readonly graph: Pick<Graph, 'modules' | 'resolutions'>;
  readonly baked: ReadonlySet<string>;
  /** Files of their own packages that modules read, listed or found absent while they were loaded. */
  readonly inputs: readonly Input[];
  /** The folders in which Node looks last for a package, as this build has them. */
  readonly globals: readonly string[];
}

function unique<T>(all: readonly T[]): T[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

function mergeGlobals(a: GlobalStamp, b: GlobalStamp): GlobalStamp {
  const facts = [...new Set([...a.facts.split(SEPARATOR), ...b.facts.split(SEPARATOR)])].filter(Boolean);
  return {
    folders: a.folders.length < b.folders.length ? b.folders : a.folders,
    facts: facts.join(SEPARATOR),
  };
}

/** The stamps of two blobs of one artifact. */
export function mergeStamps(a: Stamps, b: Stamps): Stamps {
  return {
    ownSources: unique([...a.ownSources, ...b.ownSources]),
    installs: unique([...a.installs, ...b.installs]),
    folders: unique([...a.folders, ...b.folders]),
    globals: mergeGlobals(a.globals, b.globals),
  };
}

/**
 * Whether a launch relies on this answer. It does on each that is a file. That a request failed matters only where a baked
 * module made it at load; Node answers the others anew in each run.
 */
function isRelied({ target, during }: Resolution, baked: ReadonlySet<string>): boolean {
  if (target === null) return during?.some((file) => baked.has(file)) === true;
  return !target.startsWith('node:');
}

function searchAll({ graph, baked, globals }: Stamped, places: Places): Search {
  const search = new Search(places, globals);
  for (const resolution of graph.resolutions) {
    const { from, request, target } = resolution;
    if (isRelied(resolution, baked)) search.follow(from, request, target);
  }
  for (const { file, format } of graph.modules) if (format !== 'json') search.scopeOf(path.dirname(file));
  return search;
}

function notePlaces(inputs: readonly Input[], places: Places): void {
  for (const { kind, path: place } of inputs) {
    if (kind === 'list' && places.kindOf(place) === 'folder') places.noteListing(place);
    else if (kind === 'absent') places.noteAbsent(place);
    else if (packageOf(place) !== null && places.kindOf(place) === 'folder') places.noteFolder(place);
  }
}

function stampGlobals({ globalWords, globalsUsed }: Search, globals: readonly string[]): GlobalStamp {
  const facts = globalWords.size === 0 ? [] : [THIS_FOLDER, ...[...globalWords].sort()];
  return { folders: globals.slice(0, globalsUsed), facts: facts.join(SEPARATOR) };
}

/** Stamps of the modules, of what baked ones read, and of the folders and configurations that led requests to them. */
export async function stampSources(stamped: Stamped): Promise<Stamps> {
  const { graph, baked, globals } = stamped;
  const places = new Places();
  const search = searchAll(stamped, places);
  const inputs = stamped.inputs.filter(({ module }) => baked.has(module));
  notePlaces(inputs, places);
  const read = inputs.filter(({ kind }) => kind === 'file' || kind === 'stat').map((input) => input.path);
  const loaded = [...graph.modules.map(({ file }) => file), ...search.configFiles()];
  const isInstalled = (file: string): boolean => packageOf(file) !== null;
  const readThere = read.filter((file) => isInstalled(file) && places.kindOf(file) === 'file');
  const own = [...loaded, ...read].filter((file) => !isInstalled(file));
  const single = new Set([...own, ...readThere, ...(await unvouched(loaded.filter(isInstalled)))]);
  return {
    ownSources: await stampAll(single),
    installs: await stampInstalls([...loaded, ...read]),
    folders: places.stamps(),
    globals: stampGlobals(search, globals),
  };
}
