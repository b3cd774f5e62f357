// What the preload knows of the run so far: which modules are being evaluated (a stack: CommonJS loads are nested),
// what they asked for, and what they changed of the shared state. The hooks report events; this file keeps the books.

import path from 'node:path';
import type { LoaderModule } from './loader-types.cjs';
import type { RecordedCalls, RecordedModule, RecordedResolution, Recording } from './shape.cjs';
import type { SharedState } from './shared-state.cjs';

const { dirname, isAbsolute } = path;
const now = process.hrtime.bigint;

interface Frame {
  readonly module: LoaderModule;
  readonly record: RecordedModule;
  readonly startMs: number;
  childMs: number;
  /** When its cache entry was deleted before it had ended: it failed, unless it is told later that it goes on. */
  deletedMs: number | null;
}

function keyOf({ from, request }: RecordedResolution): string {
  return `${from}\0${request}`;
}

const JSON_HANDLER = '.json';

export class Recorder {
  readonly #state: SharedState;
  readonly #stack: Frame[] = [];
  readonly #modules = new Map<string, RecordedModule>();
  readonly #resolutions = new Map<string, RecordedResolution>();
  readonly #sameFolder = new Map<string, Set<string>>();
  readonly #targets = new Map<string, Set<string>>();
  readonly #writes: Recording['writes'] = [];
  readonly #calls: () => RecordedCalls[];
  #overheadMs = 0;
  #onIdle: (() => void) | null = null;

  /** `calls` tells which functions have been called so far. */
  constructor(state: SharedState, calls: () => RecordedCalls[]) {
    this.#state = state;
    this.#calls = calls;
  }

  /** A request that the loader answered; `from` is being served right now. */
  loaded(from: string | null, request: string, target: string, warns = false): void {
    if (from === null) return;
    this.#resolved({ from, request, target, warns: warns ? true : undefined });
    const key = `${dirname(from)}\0${target}`;
    this.#sameFolder.set(key, (this.#sameFolder.get(key) ?? new Set()).add(request));
    const record = this.#frameOf(from)?.record;
    if (record === undefined) return;
    const targets = this.#targets.get(from) ?? new Set();
    if (targets.has(target)) return;
    this.#targets.set(from, targets.add(target));
    record.loads.push({ request, target });
  }

  /**
   * A request that Node answered from its table of earlier requests by the same folder, which tells the target only:
   * that table is keyed by folder and request, so an earlier request of this folder for the target is what it found. Where
   * there were several (`./x` and `../folder/x`), it was one of them, and the others would lead there, too.
   */
  loadedAgain(from: string, target: string): void {
    for (const request of [...(this.#sameFolder.get(`${dirname(from)}\0${target}`) ?? [])])
      this.loaded(from, request, target);
  }

  failed(from: string, request: string, code: string, warns: boolean): void {
    const resolution: RecordedResolution = { from, request, target: null, code, warns: warns ? true : undefined };
    const during = this.#stack.at(-1)?.record.file;
    const known = this.#resolutions.get(keyOf(resolution));
    if (warns && known !== undefined) known.warns = true;
    if (during !== undefined && known !== undefined) {
      if (known.target === null && known.during?.includes(during) !== true)
        known.during = [...(known.during ?? []), during];
      return;
    }
    this.#resolved(during === undefined ? resolution : { ...resolution, during: [during] });
  }

  begin(module: LoaderModule, file: string, handler: string, parent: string | null): void {
    this.#timed(() => {
      if (parent !== null) this.#dropFailed(parent);
      // JSON runs no code: its loads need no looks of their own.
      if (handler !== JSON_HANDLER) this.#look();
    });
    let record = this.#modules.get(file);
    const isFirst = record === undefined;
    if (record === undefined) {
      const during = this.#stack.at(-1)?.record.file ?? null;
      const writesBefore = this.#writes.length;
      record = { file, handler, selfMs: 0, totalMs: 0, parent, during, writesBefore, loads: [] };
      this.#modules.set(file, record);
    }
    // A second evaluation (its cache entry was deleted) keeps the times of the first.
    const kept = isFirst ? record : { ...record };
    this.#stack.push({ module, record: kept, startMs: this.#clock(), childMs: 0, deletedMs: null });
  }

  end(module: LoaderModule): void {
    const at = this.#stack.findLastIndex((frame) => frame.module === module);
    if (at < 0) return;
    this.#popTo(at + 1);
    this.#pop(this.#clock());
    if (this.#stack.length === 0) this.#onIdle?.();
  }

  /** From now on calls `listener` whenever the evaluation of a module ends that no other one waits for. */
  whenIdle(listener: () => void): void {
    this.#onIdle = listener;
  }

  /** Node deletes the entry of a module that threw; some packages delete their own entry and go on. */
  cacheEntryDeleted(file: string): void {
    const frame = this.#frameOf(file);
    if (frame === undefined || frame !== this.#stack.at(-1)) return;
    this.#timed(() => this.#look());
    frame.deletedMs = this.#clock();
  }

  /** The state of the books; modules still under evaluation have ended now. */
  recording(): Recording {
    this.#timed(() => this.#look());
    const endMs = this.#clock();
    for (const frame of this.#stack) this.#settle(frame, endMs);
    return {
      version: 1,
      modules: [...this.#modules.values()],
      resolutions: [...this.#resolutions.values()],
      writes: this.#writes,
      calls: this.#calls(),
    };
  }

  #resolved(resolution: RecordedResolution): void {
    if (!isAbsolute(resolution.from)) return;
    const key = keyOf(resolution);
    if (!this.#resolutions.has(key)) this.#resolutions.set(key, resolution);
  }

  #frameOf(file: string): Frame | undefined {
    return this.#stack.findLast((frame) => frame.record.file === file);
  }

  /** `active` is running code: what stands above it on the stack and has lost its entry, has failed. */
  #dropFailed(active: string): void {
    const at = this.#stack.findLastIndex((frame) => frame.record.file === active);
    if (at >= 0 && this.#stack.slice(at + 1).every((frame) => frame.deletedMs !== null)) this.#popTo(at + 1);
  }

  #popTo(length: number): void {
    while (this.#stack.length > length) this.#pop(this.#stack.at(-1)?.deletedMs ?? this.#clock());
  }

  #pop(endMs: number): void {
    const frame = this.#stack.at(-1);
    if (frame === undefined) return;
    // A failed one was looked at when it failed; what changed since is its requirer's.
    if (frame.record.handler !== JSON_HANDLER && frame.deletedMs === null) this.#timed(() => this.#look());
    this.#stack.pop();
    this.#settle(frame, endMs);
    const below = this.#stack.at(-1);
    if (below !== undefined) below.childMs += frame.record.totalMs;
  }

  #settle(frame: Frame, endMs: number): void {
    const totalMs = endMs - frame.startMs;
    frame.record.totalMs = totalMs;
    frame.record.selfMs = Math.max(0, totalMs - frame.childMs);
  }

  #look(): void {
    const changed = this.#state.look();
    const by = this.#stack.at(-1)?.record.file ?? null;
    for (const what of changed) this.#writes.push({ by, what });
  }

  /** Milliseconds of the program's own time: what the recorder itself takes is left out. */
  #clock(): number {
    return Number(now()) / 1e6 - this.#overheadMs;
  }

  #timed(work: () => void): void {
    const start = now();
    work();
    this.#overheadMs += Number(now() - start) / 1e6;
  }
}
