// Objects that a heap turns into something else when it is written, without a word: memory that threads share becomes a
// plain buffer, and a weak reference to what nothing else keeps is empty. Only those matter that are still there when the
// loads have ended: many modules make one to ask it something, and drop it. Where one is kept does not matter: in a
// variable, in a generator that waits, in a promise, in code made by `eval`. So a collection decides, not a walk.
import utilTypes = require('node:util/types');

import { Inspector } from '../../../snapshot-entry/inspector.cjs';

import { isObject } from './ledger.cjs';
import * as safe from './saved.cjs';
import { charge, type Place, placeNow, quietly } from './state.cjs';

type Entries = (collection: object) => readonly unknown[];

/** By whom each was made. The collection keeps none of them. */
const made = new safe.SafeWeakMap<object, Place>();
let count = 0;
let entriesOf: Entries = () => [];
let collect: () => void = () => undefined;
const deref = safe.uncurry(WeakRef.prototype.deref);

/** Whether `chargeSurvivors` will judge it. */
export function isJudgedLater(object: object): boolean {
  return made.has(object);
}

function note(object: object): void {
  const place = placeNow();
  if (place === undefined) return;
  made.set(object, place);
  count++;
}

function trapClass(name: 'SharedArrayBuffer' | 'WeakRef'): void {
  const real = globalThis[name];
  const noting = new safe.RealProxy(real, {
    construct(target, args, newTarget) {
      const object = safe.construct(target, args, newTarget) as object;
      note(object);
      return object;
    },
  });
  const descriptor = { value: noting, writable: true, enumerable: false, configurable: true };
  safe.defineProperty(real.prototype, 'constructor', descriptor);
  safe.defineProperty(globalThis, name, descriptor);
}

/** `previewEntries`: Node's own look into a weak collection. */
export function trapMaking(previewEntries: unknown): void {
  entriesOf = previewEntries as Entries;
  const inspector = new Inspector();
  // V8 collects before it lists the objects that inherit from one. From this one, none does.
  const prototypeObjectId = inspector.idOf({});
  collect = () => inspector.ask('Runtime.queryObjects', { prototypeObjectId });
  trapClass('SharedArrayBuffer');
  trapClass('WeakRef');
}

/** After all modules are evaluated. `isOwned`: whether some module or the realm keeps an object. */
export function chargeSurvivors(isOwned: (object: object) => boolean): void {
  if (count === 0) return;
  quietly(() => {
    collect();
    const entries = entriesOf(made);
    for (let i = 0; i < entries.length; i += 2) {
      const subject = lossOf(entries[i] as object, isOwned);
      const place = entries[i + 1] as Place;
      if (subject !== undefined) charge(place.file, 'native-kept', subject, undefined, place.at, place.statement);
    }
  });
}

/** What the heap would take from it, if anything. */
function lossOf(object: object, isOwned: (object: object) => boolean): string | undefined {
  if (utilTypes.isSharedArrayBuffer(object)) return 'a SharedArrayBuffer';
  const target: unknown = deref(object);
  return isObject(target) && isOwned(target) ? undefined : 'a WeakRef to what nothing else keeps';
}
