// Traps on `process`: environment, argv, identity, streams, listeners and calls. Only for this throw-away process.

import type { EffectKind } from '../../graph/effects.cjs';
import { isObject } from './ledger.cjs';
import { holdsMain, readMain } from './main-module.cjs';
import { claimRealm } from './ownership.cjs';
import { trapArguments, trapStreams } from './run-facts.cjs';
import * as safe from './saved.cjs';
import { record, recordGuarded, recordRead, refusal, spy, spyOn, spyOnSetters } from './state.cjs';

class ExitAtLoad {
  readonly name = 'ExitAtLoad';
}

/** True for what a trapped `process.exit` throws to end the module's evaluation. */
export function isExit(value: unknown): boolean {
  return value instanceof ExitAtLoad;
}

function trapEnv(worldVariables: readonly string[]): void {
  const env = process.env;
  const named = (key: string | symbol): key is string => typeof key === 'string';
  const read = (key: string | symbol): void => {
    if (!named(key) || safe.has(Object.prototype, key)) return;
    if (worldVariables.includes(key)) recordGuarded('env-read', key, { kind: 'env-same', name: key });
    else if (safe.has(env, key)) record('env-read', key);
    else recordGuarded('env-read', key, { kind: 'env-unset', name: key });
  };
  const proxy = new safe.RealProxy(env, {
    get(target, key) {
      read(key);
      return safe.get(target, key);
    },
    has(target, key) {
      read(key);
      return safe.has(target, key);
    },
    getOwnPropertyDescriptor(target, key) {
      read(key);
      return safe.getOwnPropertyDescriptor(target, key);
    },
    ownKeys(target) {
      record('env-enumerate', 'process.env');
      return safe.ownKeys(target);
    },
    set(target, key, value) {
      record('env-write', safe.toText(key));
      return safe.set(target, key, value);
    },
    defineProperty(target, key, descriptor) {
      record('env-write', safe.toText(key));
      return safe.defineProperty(target, key, descriptor);
    },
    deleteProperty(target, key) {
      // To delete what is not there changes nothing.
      if (safe.has(target, key)) record('env-write', safe.toText(key));
      else read(key);
      return safe.deleteProperty(target, key);
    },
  });
  // That `process.env` itself was read is noted, too. A module that keeps it (`const { env } = process`) holds Node's own
  // object in the snapshot. In a run whose program has put another object there first (`process.env = { ...defaults }`),
  // the module would hold the wrong one; so a launch compares the two before it uses the module.
  safe.defineProperty(process, 'env', {
    configurable: true,
    enumerable: true,
    get: () => {
      recordRead('globalThis.process', 'env');
      return proxy;
    },
    set: () => record('process-write', 'process.env'),
  });
}

const READS: readonly (readonly [EffectKind, string])[] = [
  ...['argv0', 'execArgv', '_eval'].map((name) => ['argv', name] as const),
  // A builder has them otherwise.
  ...['moduleLoadList', '_events', '_eventsCount'].map((name) => ['process-read', name] as const),
  ...['execPath', 'title', 'pid', 'ppid', 'debugPort', 'report', 'send', 'connected', 'channel', 'exitCode'].map(
    (name) => ['process-read', name] as const,
  ),
];

/** Flags that built-ins read on a module's behalf (`util.deprecate`): guarded by value, not forbidden. */
const GUARDED = ['noDeprecation', 'throwDeprecation', 'traceDeprecation', 'noProcessWarnings'];

function trapRead(name: string, seen: () => void, holder: object = process): void {
  const original = safe.getOwnPropertyDescriptor(holder, name);
  let value: unknown = original && 'value' in original ? original.value : undefined;
  safe.defineProperty(holder, name, {
    configurable: true,
    enumerable: original?.enumerable ?? false,
    get() {
      seen();
      return original?.get ? safe.apply(original.get, holder, []) : value;
    },
    set(next: unknown) {
      record('process-write', `process.${name}`);
      value = next;
    },
  });
}

const CALLS = [
  'cwd',
  'uptime',
  'memoryUsage',
  'cpuUsage',
  'threadCpuUsage',
  'resourceUsage',
  'constrainedMemory',
  'availableMemory',
  'getuid',
  'geteuid',
  'getgid',
  'getegid',
  'getgroups',
  'umask',
  'emitWarning',
  'binding',
  '_linkedBinding',
  '_getActiveHandles',
  '_getActiveRequests',
  'getActiveResourcesInfo',
  'hasUncaughtExceptionCaptureCallback',
  'setSourceMapsEnabled',
  'emit',
  'eventNames',
  'listeners',
  'rawListeners',
  'listenerCount',
  'ref',
  'unref',
];
const REFUSED = [
  'chdir',
  'kill',
  '_kill',
  'abort',
  'dlopen',
  'execve',
  'initgroups',
  'setgroups',
  'setegid',
  'seteuid',
  'setgid',
  'setuid',
  'loadEnvFile',
  'setUncaughtExceptionCaptureCallback',
  'addUncaughtExceptionCaptureCallback',
  'openStdin',
  '_debugProcess',
  '_debugEnd',
  '_startProfilerIdleNotifier',
  '_stopProfilerIdleNotifier',
];
const LISTENER_CALLS = [
  'on',
  'once',
  'addListener',
  'prependListener',
  'prependOnceListener',
  'off',
  'removeListener',
  'removeAllListeners',
  'setMaxListeners',
];

function replaceCall(name: string, answer: (args: readonly unknown[]) => unknown): void {
  const original: unknown = safe.get(process, name);
  if (typeof original !== 'function') return;
  fix(name, new safe.RealProxy(original, { apply: (_target, _self, args) => answer(args) }));
}

const trapped: (readonly [path: string, original: object])[] = [];

/** Some calls that stand behind traps have members: `process.hrtime.bigint`. */
export function claimTrappedCalls(): void {
  for (const [path, original] of trapped) {
    const values = safe.ownKeys(original).map((key) => safe.getOwnPropertyDescriptor(original, key)?.value);
    if (values.some((value) => typeof value === 'function')) claimRealm(path, original);
  }
}

/**
 * Puts a trap on `process` that stays: a module that replaces `process.cwd` is charged, but the modules after it are
 * still judged by what they call.
 */
function fix(name: string, trap: unknown): void {
  trapped[trapped.length] = [`process.${name}`, safe.originalOf(trap) as object];
  safe.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get: () => {
      recordRead('globalThis.process', name);
      return trap;
    },
    set: () => record('process-write', `process.${name}`),
  });
}

function trapHrtime(): void {
  const hrtime = process.hrtime;
  const bigint = hrtime.bigint;
  fix(
    'hrtime',
    spy(hrtime, () => record('clock', 'process.hrtime')),
  );
  hrtime.bigint = spy(bigint, () => record('clock', 'process.hrtime.bigint'));
}

/** `callBinding` stays untrapped for the probe's own use: fetch what is needed before this runs. */
export function trapProcess(worldVariables: readonly string[]): void {
  trapEnv(worldVariables);
  trapArguments();
  trapStreams();
  holdsMain(process);
  trapRead('mainModule', () => readMain('process.mainModule'));
  for (const [kind, name] of READS) trapRead(name, () => record(kind, `process.${name}`));
  // A builder has none.
  const builtins = 'cached_builtins';
  trapRead(builtins, () => record('process-read', `process.features.${builtins}`), process.features);
  for (const name of GUARDED) trapRead(name, () => recordRead('globalThis.process', name));
  trapHrtime();
  for (const name of CALLS) {
    const original: unknown = safe.get(process, name);
    if (typeof original === 'function')
      fix(
        name,
        spy(original, () => record('process-call', `process.${name}`)),
      );
  }
  for (const name of REFUSED) {
    replaceCall(name, () => {
      record('process-call', `process.${name}`);
      throw refusal(`process.${name}`);
    });
  }
  for (const name of LISTENER_CALLS) {
    replaceCall(name, (args) => {
      record('process-listener', `process.${name}(${safe.toText(args[0])})`);
      return process;
    });
  }
  for (const name of ['exit', 'reallyExit']) {
    replaceCall(name, () => {
      record('exit', `process.${name}`);
      throw new ExitAtLoad();
    });
  }
  fix(
    'nextTick',
    spy(process.nextTick, () => record('async-work', 'process.nextTick')),
  );
  const finalization: unknown = safe.get(process, 'finalization');
  for (const key of isObject(finalization) ? safe.ownKeys(finalization) : []) {
    spyOn(finalization as object, safe.toText(key), () =>
      record('process-listener', `process.finalization.${safe.toText(key)}`),
    );
  }
  spyOnSetters(process, (key) => record('process-write', `process.${key}`));
}

const readExitCode = safe.getOwnPropertyDescriptor(process, 'exitCode')?.get;
let exitCode: unknown;

/** Node fixes the accessor, so that no trap can take its place: asked for at each boundary between modules. */
export function judgeExitCode(): void {
  const now: unknown = readExitCode && safe.apply(readExitCode, process, []);
  if (now === exitCode) return;
  exitCode = now;
  record('process-write', 'process.exitCode');
}

/** No builder has code caches of Node's own sources. */
export function trapFeatures(): void {
  const features: unknown = safe.get(process, 'features');
  const name = 'cached_builtins';
  if (typeof features !== 'object' || features === null) return;
  const descriptor = safe.getOwnPropertyDescriptor(features, name);
  if (descriptor?.configurable !== true) return;
  const get = () => {
    record('process-read', `process.features.${name}`);
    return descriptor.get ? safe.apply(descriptor.get, features, []) : descriptor.value;
  };
  safe.defineProperty(features, name, { configurable: true, enumerable: descriptor.enumerable ?? true, get });
}

export function trapConsole(): void {
  const silent = ['assert', 'clear', 'context', 'createTask', 'profile', 'profileEnd', 'timeStamp', 'Console'];
  for (const key of safe.ownKeys(console)) {
    const value: unknown = safe.getOwnPropertyDescriptor(console, key)?.value;
    if (typeof key !== 'string' || typeof value !== 'function' || silent.includes(key) || key[0] === '_') continue;
    const mute = new safe.RealProxy(value, { apply: () => record('output', `console.${key}`) });
    safe.defineProperty(console, key, { value: mute, writable: true, enumerable: true, configurable: true });
  }
  spyOnSetters(console, (key) => record('builtin-write', `console.${key}`));
}
