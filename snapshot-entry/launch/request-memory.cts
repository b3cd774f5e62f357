// When a request has loaded a file, Node remembers to which file it led, by folder and request, and does not ask its
// resolver again (`relativeResolveCache`). Baked modules enter the cache without such a load. That would show where a
// program puts a resolver of its own in place (`Module._resolveFilename`, `registerHooks`): it would be asked about
// more requests than in a plain run. So Node is told before: by loads that resolve to the file that is known, and
// evaluate nothing.
import { type NodeModule, NodeModules } from './node-module.cjs';
import type { PackReader } from './pack-reader.cjs';
import type { BakedModule, Registry } from './registry.cjs';

const { apply, defineProperty, getOwnPropertyDescriptor } = Reflect;

interface Request {
  readonly folder: string;
  readonly request: string;
}

export class RequestMemory {
  readonly #load = NodeModules._load;
  readonly #cache = NodeModules._cache;
  /** By file: what the program itself required. No Map: a program may replace what Map can do. */
  readonly #asked: { [file: string]: Request | undefined } = Object.create(null);
  readonly #told: { [file: string]: true | undefined } = Object.create(null);
  /** How many had entered when Node was told last. */
  #toldOf = 0;

  note({ path }: NodeModule, request: string, { file }: BakedModule): void {
    this.#asked[file] = { folder: path, request };
  }

  /** Of all baked modules that have entered since. */
  tell(registry: Registry, pack: PackReader): void {
    if (NodeModules._cache !== this.#cache || registry.activated === this.#toldOf) return;
    this.#toldOf = registry.activated;
    let target = '';
    const putBackResolve = replace(NodeModules, '_resolveFilename', () => target);
    const putBackLoad = replace(NodeModules.prototype, 'load', function load(this: NodeModule) {
      this.loaded = true;
    });
    try {
      if (putBackResolve === undefined || putBackLoad === undefined) return;
      registry.forEachActive((baked) => {
        target = baked.file;
        if (this.#isNews(baked)) this.#tellOne(baked, this.#asked[target] ?? trainedRequest(baked, pack));
      });
    } finally {
      putBackResolve?.();
      putBackLoad?.();
    }
  }

  #isNews({ file, module }: BakedModule): boolean {
    return this.#told[file] === undefined && getOwnPropertyDescriptor(this.#cache, file)?.value === module;
  }

  #tellOne({ file, module }: BakedModule, asked: Request | undefined): void {
    this.#told[file] = true;
    if (asked === undefined) return;
    const parent = new NodeModules(asked.folder);
    parent.path = asked.folder;
    // The key keeps its place among the others.
    this.#cache[file] = undefined;
    try {
      apply(this.#load, NodeModules, [asked.request, parent, false]);
    } finally {
      this.#cache[file] = module;
    }
  }
}

/** Puts a value in a property's place; undefined where it cannot be, else what puts the property back. */
function replace(holder: object, key: string, value: unknown): (() => void) | undefined {
  const before = getOwnPropertyDescriptor(holder, key);
  if (before?.configurable !== true) return undefined;
  defineProperty(holder, key, { value, writable: true, enumerable: before.enumerable ?? true, configurable: true });
  return () => {
    defineProperty(holder, key, before);
  };
}

function trainedRequest({ file, firstParent }: BakedModule, pack: PackReader): Request | undefined {
  if (firstParent === null || firstParent.filename === null) return undefined;
  const request = pack.requestFor(pack.indexOf(firstParent.filename), pack.indexOf(file));
  return request === undefined ? undefined : { folder: firstParent.path, request };
}
