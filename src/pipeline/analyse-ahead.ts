// The analysis of the second world, while the first one is planned, baked and proven: that leaves much of a second core
// idle, and an analysis is a quarter of a large program's build. Its answer is found in the cache, so there has to be one.
import { noCache } from '../cache/content-cache.js';
import type { AnalysedProgram } from '../hazards/analyse.js';
import { askedDescriptor } from '../plan/guards.js';
import { analysisOf, type TracedProgram, type World } from './make-world.js';
import { analyse } from './plan-program.js';

export class AnalysisAhead {
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  /** Where the first world's modules ask what a second one would answer otherwise. */
  startIfNeeded({ analysis }: AnalysedProgram, traced: TracedProgram, world: World): void {
    const isAsking = analysis.effects.some(({ guard }) => guard !== undefined && askedDescriptor(guard) !== undefined);
    if (!isAsking || traced.cache === noCache) return;
    const own = this.#stop.signal;
    const signal = traced.signal === undefined ? own : AbortSignal.any([own, traced.signal]);
    // What fails here fails again where it is asked for, and is told there.
    this.#running = analyse(analysisOf({ ...traced, signal }, world)).catch(() => undefined);
  }

  /** Until nothing runs in the background. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}
