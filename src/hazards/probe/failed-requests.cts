// A request that leads nowhere throws what Node itself makes: its resolver is asked once more. The message and
// `requireStack` of that error name the modules that have led to the requiring one, which differ between runs: looking
// at these two is noted.
import Module = require('node:module');

import * as safe from './saved.cjs';
import { quietly, record, spyOn } from './state.cjs';

/** Before any module could change them. */
const resolveFilename = safe.get(Module, '_resolveFilename') as safe.Callable;
const requireOriginal = Module.prototype.require as safe.Callable;
const { isBuiltin } = Module;

/** Members that tell of the run, by the error that has them. */
const watched = new safe.SafeWeakMap<object, readonly string[]>();

/** What Node throws; undefined where it finds something. */
export function failureOf(module: NodeJS.Module, request: string): unknown {
  return quietly(() => {
    try {
      safe.apply(resolveFilename, Module, [request, module, false]);
    } catch (error) {
      if (typeof error === 'object' && error !== null) watch(error);
      return error;
    }
    return undefined;
  });
}

/** What Node's resolver works out at its first failure is no module's doing. */
export function failOnce(): void {
  const module = new Module('/');
  for (const request of ['v8-snap-no-such-package', './v8-snap-no-such-file', '#v8-snap']) failureOf(module, request);
}

/** `node:nope` */
export function isUnknownBuiltin(request: string): boolean {
  return safe.startsWith(request, 'node:') && !isBuiltin(request);
}

/** What Node throws for it, whoever asks. */
export function unknownBuiltin(module: NodeJS.Module, request: string): unknown {
  return quietly(() => {
    try {
      return safe.apply(requireOriginal, module, [request]);
    } catch (error) {
      return error;
    }
  });
}

function watch(error: object): void {
  if (safe.getOwnPropertyDescriptor(error, 'requireStack') === undefined) return;
  const names = ['message', 'requireStack'];
  watched.set(error, names);
  for (const name of names) watchMember(error, name);
}

function watchMember(error: object, name: string): void {
  const { value, enumerable = false } = safe.getOwnPropertyDescriptor(error, name) ?? {};
  safe.defineProperty(error, name, {
    configurable: true,
    enumerable,
    get() {
      note(name);
      return value;
    },
    set(this: object, to: unknown) {
      safe.defineProperty(this, name, { value: to, writable: true, enumerable, configurable: true });
    },
  });
}

function note(name: string): void {
  record('loader-read', `${name} of a request that failed`);
}

/** Those who ask for the property itself see an accessor, where a plain run has a value. */
export function trapDescriptors(): void {
  const ask = (args: readonly unknown[]): void => {
    const names = watched.get(args[0] as object);
    if (names === undefined) return;
    for (let i = 0; i < names.length; i++) if (args.length < 2 || args[1] === names[i]) note(names[i] ?? '');
  };
  spyOn(Object, 'getOwnPropertyDescriptor', ask);
  spyOn(Reflect, 'getOwnPropertyDescriptor', ask);
  spyOn(Object, 'getOwnPropertyDescriptors', (args) => ask([args[0]]));
}
