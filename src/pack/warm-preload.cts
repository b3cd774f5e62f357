// Preloaded into a plain run of the program (`--require`): evaluates the packed modules from the very text that the pack
// holds, and at exit writes V8's code caches of them, with the functions in it that the run compiled lazily.
//
// SNAP_WARM_UP names a JSON file: { pack, artifactId, bytes, node, frames, out }. The variable is gone before the
// program sees its environment.
import fs = require('node:fs');
import v8 = require('node:v8');

import type { LoaderFrames } from '../../snapshot-entry/bake-plan.cjs';
import { compileScript } from '../../snapshot-entry/compile.cjs';
import { loaderShapes } from '../../snapshot-entry/forge.cjs';
import { type ExtensionHandler, NodeModules, type Wrapper } from '../../snapshot-entry/node-module.cjs';
import { openPack } from '../../snapshot-entry/pack-reader.cjs';

interface WarmUp {
  readonly pack: string;
  readonly artifactId: string;
  readonly frames: LoaderFrames;
  /** Written: for each module 4 bytes index, 4 bytes length (both little endian), the cache. */
  readonly out: string;
}

interface Compiled {
  readonly index: number;
  readonly script: import('node:vm').Script;
}

const { readFileSync, openSync, writeSync, closeSync } = fs;

function takeInput(): WarmUp {
  const file = process.env.SNAP_WARM_UP ?? '';
  delete process.env.SNAP_WARM_UP;
  return JSON.parse(readFileSync(file, 'utf8'));
}

function save(out: string, compiled: readonly Compiled[]): void {
  const fd = openSync(out, 'w', 0o600);
  for (const { index, script } of compiled) {
    const cache = script.createCachedData();
    const head = Buffer.alloc(8);
    head.writeUInt32LE(index, 0);
    head.writeUInt32LE(cache.length, 4);
    writeSync(fd, head);
    for (let written = 0; written < cache.length; ) written += writeSync(fd, cache, written);
  }
  closeSync(fd);
}

/** Every way out of a process but a signal passes through one of these two. */
function atExit(work: () => void): void {
  const raw = process as unknown as { reallyExit: (code?: number) => never };
  const { reallyExit } = raw;
  let isDone = false;
  const once = () => {
    if (!isDone) {
      isDone = true;
      work();
    }
  };
  raw.reallyExit = (code) => {
    once();
    return reallyExit.call(process, code);
  };
  process.on('exit', once);
}

function install(input: WarmUp): void {
  const pack = openPack(input.pack, {
    artifactId: Buffer.from(input.artifactId, 'hex'),
    nodeVersion: process.version,
    arch: process.arch,
    v8Tag: v8.cachedDataVersionTag(),
  });
  const compiled: Compiled[] = [];
  const shapes = loaderShapes(input.frames, {
    lookup: () => undefined,
    resolve: (request, module, options) => NodeModules._resolveFilename(request, module, false, options),
    disarm: () => undefined,
  });
  const original = NodeModules._extensions['.js'] as ExtensionHandler;
  NodeModules._extensions['.js'] = (module, filename) => {
    const index = pack.indexOf(filename);
    if (!pack.isPacked(index)) {
      original(module, filename);
      return;
    }
    const entry = pack.read(index);
    const script = compileScript(filename, {
      wrapped: entry.wrapped,
      cache: undefined,
      usesDynamicImport: entry.usesDynamicImport,
    });
    compiled.push({ index, script });
    const require = shapes.makeRequire(module);
    require.main = process.mainModule as unknown as typeof module | undefined;
    (script.runInThisContext() as Wrapper).call(module.exports, module.exports, require, module, filename, module.path);
  };
  atExit(() => save(input.out, compiled));
}

process.execArgv = process.execArgv.filter((flag, at, flags) => flag !== '--require' && flags[at - 1] !== '--require');
install(takeInput());
