// What a launch is told of a text, which is stored with it in the pack.
import { evaluation } from './evaluates.js';
import { requireRun } from './require-run.js';
import { SourceText } from './source-text.js';
import { type StaticFacts, UNPARSED } from './static-facts.js';

export type LaunchFacts = Pick<StaticFacts, 'evaluation' | 'requireRun'>;

/** Of a text that no analysis has read; never throws. */
export function launchFacts(text: string): LaunchFacts {
  try {
    const source = new SourceText(text);
    return { evaluation: evaluation(source), requireRun: requireRun(source) };
  } catch (error) {
    // As instrument.ts: nested too deeply for any walk.
    if (error instanceof RangeError) return UNPARSED;
    throw error;
  }
}
