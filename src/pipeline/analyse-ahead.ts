// Analyses the world for terminals in the background, while the world of pipes is planned, baked and proven: these leave much of
// a second core idle, and an analysis is a quarter of a large program's build. When the second world is made, it finds the
// answer in the cache; so without a cache nothing is done ahead.
import { noCache } from '../cache/content-cache.js';
import type { AnalysedProgram } from '../hazards/analyse.js';
import { askedDescriptor } from '../plan/guards.js';
import { analysisOf, type TracedProgram, type World } from './make-world.js';
import { analyse } from './plan-program.js';

export class AnalysisAhead {
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  /** Only where modules of the first world have asked whether a stream is a terminal, which the second one answers otherwise. */
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
