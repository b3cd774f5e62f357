// What a module gets for `require('fs')` while it is analysed: a proxy that notes which members it reads (they are
// compared again before the baked module is used) and which it writes. Members whose call alone is a hazard are spied on.

import { promisify } from 'node:util';
import { MEMBER_LIST } from '../../../snapshot-entry/shared/shared-names.cjs';
import type { EffectKind } from '../../graph/effects.cjs';
import { trapAsyncContext } from './async-context.cjs';
import { changeTraps } from './change-traps.cjs';
import { brandBuiltin } from './kept.cjs';
import { isObject, opaque } from './ledger.cjs';
import { trapBuiltinMembers, trapStatics } from './member-traps.cjs';
import { loadingMore } from './node-state.cjs';
import { claimRealm, ownerOf, refresh } from './ownership.cjs';
import { trapAbsences, trapNameSpace } from './presence-traps.cjs';
import { trapTerminalTest } from './run-facts.cjs';
import * as safe from './saved.cjs';
import { memberName } from './shared-objects.cjs';
import { standIn } from './stand-in.cjs';
import { current, quietly, record, recordGuarded, recordRead, refusal, spyOn, spyOnSetters } from './state.cjs';

type Load = (name: string) => unknown;

const proxies = new safe.SafeMap<string, unknown>();
const proxyOf = new safe.SafeMap<unknown, unknown>();
let loadBuiltin: Load = () => undefined;
let unsafe: ReadonlySet<string> = new safe.SafeSet<string>();

/** `kind` charged when one of the members is called, by built-in. */
const CALLS: readonly (readonly [string, EffectKind, readonly string[]])[] = [
  [
    'os',
    'os',
    [
      'cpus',
      'freemem',
      'getPriority',
      'setPriority',
      'homedir',
      'hostname',
      'loadavg',
      'machine',
      'networkInterfaces',
      'release',
      'tmpdir',
      'totalmem',
      'uptime',
      'userInfo',
      'version',
      'availableParallelism',
      'tmpDir',
      'getNetworkInterfaces',
    ],
  ],
  [
    'crypto',
    'random',
    [
      'randomBytes',
      'pseudoRandomBytes',
      'prng',
      'rng',
      'randomInt',
      'randomFill',
      'randomFillSync',
      'randomUUID',
      'randomUUIDv7',
      'getRandomValues',
      'generateKey',
      'generateKeySync',
      'generateKeyPair',
      'generateKeyPairSync',
      'generatePrime',
      'generatePrimeSync',
    ],
  ],
  ['crypto', 'process-call', ['setEngine', 'setFips', 'getFips', 'secureHeapUsed']],
  ['timers', 'async-work', ['setTimeout', 'setInterval', 'setImmediate', 'enroll', 'active', '_unrefActive']],
  ['timers/promises', 'async-work', ['setTimeout', 'setInterval', 'setImmediate']],
  ['tty', 'std-stream', ['ReadStream', 'WriteStream']],
  [
    'v8',
    'process-call',
    [
      'setFlagsFromString',
      'getHeapStatistics',
      'getHeapSpaceStatistics',
      'getHeapCodeStatistics',
      'getHeapSnapshot',
      'writeHeapSnapshot',
      'takeCoverage',
      'stopCoverage',
      'setHeapSnapshotNearHeapLimit',
      'queryObjects',
    ],
  ],
  ['async_hooks', 'builtin-write', ['createHook']],
  ['async_hooks', 'process-call', ['executionAsyncId', 'triggerAsyncId', 'executionAsyncResource']],
  ['diagnostics_channel', 'builtin-write', ['channel', 'tracingChannel', 'subscribe', 'unsubscribe']],
  ['dns', 'network', ['setServers', 'getServers', 'setDefaultResultOrder', 'getDefaultResultOrder']],
  ['net', 'builtin-write', ['setDefaultAutoSelectFamily', 'setDefaultAutoSelectFamilyAttemptTimeout']],
  ['net', 'network', ['connect', 'createConnection']],
  ['inspector', 'process-call', ['open', 'close', 'url', 'waitForDebugger', 'Session']],
  ['inspector/promises', 'process-call', ['open', 'close', 'url', 'waitForDebugger', 'Session']],
  ['trace_events', 'process-call', ['createTracing', 'getEnabledCategories']],
  ['perf_hooks', 'clock', ['monitorEventLoopDelay', 'createHistogram', 'eventLoopUtilization', 'timerify']],
  ['util', 'env-read', ['styleText']],
  ['util', 'stack-setting', ['getCallSite', 'getCallSites']],
  ['util', 'process-call', ['setTraceSigInt']],
  ['vm', 'native-kept', ['createContext', 'runInNewContext']],
  ['fs', 'async-work', ['watch', 'watchFile']],
  ['fs', 'file-outside', ['opendir', 'opendirSync', 'glob', 'globSync', 'openAsBlob']],
  [
    'module',
    'module-hook',
    [
      'register',
      'registerHooks',
      'enableCompileCache',
      'flushCompileCache',
      'syncBuiltinESMExports',
      'setSourceMapsSupport',
      'runMain',
      '_initPaths',
      '_preloadModules',
      '_load',
      '_resolveFilename',
      '_findPath',
    ],
  ],
  ['module', 'create-require', ['createRequire']],
  ['module', 'file-outside', ['findPackageJSON']],
  ['module', 'loader-read', ['findSourceMap', 'getSourceMapsSupport', 'getCompileCacheDir']],
];
/** How members are named that change a setting of the process, be it where no heap shows it. */
const SETTER = /^_?(?:set|start|stop|enable|disable|register|unregister|load)[A-Z]/;
/** Of objects that they are given, or in a variable that the analysis reads. */
const SEEN_SETTERS: Readonly<Record<string, readonly string[]>> = { events: ['setMaxListeners'] };

/** Whole built-ins whose load alone is a hazard. */
const ON_LOAD: Readonly<Record<string, readonly [EffectKind, string]>> = {
  cluster: ['process-read', 'node:cluster (primary or worker by the environment)'],
  domain: ['builtin-write', 'node:domain changes EventEmitter'],
};
/** Members whose value differs while building, or with what other modules loaded. */
const ON_READ: Readonly<Record<string, readonly [EffectKind, string]>> = {
  'module.builtinModules': ['builtin-list', 'builtinModules'],
  'module._cache': ['loader-read', 'Module._cache'],
  'module._pathCache': ['loader-read', 'Module._pathCache'],
  'module.globalPaths': ['env-read', 'NODE_PATH'],
  'module.runMain': ['loader-read', 'Module.runMain'],
  'v8.startupSnapshot': ['feature-test', 'v8.startupSnapshot'],
};
const REFUSED_CALLS: Readonly<Record<string, readonly string[]>> = {
  worker_threads: ['Worker'],
  module: ['register', 'registerHooks', 'runMain', '_load', 'enableCompileCache', '_preloadModules'],
  fs: ['watch', 'watchFile'],
  inspector: ['open'],
};

export function setUp(load: Load, unsafeNames: readonly string[]): void {
  loadBuiltin = load;
  const names = new safe.SafeSet<string>();
  for (let i = 0; i < unsafeNames.length; i++) names.add(unsafeNames[i] ?? '');
  unsafe = names;
}

/** `util.promisify` marks the promise form of a built-in at its first use; done here, no module has to answer for it. */
function markPromiseForms(exports: object): void {
  for (const key of safe.ownKeys(exports)) {
    const value: unknown = safe.getOwnPropertyDescriptor(exports, key)?.value;
    if (typeof value !== 'function' || !safe.has(value, promisify.custom)) continue;
    promisify(value as never);
    refresh(value);
  }
}

/** What a call does below is Node's own. */
function hush(exports: object, member: string): void {
  const original = safe.get(exports, member) as safe.Callable;
  const quiet = new safe.RealProxy(original, {
    apply: (target, self, args) => quietly(() => safe.apply(target, self, args)),
  });
  safe.set(exports, member, quiet);
}

function prepare(name: string, exports: object): void {
  markPromiseForms(exports);
  // It reads the main module, on behalf of what it makes: the call itself is charged.
  if (name === 'module') hush(exports, 'createRequire');
  for (const [owner, kind, members] of CALLS) {
    if (owner !== name) continue;
    for (const member of members) spyOn(exports, member, () => record(kind, `${name}.${member}`));
  }
  spyOnUnlistedSetters(name, exports);
  trapAsyncContext(name, exports);
  if (name === 'util') {
    // They look at the variable when they are first used; a launch with it runs plainly.
    const guard = { kind: 'env-unset', name: 'NODE_DEBUG' } as const;
    for (const member of ['debuglog', 'debug'])
      spyOn(exports, member, () => recordGuarded('env-read', guard.name, guard));
  }
  if (name === 'tty') trapTerminalTest(exports);
  for (const member of REFUSED_CALLS[name] ?? []) {
    spyOn(exports, member, () => {
      if (!current()) return;
      record(name === 'module' ? 'module-hook' : 'spawn', `${name}.${member}`);
      throw refusal(`${name}.${member}`);
    });
  }
  if (name === 'crypto') {
    const web: unknown = safe.get(exports, 'webcrypto');
    const prototype = isObject(web) ? safe.getPrototypeOf(web) : null;
    for (const member of ['getRandomValues', 'randomUUID']) {
      if (prototype) spyOn(prototype, member, () => record('random', `crypto.${member}`));
    }
    if (prototype) refresh(prototype);
  }
}

/** What a built-in loads when it is first asked for is no module's. */
function claimLate(name: string, key: string | symbol, value: unknown): void {
  if (typeof key !== 'string' || !isObject(value) || ownerOf(value) !== undefined) return;
  claimRealm(`${name}.${key}`, value);
  brandBuiltin(name, { [key]: value });
}

function spyOnUnlistedSetters(name: string, exports: object): void {
  const listed = CALLS.flatMap(([owner, , members]) => (owner === name ? members : []));
  const left = [...listed, ...(SEEN_SETTERS[name] ?? []), ...(REFUSED_CALLS[name] ?? [])];
  spyOnSetterCalls(name, exports, left);
  for (const key of safe.ownKeys(exports)) {
    const value: unknown = safe.getOwnPropertyDescriptor(exports, key)?.value;
    if (typeof value === 'object' && value !== null) spyOnSetterCalls(`${name}.${safe.toText(key)}`, value, []);
  }
  spyOnSetters(exports, (key) => record('builtin-write', `node:${name}.${key}`));
}

function spyOnSetterCalls(path: string, holder: object, left: readonly string[]): void {
  for (const key of safe.ownKeys(holder)) {
    if (typeof key !== 'string' || !safe.testPattern(SETTER, key) || left.includes(key)) continue;
    const value: unknown = safe.getOwnPropertyDescriptor(holder, key)?.value;
    // Two built-ins may share what they hold.
    if (safe.originalOf(value) !== value) continue;
    spyOn(holder, key, () => record('process-call', `${path}.${key}`));
    refresh(holder);
  }
}

function proxyFor(name: string, exports: object): object {
  const owner = `node:${name}`;
  const note = (key: string | symbol): void => {
    const member = typeof key === 'string' ? key : memberName(key);
    if (member !== undefined) recordRead(owner, member);
    if (typeof key !== 'string') return;
    const special = ON_READ[`${name}.${key}`];
    if (special) record(special[0], special[1]);
    if (name === 'module') noteLoaderMember(key);
  };
  const wrote = (key: string | symbol): void => {
    record(name === 'module' ? 'module-hook' : 'builtin-write', `${owner}.${safe.toText(key)}`);
  };
  // A class that extends a built-in one has the proxy among its prototypes: what is read or set on the class comes here
  // with the class as receiver.
  const proxy: object = new safe.RealProxy(exports, {
    get(target, key, receiver) {
      note(key);
      const before = safe.getOwnPropertyDescriptor(target, key);
      const value: unknown = safe.get(target, key, receiver === proxy ? target : receiver);
      const descriptor = safe.getOwnPropertyDescriptor(target, key);
      if (before?.get !== undefined) claimLate(name, key, value);
      const fixed = descriptor !== undefined && !descriptor.configurable && !descriptor.writable;
      return fixed ? value : (proxyOf.get(value) ?? value);
    },
    has(target, key) {
      note(key);
      return safe.has(target, key);
    },
    getOwnPropertyDescriptor(target, key) {
      note(key);
      return safe.getOwnPropertyDescriptor(target, key);
    },
    ownKeys(target) {
      const keys = safe.ownKeys(target);
      recordRead(owner, MEMBER_LIST);
      for (let i = 0; i < keys.length; i++) note(keys[i] ?? '');
      return keys;
    },
    set(target, key, value, receiver) {
      if (receiver !== proxy) return safe.set(target, key, value, receiver);
      wrote(key);
      return safe.set(target, key, value);
    },
    ...changeTraps(wrote),
    apply: (target, self, args) => (typeof target === 'function' ? safe.apply(target, self, args) : undefined),
  });
  return proxy;
}

function trapNameSpaces(name: string, exports: object): void {
  for (const key of safe.ownKeys(exports)) {
    const value: unknown = safe.getOwnPropertyDescriptor(exports, key)?.value;
    if (typeof key === 'string' && typeof value === 'object' && value !== null && value !== exports) {
      // Who changes Node's loader is charged for that.
      if (trapNameSpace(value, `node:${name}.${key}`) && name !== 'module') trapStatics(value, 'builtin-write');
      refresh(value);
    }
  }
}

/** Some built-ins answer only to their name with the scheme. */
function loadAny(name: string): unknown {
  return loadBuiltin(`node:${name}`);
}

/** Loads a built-in without charging its own load-time work to anybody. */
function open(name: string): unknown {
  const known = proxies.get(name);
  if (known !== undefined) return known;
  // As it was claimed with `globalThis`, with traps of its own.
  if (name === 'process' || name === 'console') return quietly(() => loadAny(name));
  const exports = loadingMore(() => {
    const loaded = quietly(() => loadAny(name));
    if (isObject(loaded)) prepare(name, loaded);
    return loaded;
  });
  if (!isObject(exports)) return exports;
  trapBuiltinMembers(name, exports);
  trapNameSpaces(name, exports);
  if (name !== 'module') trapAbsences(name, exports);
  claimRealm(name === 'module' ? 'Module' : name, exports);
  brandBuiltin(name, exports);
  // Constants may be fixed, which a proxy must not hide.
  if (name === 'constants') return exports;
  const proxy = proxyFor(name, exports);
  opaque.add(proxy);
  proxies.set(name, proxy);
  proxyOf.set(exports, proxy);
  return proxy;
}

/** Modules that have `Module` as the constructor of their module, without a `require('module')`. */
const throughInstance = new safe.SafeSet<string>();
const askedForLoader = new safe.SafeSet<string>();
const FIXED_LOADER_MEMBERS: readonly string[] = ['length', 'name', 'prototype'];

/** `node:module` adds members to `Module`: who has not loaded it finds them only where another one has. */
function noteLoaderMember(key: string): void {
  const file = current()?.file;
  if (file !== undefined && throughInstance.has(file) && !FIXED_LOADER_MEMBERS.includes(key))
    record('loader-read', `module.constructor.${key}`);
}

function noteLoaderRequest(): void {
  const file = current()?.file;
  if (file === undefined) return;
  askedForLoader.add(file);
  throughInstance.delete(file);
}

/** What `module.constructor` is: the same as `require('module')` answers. */
export function loaderClass(): unknown {
  const file = current()?.file;
  if (file !== undefined && !askedForLoader.has(file)) throughInstance.add(file);
  return proxies.get('module');
}

/** Answers `require(name)` of a built-in for the module under evaluation. */
export function requireBuiltin(request: string): unknown {
  const name = safe.startsWith(request, 'node:') ? safe.slice(request, 5) : request;
  if (unsafe.has(name)) record('unsnapshotable-builtin', `node:${name}`);
  if (name === 'module') noteLoaderRequest();
  const hazard = ON_LOAD[name];
  if (hazard) record(hazard[0], hazard[1]);
  const file = current()?.file;
  if (name === 'punycode' && file !== undefined && safe.indexOf(file, '/node_modules/') < 0) {
    record('process-call', 'the deprecation warning of node:punycode');
  }
  try {
    return open(name);
  } catch (error) {
    // Node 20 cannot even load some of them in a builder. Who requires one is charged already, and where that statement
    // waits, nothing that is baked may use what it answers.
    if (unsafe.has(name)) return standIn;
    throw error;
  }
}

/** For the probe's own needs: the real exports, with their traps in place. */
export function prepareBuiltin(name: string): void {
  quietly(() => open(name));
}
