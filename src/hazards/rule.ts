// What a hazard rule is, and how most of them are made: one rule turns one family of effects into findings.
import type { Effect, EffectKind } from '../graph/analysis.js';
import type { ModuleFormat } from '../graph/types.js';
import type { StaticFacts } from '../source/static-facts.js';

/** All that is known about one module when it is judged. */
export interface ModuleFacts {
  readonly file: string;
  readonly format: ModuleFormat;
  /** Whether the analysis evaluated it to its end. */
  readonly evaluated: boolean;
  /** Whether a module that it needs at load was not evaluated to its end: then that one is at fault, not this one. */
  readonly loadsFailed: boolean;
  readonly effects: readonly Effect[];
  /** Absent for JSON, addons and what could not be read. */
  readonly text: StaticFacts | undefined;
  /** Whether the clock reading at this `file:line` is only compared with others: `if (Date.now() - start > 100)`. */
  readonly isComparedReading: (at: string) => boolean;
  /** Whether this module may change that one's state: the two are only ever baked and used together. */
  readonly mayChange: (other: string) => boolean;
}

export interface Finding {
  readonly code: string;
  /** One sentence about this module. */
  readonly message: string;
  /** `file:line` */
  readonly at: string;
}

export interface Rule<Code extends string = string> {
  readonly code: Code;
  /** What makes baking unsafe, in one sentence. */
  readonly sentence: string;
  /** What the author of the CLI or package could change. */
  readonly advice: string;
  find(facts: ModuleFacts): Finding[];
}

interface EffectRule<Code extends string> {
  readonly code: Code;
  readonly sentence: string;
  readonly advice: string;
  readonly kinds: readonly EffectKind[];
  /** The verb phrase before the subject: `reads the environment variable`. */
  readonly does: string;
}

/** A rule that finds each effect of the given kinds. */
export function effectRule<const Code extends string>(shape: EffectRule<Code>): Rule<Code> {
  const { code, sentence, advice, kinds, does } = shape;
  return {
    code,
    sentence,
    advice,
    find: ({ effects }) =>
      effects
        .filter((effect) => kinds.includes(effect.kind))
        .map(({ subject, at }) => ({ code, message: `${does} ${subject} at load`, at })),
  };
}
