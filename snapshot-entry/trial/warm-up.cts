// A trial run of the whole program: keeps the scripts that the loader compiles, and at the end of the program writes V8's
// code caches of them, with the functions in them that the run compiled lazily. It must be this blob that makes them: V8
// accepts a cache only over the very read-only heap that it was made over.
import fs = require('node:fs');
import type vm = require('node:vm');

import { NodeModules } from '../launch/node-module.cjs';
import type { BakedModule, Registry } from '../launch/registry.cjs';
import type { TrialRun } from '../launch/trial-run.cjs';
import { loadedBuiltins } from '../shared/loaded-builtins.cjs';
import { ACTIVE_RECORD, BUILTINS_RECORD, REFUSED_RECORD } from '../shared/trial-requests.cjs';

declare const trial: TrialRun;

const { openSync, writeSync, closeSync } = fs;

/** Streams of another kind than the build's (a terminal, a pipe) need these. */
const STREAMS = ['tty', 'net'];
const LOADED = 'NativeModule ';

class WarmUp {
  readonly #out: string;
  readonly #builtinsAtBuild: number;
  readonly #registry: Pick<Registry, 'all'>;
  readonly #load = NodeModules._load;
  readonly #scripts: (readonly [number, vm.Script])[] = [];
  #isDone = false;

  constructor(out: string, builtinsAtBuild: number, registry: Pick<Registry, 'all'>) {
    this.#out = out;
    this.#builtinsAtBuild = builtinsAtBuild;
    this.#registry = registry;
    this.#atEnd();
  }

  /** `index` is the module's in the pack. */
  keep(index: number, script: vm.Script): void {
    this.#scripts.push([index, script]);
  }

  /** Every way out of a process but a signal passes through one of these two. */
  #atEnd(): void {
    const raw = process as unknown as { reallyExit: (code?: number) => never };
    const { reallyExit } = raw;
    raw.reallyExit = (code) => {
      this.#save();
      return reallyExit.call(process, code);
    };
    process.on('exit', () => this.#save());
  }

  /** For each script 4 bytes index, 4 bytes length (little endian), the cache; at the end the built-ins of the run. */
  #save(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    const fd = openSync(this.#out, 'w', 0o600);
    for (const [index, script] of this.#scripts) writeRecord(fd, index, script.createCachedData());
    const builtins = this.#builtinsOfRun();
    if (builtins !== undefined) writeList(fd, BUILTINS_RECORD, builtins);
    const baked = this.#registry.all();
    writeList(fd, ACTIVE_RECORD, filesOf(baked.filter(({ active }) => active)));
    writeList(fd, REFUSED_RECORD, filesOf(baked.filter(({ active, wasRefused }) => wasRefused && !active)));
    closeSync(fd);
  }

  #builtinsOfRun(): string[] | undefined {
    for (const name of STREAMS) this.#load.call(NodeModules, name, null, false);
    const loaded = loadedBuiltins();
    if (loaded === undefined || Number.isNaN(this.#builtinsAtBuild)) return undefined;
    const names = loaded.slice(this.#builtinsAtBuild).filter((name) => name.startsWith(LOADED));
    return names.map((name) => name.slice(LOADED.length));
  }
}

function filesOf(baked: readonly BakedModule[]): string[] {
  return baked.map(({ file }) => file);
}

function writeList(fd: number, kind: number, names: readonly string[]): void {
  writeRecord(fd, kind, Buffer.from(names.join('\n')));
}

function writeRecord(fd: number, index: number, content: Buffer): void {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(index, 0);
  head.writeUInt32LE(content.length, 4);
  for (const bytes of [head, content]) for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

trial.runProgram(() => {
  const { request, prepared } = trial;
  const warmUp = new WarmUp(request.out ?? '', prepared.builtinsAtBuild, prepared.registry);
  return (index, script) => warmUp.keep(index, script);
});
