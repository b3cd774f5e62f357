// Some objects silently become something else when a heap is written: memory that threads share becomes a plain buffer,
// and a weak reference to what nothing else keeps is empty. Only objects that are still there when the loads have ended
// matter: many modules make one to ask it something, and drop it. It does not matter where one is kept: in a variable,
// in a generator that waits, in a promise, in code made by `eval`. A walk over the objects could not find all of these,
// so V8 is made to collect garbage, and what is left then is judged. Objects that hold the time at which they were made
// (`Event`) are judged in the same way.
import utilTypes = require('node:util/types');

import { Inspector } from '../../../snapshot-entry/builder/inspector.cjs';

import { isObject } from './ledger.cjs';
import * as safe from './saved.cjs';
import { charge, type Place, placeNow, quietly } from './state.cjs';

/** Their instances know when they were made. */
const TIMED = ['Event', 'CustomEvent', 'PerformanceMark'];

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

function trapClass(name: string): void {
  const real = safe.get(globalThis, name) as { readonly prototype: object } & safe.Callable;
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
  for (const name of ['SharedArrayBuffer', 'WeakRef', ...TIMED]) trapClass(name);
}

/** After all modules are evaluated. `isOwned`: whether some module or the realm keeps an object. */
export function chargeSurvivors(isOwned: (object: object) => boolean): void {
  if (count === 0) return;
  quietly(() => {
    collect();
    const entries = entriesOf(made);
    for (let i = 0; i < entries.length; i += 2) {
      const loss = lossOf(entries[i] as object, isOwned);
      const { file, at, statement } = entries[i + 1] as Place;
      if (loss !== undefined) charge({ file, kind: loss[0], subject: loss[1], at, statement });
    }
  });
}

type Loss = readonly [kind: 'native-kept' | 'clock', subject: string];

/** What it would no longer be in a restored heap, if anything. */
function lossOf(object: object, isOwned: (object: object) => boolean): Loss | undefined {
  if (utilTypes.isSharedArrayBuffer(object)) return ['native-kept', 'a SharedArrayBuffer'];
  if (!isWeakRef(object)) return ['clock', 'an event that is kept'];
  const target: unknown = deref(object);
  return isObject(target) && isOwned(target) ? undefined : ['native-kept', 'a WeakRef to what nothing else keeps'];
}

function isWeakRef(object: object): object is WeakRef<WeakKey> {
  try {
    deref(object);
    return true;
  } catch {
    // Node has no test for it: `deref` refuses anything else.
    return false;
  }
}
