// Baked modules made by hand: real Module objects, linked as the builder links them.
import { sealExports } from '../../../snapshot-entry/builder/seal-exports.cjs';
import { SealMaker } from '../../../snapshot-entry/builder/seal-maker.cjs';
import { Guards } from '../../../snapshot-entry/launch/guards.cjs';
import type { LoaderShapes } from '../../../snapshot-entry/launch/loader-shapes.cjs';
import { type NodeModule, NodeModules } from '../../../snapshot-entry/launch/node-module.cjs';
import { type BakedModule, Registry } from '../../../snapshot-entry/launch/registry.cjs';
import { Stage } from '../../../snapshot-entry/launch/replay.cjs';

export interface BakedProgram {
  readonly registry: Registry;
  /** The module that requires them: an entry, loaded by Node. */
  readonly entry: NodeModule;
  of(name: string): BakedModule;
}

export interface BakedOptions {
  /** By name: members that its load read from `shared`. */
  readonly reads?: Readonly<Record<string, readonly string[]>>;
  readonly shared?: object;
  /** What all modules depend on. */
  readonly realm?: SealMaker;
  /** Cycle members and the member through which the cycle was entered. */
  readonly heads?: Readonly<Record<string, string>>;
}

/** Without the frames. */
const shapes: LoaderShapes = {
  makeRequire: () => {
    throw new Error('nothing requires');
  },
  makeExtension: (open, compile) => (module, filename) => compile.call(module, open(module, filename)),
  makeCompile: (before) =>
    function compile(this: NodeModule, wrapper) {
      return wrapper.call(before(this)[0]);
    },
};

let programs = 0;

export function fileOf(baked: BakedModule | NodeModule): string {
  return ('file' in baked ? (baked as BakedModule).file : (baked as NodeModule).id).replace(/^.*\//, '');
}

/** One module a key, in load order: what its load requires. */
export function bakedProgram(
  edges: Readonly<Record<string, readonly string[]>>,
  options: BakedOptions = {},
): BakedProgram {
  const folder = `/baked/${++programs}`;
  const { reads, indexes, ranges } = layOutReads(options);
  const exports = new SealMaker();
  const registry = new Registry({
    realm: (options.realm ?? new SealMaker()).fixed(),
    exports: exports.seal,
    reads: reads.seal,
    readIndexes: indexes,
    guards: new Guards([], '', () => undefined),
    stage: new Stage(shapes),
  });
  const modules = new Map(Object.keys(edges).map((name) => [name, stub(`${folder}/${name}`, ranges.get(name))]));
  const of = (name: string): BakedModule => {
    const found = modules.get(name);
    if (found === undefined) throw new Error(`no module ${name}`);
    return found;
  };
  for (const [name, loads] of Object.entries(edges)) link(of(name), loads.map(of), exports);
  for (const [name, head] of Object.entries(options.heads ?? {})) of(name).heads = [of(head)];
  for (const baked of modules.values()) registry.add(baked);
  return { registry, entry: new NodeModules(`${folder}/entry`), of };
}

function layOutReads({ reads: wanted = {}, shared = {} }: BakedOptions) {
  const reads = new SealMaker();
  const indexes: number[] = [];
  const ranges = new Map<string, [number, number]>();
  for (const [name, members] of Object.entries(wanted)) {
    ranges.set(name, [indexes.length, indexes.length + members.length]);
    for (const member of members) indexes.push(reads.add(shared, member));
  }
  return { reads, indexes: Uint16Array.from(indexes), ranges };
}

function stub(file: string, [readsFrom, readsTo]: readonly [number, number] = [0, 0]): BakedModule {
  const module = new NodeModules(file);
  module.exports = { name: file };
  module.loaded = true;
  const require = Object.assign(() => undefined, { resolve: () => '', main: undefined, extensions: {}, cache: {} });
  const later = { firstParent: null, exportsAtBuild: module.exports, sealedFrom: 0, sealedTo: 0, heads: [] };
  const lazy = {
    active: false,
    wasRefused: false,
    guards: [],
    steps: [],
    hasDeferred: false,
    lazy: null,
    isSpoiled: false,
    heldIn: -1,
    foundIn: 0,
  };
  return { module, file, loads: [], require, readsFrom, readsTo, ...later, ...lazy };
}

function link(baked: BakedModule, loads: readonly BakedModule[], seal: SealMaker): void {
  for (const load of loads) {
    const step = { baked: load, by: null, partial: null };
    baked.loads.push(step);
    baked.steps.push(step);
    baked.module.children.push(load.module);
    if (load.sealedTo === 0) [load.sealedFrom, load.sealedTo] = sealExports(seal, load.module.exports);
    if (load.firstParent !== null) continue;
    load.firstParent = baked.module;
    load.module.parent = baked.module;
  }
}

/** As a `require` in code of the program's does. */
export function activate({ registry, of, entry }: BakedProgram, name: string, parent = entry): boolean {
  registry.foreign.note();
  return registry.activate(of(name), parent);
}

/** The keys of `Module._cache` that were added since `before`, by name and in order. */
export function cacheKeysSince(before: readonly string[]): string[] {
  const known = new Set(before);
  return Object.keys(NodeModules._cache)
    .filter((key) => !known.has(key))
    .map((key) => key.replace(/^.*\//, ''));
}

export function cacheKeys(): string[] {
  return Object.keys(NodeModules._cache);
}
