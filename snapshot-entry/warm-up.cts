// Only in the build's own runs of a new blob: keeps the scripts that the loader compiles, and at the end of the program
// writes V8's code caches of them, with the functions in them that the run compiled lazily. It must be this blob that
// makes them: V8 accepts a cache only over the very read-only heap that it was made over.
import fs = require('node:fs');
import type vm = require('node:vm');

const { openSync, writeSync, closeSync } = fs;

export class WarmUp {
  readonly #out: string;
  readonly #scripts: (readonly [number, vm.Script])[] = [];
  #isDone = false;

  constructor(out: string) {
    this.#out = out;
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

  /** For each script 4 bytes index, 4 bytes length (little endian), the cache. */
  #save(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    const fd = openSync(this.#out, 'w', 0o600);
    for (const [index, script] of this.#scripts) {
      const cache = script.createCachedData();
      const head = Buffer.alloc(8);
      head.writeUInt32LE(index, 0);
      head.writeUInt32LE(cache.length, 4);
      for (const bytes of [head, cache]) for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    }
    closeSync(fd);
  }
}
