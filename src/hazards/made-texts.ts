// Texts that modules evaluate while they load: `new Function('a', 'return a + 1')`. The probe lists them; those whose code
// may keep state, or write to that of others, are instrumented for its second run.
import type { Effect } from '../graph/analysis.js';
import { type Instrumented, instrument } from '../source/instrument.js';
import type { MadeText, ProbeResult } from './probe/shapes.cjs';

/** A program that evaluates more texts than this uses them as data; the rest is left as it is, and counts as a hazard. */
const MOST_TEXTS = 5_000;
const MOST_CHARS = 20_000_000;

export class MadeTexts {
  readonly #made = new Map<string, MadeText>();
  readonly #instrumented = new Map<string, Instrumented>();
  #chars = 0;

  /** The texts that the second run evaluates in their instrumented form. */
  get all(): readonly MadeText[] {
    return [...this.#made.values()];
  }

  /** Whether a text among them has to be instrumented. */
  add({ texts }: ProbeResult): boolean {
    for (const { text, isElsewhere } of texts) if (!isElsewhere) this.#add(text);
    return this.all.some(({ text, source }) => text !== source);
  }

  #add(text: string): void {
    if (this.#made.has(text) || this.#made.size >= MOST_TEXTS || this.#chars + text.length > MOST_CHARS) return;
    this.#chars += text.length;
    const { code, inserted } = this.#instrument(text);
    this.#made.set(text, { text, source: code, inserted });
  }

  /** Effects for texts that the last run saw and was not given: they differ in each run, or were evaluated in another realm. */
  effects({ texts }: ProbeResult): Effect[] {
    return texts
      .filter(({ text }) => !this.#isPlain(text))
      .map(({ module, text, isElsewhere }) => {
        const subject = `${isElsewhere ? 'a script' : 'a text'}, ${JSON.stringify(text.slice(0, 60))},`;
        return { module, kind: 'made-code', subject, at: `${module}:1` };
      });
  }

  /** Whether its code neither keeps state nor writes to that of others: instrumenting it changes nothing. */
  #isPlain(text: string): boolean {
    const { code, facts } = this.#instrument(text);
    return facts.parsed && code === text;
  }

  #instrument(text: string): Instrumented {
    const known = this.#instrumented.get(text) ?? instrument(text, { isEvaluated: true });
    this.#instrumented.set(text, known);
    return known;
  }
}
