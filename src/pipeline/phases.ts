// Names and times the phases of a build. Progress is told through a callback: only src/cli/ prints.

export type Phase = 'node' | 'trace' | 'analyse' | 'plan' | 'bake' | 'pack' | 'launch' | 'verify';

export interface Progress {
  /** A phase begins; `detail` is for people. */
  phase(phase: Phase, detail: string): void;
  /** Something noteworthy within a phase. */
  note(text: string): void;
}

export class PhaseClock {
  readonly #timings: Record<string, number> = {};
  readonly #progress: Progress;

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  get timings(): Readonly<Record<string, number>> {
    return this.#timings;
  }

  async run<T>(phase: Phase, detail: string, work: () => Promise<T> | T): Promise<T> {
    this.#progress.phase(phase, detail);
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#timings[phase] = Math.round((this.#timings[phase] ?? 0) + performance.now() - start);
    }
  }
}
