// Traps beneath node:fs: on the functions of its binding, so that destructured and promise forms are caught too.
// Reads below the module's own package become inputs, other reads are charged; whatever is no known read is refused.
import type { EffectKind } from '../../graph/effects.cjs';
import * as safe from './saved.cjs';
import { charge, current, type Place, placeNow, record, recordInput, refusal } from './state.cjs';

type ReadKind = 'file' | 'list' | 'locate' | 'stat';
type Binding = Record<string | symbol, unknown>;

/** Answer with nothing but existence or a name. */
const LOCATE = ['access', 'existsSync', 'internalModuleStat', 'readlink', 'realpath', 'legacyMainResolve'];
const STAT = ['stat', 'lstat'];
const FILE = ['readFileUtf8', 'internalModuleReadJSON', 'getFormatOfExtensionlessFile', 'ReadFileJob'];
const LIST = ['readdir', 'readdirRecursive'];
/** On descriptors: the open that gave the descriptor has been judged. */
const DESCRIPTOR = ['close', 'read', 'readBuffers', 'fstat', 'FSReqCallback', 'FileHandle'];
const OUTPUT = ['writeBuffer', 'writeBuffers', 'writeString'];
const ACCESS_MODE = 3;
const CHANGING_FLAGS = 0o100 | 0o1000 | 0o2000;

function pathIn(args: readonly unknown[]): string | undefined {
  for (let i = 0; i < args.length && i < 3; i++) {
    const value: unknown = args[i];
    if (typeof value === 'string') return value;
    if (value instanceof Uint8Array) return safe.toText(safe.toUtf8(value, 'utf8'));
  }
  return undefined;
}

function isBelow(path: string, folder: string): boolean {
  if (path === folder) return true;
  if (!safe.startsWith(path, `${folder}/`)) return false;
  return safe.indexOf(path, '/node_modules/', folder.length) < 0;
}

/** A folder above a module is there as long as the module is: to find it again says nothing that could change. */
function isAbove(path: string, file: string): boolean {
  return path === '/' || safe.startsWith(file, `${path}/`);
}

function noteRead(args: readonly unknown[], kind: ReadKind): string | undefined {
  const module = current();
  const given = pathIn(args);
  if (!module || given === undefined) return undefined;
  const path = safe.endsWith(given, '/') && given.length > 1 ? safe.slice(given, 0, -1) : given;
  if (kind === 'locate' && isAbove(path, module.file)) return path;
  if (isBelow(path, module.packageDir)) {
    recordInput(path, kind === 'locate' ? 'stat' : kind);
    return path;
  }
  record('file-outside', path);
  return undefined;
}

function isAsync(args: readonly unknown[], binding: Binding): boolean {
  const request = binding.FSReqCallback;
  for (let i = 0; i < args.length; i++) {
    if (args[i] === binding.kUsePromises) return true;
    if (typeof request === 'function' && args[i] instanceof request) return true;
  }
  return false;
}

/** Node's own realpath asks for each folder's bigint status, and looks at nothing but whether it is a link. */
function isRealpathStep(name: string, args: readonly unknown[]): boolean {
  return name === 'lstat' && args[1] === true;
}

function reader(binding: Binding, name: string, kind: ReadKind): (args: readonly unknown[]) => void {
  return (args) => {
    noteRead(args, isRealpathStep(name, args) ? 'locate' : kind);
    if (name === 'ReadFileJob' || isAsync(args, binding)) record('async-work', `fs: ${name}`);
  };
}

function opens(binding: Binding, name: string): (args: readonly unknown[]) => void {
  return (args) => {
    const flags = args[1];
    if (typeof flags === 'number' && ((flags & ACCESS_MODE) !== 0 || (flags & CHANGING_FLAGS) !== 0)) {
      refuse(name, args);
    }
    noteRead(args, 'file');
    if (isAsync(args, binding)) record('async-work', `fs: ${name}`);
  };
}

function refuse(name: string, args: readonly unknown[]): void {
  if (!current()) return;
  record('file-write', `${name} ${pathIn(args) ?? ''}`);
  throw refusal(name);
}

/** Notes absence: ENOENT thrown, `false` or a negative answer. */
function noteAbsence(args: readonly unknown[], failed: boolean, result: unknown): void {
  const module = current();
  const path = pathIn(args);
  if (!module || path === undefined || !isBelow(path, module.packageDir)) return;
  if (failed || result === false || (typeof result === 'number' && result < 0)) recordInput(path, 'absent');
}

/** Descriptors by the one who opened them. In another process they are not open, or are something else. */
const open = new safe.SafeMap<unknown, Place>();

function noteDescriptor(name: string, args: readonly unknown[], result: unknown): void {
  if (name === 'close') open.delete(args[0]);
  const place = name === 'open' && typeof result === 'number' ? placeNow() : undefined;
  if (place !== undefined) open.set(result, place);
}

/** After all modules are evaluated. */
export function chargeOpenFiles(): void {
  open.forEach(({ file, at, statement }) => {
    charge({ file, kind: 'native-kept', subject: 'an open file', at, statement });
  });
}

function wrap(binding: Binding, name: string, before: (args: readonly unknown[]) => unknown, absence: boolean): void {
  const original = binding[name];
  if (typeof original !== 'function') return;
  binding[name] = new safe.RealProxy(original, {
    apply(target, self, args) {
      const answer = before(args);
      if (answer !== undefined) return answer;
      let result: unknown;
      try {
        result = safe.apply(target, self, args);
      } catch (error) {
        if (absence) noteAbsence(args, true, undefined);
        throw error;
      }
      if (absence) noteAbsence(args, false, result);
      noteDescriptor(name, args, result);
      return result;
    },
    construct(target, args, newTarget) {
      before(args);
      return safe.construct(target, args, newTarget);
    },
  });
}

/** Writing to the standard descriptors is output: swallowed, and told to have succeeded. */
function output(name: string): (args: readonly unknown[]) => unknown {
  return (args) => {
    if (!current()) return undefined;
    if (args[0] !== 1 && args[0] !== 2) refuse(name, args);
    record('output', `fs: ${name}`);
    const data = args[1];
    return typeof data === 'string' || data instanceof Uint8Array ? data.length : 0;
  };
}

export function trapFs(binding: Binding): void {
  const sorted = new safe.SafeMap<string, true>();
  const add = (names: readonly string[], trap: (name: string) => void): void => {
    for (const name of names) {
      sorted.set(name, true);
      trap(name);
    }
  };
  add(LOCATE, (name) => wrap(binding, name, reader(binding, name, 'locate'), true));
  add(STAT, (name) => wrap(binding, name, reader(binding, name, 'stat'), true));
  add(FILE, (name) => wrap(binding, name, reader(binding, name, 'file'), true));
  add(LIST, (name) => wrap(binding, name, reader(binding, name, 'list'), true));
  add(['open', 'openFileHandle'], (name) => wrap(binding, name, opens(binding, name), true));
  add(OUTPUT, (name) => wrap(binding, name, output(name), false));
  add(DESCRIPTOR, () => undefined);
  wrap(binding, 'close', () => undefined, false);
  for (const name of safe.ownKeys(binding)) {
    if (typeof name === 'string' && !sorted.has(name)) {
      wrap(binding, name, (args) => refuse(name, args), false);
    }
  }
}

/** Natives that start processes or talk to the network: refused whoever calls them. */
export function trapNatives(load: (name: string) => unknown): void {
  const refuseAs = (kind: EffectKind, what: string) => () => {
    if (!current()) return;
    record(kind, what);
    throw refusal(what);
  };
  const trapMembers = (holder: unknown, kind: EffectKind, label: string, only?: RegExp): void => {
    if (holder === null || (typeof holder !== 'object' && typeof holder !== 'function')) return;
    for (const name of safe.ownKeys(holder)) {
      if (typeof name !== 'string' || name === 'constructor' || (only && !only.test(name))) continue;
      const value: unknown = safe.getOwnPropertyDescriptor(holder, name)?.value;
      if (typeof value !== 'function') continue;
      const answer = refuseAs(kind, `${label}.${name}`);
      const proxy = new safe.RealProxy(value, {
        apply(target, self, args) {
          answer();
          return safe.apply(target, self, args);
        },
      });
      safe.set(holder, name, proxy);
    }
  };
  const prototypeOf = (holder: unknown, name: string): unknown => {
    if (holder === null || typeof holder !== 'object') return undefined;
    const type: unknown = safe.get(holder, name);
    return typeof type === 'function' ? safe.get(type, 'prototype') : undefined;
  };
  trapMembers(load('spawn_sync'), 'spawn', 'spawnSync', /^spawn$/);
  trapMembers(prototypeOf(load('process_wrap'), 'Process'), 'spawn', 'Process', /^spawn$/);
  for (const [name, type] of [
    ['tcp_wrap', 'TCP'],
    ['pipe_wrap', 'Pipe'],
    ['udp_wrap', 'UDP'],
  ] as const) {
    trapMembers(prototypeOf(load(name), type), 'network', type, /^(?:open|bind\w*|listen|connect\w*|send\w*|fchmod)$/);
  }
  const dns = load('cares_wrap');
  trapMembers(dns, 'network', 'dns', /^(?:getaddrinfo|getnameinfo)$/);
  trapMembers(prototypeOf(dns, 'ChannelWrap'), 'network', 'dns', /^(?:query|getHostByAddr|setServers|setLocal)/);
}
