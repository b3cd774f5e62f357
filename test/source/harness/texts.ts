// What a build does with a text, without a build: its candidates, and the text with some of them, or comments, taken out.
import type { RewrittenText } from '../../../snapshot-entry/shared/bake-plan.cjs';
import { type Candidate, type CandidateOptions, candidatesOf } from '../../../src/source/candidates.js';
import { rangesIn } from '../../../src/source/ranges.js';
import * as baked from '../../../src/source/rewrite.js';
import { moduleText, SourceText } from '../../../src/source/source-text.js';

export function candidatesIn(source: string, options: CandidateOptions = {}): Candidate[] {
  return candidatesOf(new SourceText(source), options);
}

/** With its comments. `deferred`: indexes of its candidates. */
export function rewrite(source: string, deferred: ReadonlySet<number>): RewrittenText {
  const { statements } = rangesIn(source);
  return baked.rewrite(moduleText(source), { statements, comments: [] }, deferred);
}

export function withoutOuterComments(source: string): string {
  return baked.rewrite(source, rangesIn(source), new Set()).text;
}
