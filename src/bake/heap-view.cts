// Runs in a builder that has baked a plan, and instead of writing the heap writes V8's own view of it. In the view one
// place has edges to all that is compared; what belongs to the builder alone is not below it. Modules of Node's own
// that only the other builder has loaded are loaded before, so that two views differ in nothing but what modules have
// changed.
import fs = require('node:fs');
import Module = require('node:module');
import v8 = require('node:v8');

import { Inspector } from '../../snapshot-entry/builder/inspector.cjs';
import { type BuiltinModule, openInternals } from '../../snapshot-entry/builder/internals.cjs';

/** Put before this script by heap-views.ts, since a bake takes the arguments away. */
declare const heapViewArguments: readonly string[];

/** The name under which the view's roots are found: as of heap-views.ts. */
const ROOTS = '__v8snapHeapRoots';
const LOADED = 'NativeModule ';

function loadedModules(): string[] {
  const { moduleLoadList } = process as unknown as { readonly moduleLoadList: readonly string[] };
  return moduleLoadList.filter((name) => name.startsWith(LOADED)).map((name) => name.slice(LOADED.length));
}

/** Node's own modules that the other builder has loaded, however deep inside. */
function loadAlso(
  builtins: ReadonlyMap<string, BuiltinModule & { readonly canBeRequiredByUsers?: boolean }>,
  names: readonly string[],
): void {
  const loaded = new Set(loadedModules());
  for (const name of names) {
    const builtin = loaded.has(name) ? undefined : builtins.get(name);
    if (builtin?.canBeRequiredByUsers === true) require(`node:${name}`);
    else builtin?.compileForInternalLoader();
  }
}

/** What the modules of the program have exported, by file. */
function programModules(files: readonly string[]): Record<string, unknown> {
  const inspector = new Inspector();
  const prototypeObjectId = inspector.idOf(Module.prototype);
  const { objects } = inspector.ask<{ readonly objects: { readonly objectId: string } }>('Runtime.queryObjects', {
    prototypeObjectId,
  });
  const all = inspector.take(objects.objectId, 'all => all') as readonly { id: unknown; exports: unknown }[];
  inspector.close();
  const made: Record<string, unknown> = {};
  for (const { id, exports } of all) if (typeof id === 'string' && files.includes(id)) made[id] = { exports };
  return made;
}

function write(text: string, file: string): void {
  fs.writeFileSync(file, text);
}

function view(): void {
  const [outFile = '', wantedFile = ''] = heapViewArguments;
  const wanted = JSON.parse(fs.readFileSync(wantedFile, 'utf8')) as { builtins: string[]; modules: string[] };
  const { builtins } = openInternals((Module as unknown as { _load: unknown })._load);
  loadAlso(builtins, wanted.builtins);
  const roots = { builtins, global: globalThis, modules: programModules(wanted.modules) };
  (globalThis as Record<string, unknown>)[ROOTS] = roots;
  const options = { exposeInternals: true, exposeNumericValues: true };
  const snapshot = v8.getHeapSnapshot(options as never);
  const out = fs.openSync(outFile, 'w');
  for (let part = snapshot.read(); part !== null; part = snapshot.read()) fs.writeSync(out, part);
  fs.closeSync(out);
  write(JSON.stringify(loadedModules()), `${outFile}.builtins`);
  (process as unknown as { reallyExit(code: number): never }).reallyExit(0);
}

view();
