// Looks for what requests lead to as Node's CommonJS loader does, and notes each place that decides it. For example:
// `require('debug')` in /app/lib/a.js leads to /app/node_modules/debug only while there is no /app/lib/node_modules/debug;
// that absence is noted, and a launch looks again. The answers themselves are not used: Node has resolved the requests
// before, in training runs. Where its answer was another than this search's, the program has a resolver of its own, which
// is asked again in each run.
import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { SUFFIXES } from '../../snapshot-entry/shared/facts.cjs';
import type { Places } from './places.js';

const EXTENSIONS = SUFFIXES.slice(1);
const MODULES = 'node_modules';
/** Linux follows as many links in one path, and no more. */
const MOST_LINKS = 40;

interface Config {
  readonly file: string;
  readonly name?: unknown;
  readonly main?: unknown;
  readonly exports?: unknown;
  readonly imports?: unknown;
  /** It is no JSON: Node throws when it reads it. */
  readonly isBroken?: true;
}

/**
 * `decided`: the package.json of that folder maps the request itself (`exports`, `imports`), so that file alone decides and
 * nothing more is searched for.
 */
type Found = { readonly file: string } | { readonly decided: string } | null;

function isRelative(request: string): boolean {
  return /^\.\.?(?:\/|$)/.test(request);
}

/** A request that can only mean a folder: `..`, `./lib/`. */
function meansFolder(request: string): boolean {
  return /(?:^|\/)\.{1,2}$|\/$/.test(request);
}

export function packageName(request: string): string {
  return request
    .split('/')
    .slice(0, request.startsWith('@') ? 2 : 1)
    .join('/');
}

function lookUpFolders(from: string): string[] {
  const folders: string[] = [];
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (path.basename(folder) !== MODULES) folders.push(path.join(folder, MODULES));
    if (folder === path.dirname(folder)) return folders;
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

export class Search {
  readonly #places: Places;
  readonly #globals: readonly string[];
  readonly #configs = new Map<string, Config | null>();
  readonly #scopes = new Map<string, Config | null>();
  readonly #answers = new Map<string, Found>();
  /** Names that were looked for in the global folders in vain, as the words of `FolderStamp.facts`. */
  readonly globalWords = new Set<string>();
  /** A request was answered from the global folder before this index; so that many of them must be the same in a launch. */
  globalsUsed = 0;

  constructor(places: Places, globals: readonly string[]) {
    this.#places = places;
    this.#globals = globals;
  }

  /** The package.json files that were read on the way, by their real paths. */
  configFiles(): string[] {
    const found = [...this.#configs].flatMap(([file, config]) => (config === null ? [] : realpathSync(file)));
    return [...new Set(found)];
  }

  /**
   * Notes all that makes `request`, made in the file `from`, lead to the file `target`, or nowhere where that is null.
   * Returns where it leads now, which may be another place than in the training run.
   */
  follow(from: string, request: string, target: string | null): string | null {
    const folder = path.dirname(from);
    const key = `${folder}\0${request}`;
    const found = this.#answers.has(key) ? this.#answers.get(key) : this.#find(folder, request);
    this.#answers.set(key, found ?? null);
    // In the training run it led nowhere, and now to a file: noted as absent, so that a launch sees the difference.
    if (target === null && found != null && 'file' in found) this.#places.noteAbsent(found.file);
    if (found == null) return null;
    if ('file' in found) return this.#followLinks(folder, found.file);
    if (target !== null) this.#followDecided(folder, found.decided, target);
    return target;
  }

  /** The package.json that says how Node loads the files of a folder. */
  scopeOf(folder: string): Config | null {
    const known = this.#scopes.get(folder);
    if (known !== undefined) return known;
    const isTop = path.basename(folder) === MODULES || folder === path.dirname(folder);
    const config = path.basename(folder) === MODULES ? null : this.#config(folder);
    const scope = config ?? (isTop ? null : this.scopeOf(path.dirname(folder)));
    this.#scopes.set(folder, scope);
    return scope;
  }

  #find(folder: string, request: string): Found {
    if (isRelative(request) || path.isAbsolute(request)) return this.#findFile(path.resolve(folder, request), request);
    const scope = this.scopeOf(folder);
    if (scope?.isBroken === true) return { decided: folder };
    if (request.startsWith('#')) return this.#findImport(scope, request);
    const name = packageName(request);
    if (scope !== null && scope.exports != null && scope.name === name) return { decided: path.dirname(scope.file) };
    for (const modules of lookUpFolders(folder)) {
      const found = this.#findPackage(modules, name, request);
      if (found !== null) return found;
    }
    return this.#findGlobally(name, request);
  }

  #findGlobally(name: string, request: string): Found {
    const isKnown = this.#globals.some((folder) => this.#places.kindOf(path.join(folder, name)) !== 'absent');
    for (const [index, folder] of this.#globals.entries()) {
      const found = this.#places.kindOf(folder) === 'folder' ? this.#findPackage(folder, name, request) : null;
      if (found === null) continue;
      this.globalsUsed = Math.max(this.globalsUsed, index + 1);
      return found;
    }
    const sought = isKnown ? request : name;
    this.globalWords.add(sought === request ? `*${sought}` : `!${sought}`);
    return null;
  }

  #findPackage(modules: string, name: string, request: string): Found {
    const folder = path.join(modules, name);
    const kind = this.#places.kindOf(folder);
    if (kind === 'folder') {
      const config = this.#config(folder);
      if (config !== null && (config.exports != null || config.isBroken === true)) return { decided: folder };
    } else if (kind === 'absent' && (name !== request || this.#places.kindOf(modules) !== 'folder')) {
      this.#places.noteAbsent(folder);
      if (name === request) for (const end of EXTENSIONS) this.#places.noteNoFile(folder + end);
      return null;
    }
    return this.#findFile(path.join(modules, request), request);
  }

  /** Entries of `imports` may lead into other packages: those are looked for from the folder of the package.json. */
  #findImport(scope: Config | null, request: string): Found {
    if (scope === null) return null;
    const { imports, file } = scope;
    const entries = typeof imports === 'object' && imports !== null ? Object.entries(imports) : [];
    const names = entries
      .filter(([key]) => key === request || key.includes('*'))
      .flatMap(([, value]) => textsIn(value))
      .filter((text) => !/^(?:\.|\/|node:)/.test(text))
      .map(packageName);
    const folders = names.flatMap((name) => this.#nearestPackage(path.dirname(file), name) ?? []);
    return { decided: folders[0] ?? path.dirname(file) };
  }

  #nearestPackage(folder: string, name: string): string | null {
    for (const modules of lookUpFolders(folder)) {
      const found = path.join(modules, name);
      if (this.#places.kindOf(found) === 'folder') {
        this.#config(found);
        return found;
      }
      this.#places.noteAbsent(found);
    }
    return null;
  }

  #findFile(base: string, request: string): Found {
    const kind = this.#places.kindOf(base);
    if (!meansFolder(request)) {
      if (kind === 'file') return { file: base };
      const found = this.#withExtension(base);
      if (found !== null) {
        if (kind === 'folder') this.#places.noteFolder(base);
        else this.#places.noteNoFile(base);
        return found;
      }
    }
    if (kind === 'folder') return this.#findInFolder(base);
    if (kind === 'absent') this.#places.noteAbsent(base);
    return null;
  }

  #findInFolder(folder: string): Found {
    const { main, isBroken } = this.#config(folder) ?? {};
    if (isBroken === true) return { decided: folder };
    if (typeof main === 'string' && main !== '') {
      const base = path.resolve(folder, main);
      const kind = this.#places.kindOf(base);
      if (kind === 'file') return { file: base };
      const named = this.#withExtension(base);
      if (named !== null && kind === 'folder') this.#places.noteFolder(base);
      if (kind === 'absent') this.#places.noteNoFile(base);
      const found = named ?? this.#withExtension(path.join(base, 'index'));
      if (found !== null) return found;
    }
    return this.#withExtension(path.join(folder, 'index'));
  }

  #withExtension(base: string): Found {
    for (const end of EXTENSIONS) {
      const kind = this.#places.kindOf(base + end);
      if (kind === 'file') return { file: base + end };
      if (kind === 'folder') this.#places.noteFolder(base + end);
      else this.#places.noteNoFile(base + end);
    }
    return null;
  }

  #config(folder: string): Config | null {
    const file = path.join(folder, 'package.json');
    const known = this.#configs.get(file);
    if (known !== undefined) return known;
    const config = this.#places.kindOf(file) === 'file' ? readConfig(file) : null;
    if (config === null) this.#places.noteNoFile(file);
    this.#configs.set(file, config);
    return config;
  }

  #followDecided(from: string, folder: string, target: string): void {
    const real = this.#followLinks(from, folder);
    // Else the target is reached by a link within the package, or is in another package that a map of imports names.
    if (!target.startsWith(real + path.sep)) this.#followLinks(from, target);
  }

  /**
   * Notes the links on a path that was asked for from a folder, and of packages on it that they are no links. Returns the
   * real path.
   */
  #followLinks(from: string, logical: string): string {
    const known = this.#places.realOf(from) === from ? from : '';
    let real = path.parse(logical).root;
    let rest = logical.slice(real.length).split(path.sep);
    for (let links = 0; rest.length > 0; ) {
      const [word = '', ...more] = rest;
      const place = path.join(real, word);
      // The links in the requiring file's own path were noted when that file was found.
      const isKnown = `${known}${path.sep}`.startsWith(place + path.sep);
      const target = isKnown ? null : this.#places.targetOf(place);
      if (target !== null && links < MOST_LINKS) {
        links++;
        this.#places.noteLink(place, target);
        const led = path.resolve(real, target);
        real = path.parse(led).root;
        rest = [...led.slice(real.length).split(path.sep), ...more];
        continue;
      }
      if (!isKnown && isPackagePlace(place)) this.#places.noteReal(place);
      real = place;
      rest = more;
    }
    return real;
  }
}

/** Whether users and package managers make links of it: an outermost `node_modules`, or an entry of any `node_modules`. */
function isPackagePlace(place: string): boolean {
  const [last, above, top] = place.split(path.sep).reverse();
  if (last === MODULES) return !place.slice(0, -MODULES.length).includes(`${path.sep}${MODULES}${path.sep}`);
  return above === MODULES || (above?.startsWith('@') === true && top === MODULES);
}

function readConfig(file: string): Config {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return { ...(typeof parsed === 'object' ? parsed : {}), file };
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code !== undefined)
      return { file, isBroken: true };
    throw error;
  }
}
