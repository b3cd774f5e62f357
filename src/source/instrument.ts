// What the analysis is given of a module: its text with hooks, for the throw-away evaluation (insert-hooks.ts), and the
// static facts. Both are made of one parse, and in one walk.
import { type CandidateOptions, candidatesOf } from './candidates.js';
import { HookInserter } from './insert-hooks.js';
import { memberUses } from './member-uses.js';
import { moduleText, SourceText } from './source-text.js';
import { type StaticFacts, UNPARSED } from './static-facts.js';
import { TextFacts } from './text-facts.js';

export interface Instrumented {
  readonly code: string;
  /** Where `code` has what `source` has not, in order: an offset in `code`, a length, an offset, … */
  readonly inserted: readonly number[];
  readonly facts: StaticFacts;
}

export interface InstrumentOptions extends CandidateOptions {
  /** Whether it is no module, but a text that one has evaluated. */
  readonly isEvaluated?: boolean;
}

/** `source` is CommonJS text; never throws. */
export function instrument(source: string, options: InstrumentOptions = {}): Instrumented {
  try {
    return instrumentText(new SourceText(source, options), options);
  } catch (error) {
    // Deep nesting exhausts the stack of any recursive walk; such a file is run as it is, and not baked.
    if (error instanceof RangeError) return { code: moduleText(source), inserted: [], facts: UNPARSED };
    throw error;
  }
}

/** @throws RangeError where the text is nested too deeply */
export function instrumentText(source: SourceText, options: CandidateOptions = {}): Instrumented {
  const candidates = source.isEvaluated ? [] : candidatesOf(source, options);
  const { requests, uses } = source.isEvaluated ? { requests: [], uses: [] } : memberUses(source);
  const hooks = new HookInserter(source, candidates);
  const facts = new TextFacts(source);
  source.walk((node, scope) => {
    hooks.visit(node, scope);
    facts.visit(node, scope);
  });
  return { ...hooks.end(candidates, uses), facts: facts.all(candidates, requests) };
}
