// Who owns which object, and who changed it after its owner had finished.
// A first pass finds the objects that changed (suspects); a second run of the same modules watches just those at every
// boundary between modules and so finds the writer. A small hot set (globals, Module, Error, …) is watched always.
import type { EffectKind } from '../../graph/effects.cjs';

import utilTypes = require('node:util/types');

import { hasStack, keptNative } from './kept.cjs';
import * as ledger from './ledger.cjs';
import { standIns } from './run-facts.cjs';
import * as safe from './saved.cjs';
import type { PlannedModule, Suspect } from './shapes.cjs';
import { charge, chargeModule, quietly, stack } from './state.cjs';

export interface Owned {
  readonly object: object;
  readonly module: PlannedModule | undefined;
  readonly watch: string;
  readonly parent: Owned | undefined;
  readonly key: string | symbol;
  digest: number;
  /** Compared at every boundary. */
  isWatched: boolean;
}

interface Watched {
  readonly owned: Owned;
  digest: number;
  detail: ReadonlyMap<string | symbol, number>;
}

const owned = new safe.SafeMap<object, Owned>();
const watched: Watched[] = [];
const wanted = new safe.SafeSet<string>();
const hot = new safe.SafeSet<object>();
let whenOwned: (object: object) => void = () => undefined;

/** `look` is shown each object that a module comes to own, before its state is taken. */
export function onOwned(look: (object: object) => void): void {
  whenOwned = look;
}

export function watchFor(names: readonly string[]): void {
  for (let i = 0; i < names.length; i++) wanted.add(names[i] ?? '');
}

export function entryOf(object: object): Owned | undefined {
  return owned.get(object);
}

export function ownerOf(object: object): PlannedModule | 'realm' | undefined {
  const entry = owned.get(object);
  return entry ? (entry.module ?? 'realm') : undefined;
}

function pathOf(entry: Owned): string {
  const parts: string[] = [];
  for (let at: Owned | undefined = entry; at && parts.length < 12; at = at.parent) {
    if (at.key !== '') parts[parts.length] = safe.toText(at.key);
  }
  let path = '';
  for (let i = parts.length - 1; i >= 0; i--) path += path === '' ? parts[i] : `.${parts[i]}`;
  return path;
}

function watchNow(entry: Owned): void {
  entry.isWatched = true;
  watched[watched.length] = { owned: entry, digest: entry.digest, detail: ledger.detail(entry.object) };
}

/** Breadth first over what nobody owns yet; each object gets `module` as its owner. */
function claim(
  roots: readonly (readonly [string | symbol, unknown])[],
  module: PlannedModule | undefined,
  name: () => string,
  isLeftOut: (value: object) => boolean = () => false,
): void {
  const queue: { object: object; parent: Owned | undefined; key: string | symbol }[] = [];
  const pending = new safe.SafeSet<object>();
  const enqueue = (value: unknown, parent: Owned | undefined, key: string | symbol): void => {
    if (!ledger.isObject(value) || owned.has(value) || pending.has(value) || ledger.opaque.has(value)) return;
    if (isLeftOut(value)) return;
    const standIn = standIns.get(value);
    if (standIn !== undefined) {
      if (module)
        charge({ file: module.file, kind: standIn[0], subject: `${standIn[1]}, kept in ${safe.toText(key)}` });
      return;
    }
    pending.add(value);
    queue[queue.length] = { object: value, parent, key };
  };
  for (let i = 0; i < roots.length; i++) enqueue(roots[i]?.[1], undefined, roots[i]?.[0] ?? '');
  for (let i = 0; i < queue.length; i++) {
    const item = queue[i];
    if (!item) continue;
    if (module) whenOwned(item.object);
    const found: [string | symbol, unknown][] = [];
    const digest = ledger.digest(item.object, (key, value) => {
      if (ledger.isObject(value)) found[found.length] = [key, value];
    });
    const entry: Owned = { ...item, module, watch: name(), digest, isWatched: false };
    owned.set(item.object, entry);
    if (module) chargeKept(entry, module);
    if (hot.has(item.object) || wanted.has(entry.watch)) watchNow(entry);
    for (let j = 0; j < found.length; j++) enqueue(found[j]?.[1], entry, found[j]?.[0] ?? '');
  }
}

function chargeKept(entry: Owned, module: PlannedModule): void {
  if (hasStack(entry.object)) {
    chargeModule(module.file, 'error-kept', pathOf(entry));
  }
  const native = keptNative(entry.object);
  if (native) chargeModule(module.file, 'native-kept', `${native} in ${pathOf(entry)}`);
}

/** Registers built-in objects, so that modules never own them. */
export function claimRealm(label: string, value: unknown): void {
  quietly(() => claim([[label, value]], undefined, namesBelow(label)));
  if (ledger.isObject(value)) refresh(value);
}

/**
 * Those that only Node's own files hold. Without arrays of numbers: Node shares them with its native side, which leaves
 * answers in them (what `fs.statSync` found).
 */
export function claimHidden(label: string, value: unknown): void {
  claim([[label, value]], undefined, namesBelow(`${HIDDEN}${label}`), utilTypes.isArrayBufferView);
}

const HIDDEN = 'hidden ';

/** The same in both passes: a label's own, because what other labels lead to first may differ. */
function namesBelow(label: string): () => string {
  let count = 0;
  return () => `${label}:${count++}`;
}

/** Takes an object as it is now: the probe itself has set traps on it after it was claimed. */
export function refresh(object: object): void {
  const entry = owned.get(object);
  if (!entry) return;
  entry.digest = quietly(() => ledger.digestOnly(object));
  for (let i = 0; i < watched.length; i++) {
    const watch = watched[i];
    if (watch?.owned !== entry) continue;
    watch.digest = entry.digest;
    watch.detail = quietly(() => ledger.detail(object));
  }
}

export function keepHot(objects: readonly unknown[]): void {
  for (let i = 0; i < objects.length; i++) {
    const object = objects[i];
    if (ledger.isObject(object)) hot.add(object);
  }
}

export function claimModule(
  module: PlannedModule,
  index: number,
  roots: readonly (readonly [string | symbol, unknown])[],
): void {
  let count = 0;
  quietly(() => claim(roots, module, () => `o:${index}:${count++}`));
}

const MODULE_LABEL = /^(?:Module(?:$|\.)|node:(?:module\.|internal\/modules\/))/;

function kindOf(entry: Owned, key: string): EffectKind {
  if (entry.module) return 'foreign-write';
  const path = pathOf(entry);
  if (path === 'globalThis') return 'global-write';
  if (path === 'process') return 'process-write';
  if (key === 'stackTraceLimit' || key === 'prepareStackTrace') return 'stack-setting';
  return safe.testPattern(MODULE_LABEL, path) ? 'module-hook' : 'builtin-write';
}

/** A boundary: what changed since the last one was changed by the module whose code ran, the innermost on the stack. */
export function boundary(): void {
  quietly(() => {
    const writer = stack.length > 0 ? stack[stack.length - 1] : undefined;
    for (let i = 0; i < watched.length; i++) {
      const watch = watched[i];
      if (!watch) continue;
      const digest = ledger.digestOnly(watch.owned.object);
      if (digest === watch.digest) continue;
      const detail = ledger.detail(watch.owned.object);
      const keys = ledger.changedKeys(watch.detail, detail);
      watch.digest = digest;
      watch.detail = detail;
      if (writer && writer !== watch.owned.module) chargeChange(writer, watch.owned, keys);
    }
  });
}

/** Between two boundaries Node itself has changed what it hides, in loading more of its files. */
export function absorbHidden(): void {
  for (let i = 0; i < watched.length; i++) {
    const watch = watched[i];
    if (!watch || !safe.startsWith(watch.owned.watch, HIDDEN)) continue;
    watch.digest = ledger.digestOnly(watch.owned.object);
    watch.detail = ledger.detail(watch.owned.object);
  }
}

export function chargeChange(writer: PlannedModule, entry: Owned, keys: readonly string[]): void {
  const path = pathOf(entry);
  const owner = entry.module?.file;
  if (keys.length === 0) chargeModule(writer.file, kindOf(entry, ''), path, owner);
  for (let i = 0; i < keys.length && i < 20; i++) {
    const key = keys[i] ?? '';
    chargeModule(writer.file, kindOf(entry, key), `${path}.${key}`, owner);
  }
}

/** Everything that changed after its owner had finished and was not watched. */
export function suspects(): Suspect[] {
  const found: Suspect[] = [];
  quietly(() => {
    owned.forEach((entry) => {
      if (hot.has(entry.object) || wanted.has(entry.watch)) return;
      if (ledger.digestOnly(entry.object) === entry.digest) return;
      found[found.length] = { watch: entry.watch, owner: entry.module?.file ?? '', path: pathOf(entry) };
    });
  });
  return found;
}
