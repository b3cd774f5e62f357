// The text of a module as the pack holds it: ready to compile, so that nothing is concatenated at run time.
import { createHash } from 'node:crypto';
import {
  FLAG_BESIDE,
  FLAG_BOM,
  FLAG_DYNAMIC_IMPORT,
  FLAG_EVALUATES,
  FLAG_HASHBANG,
  FLAG_JSON,
  FLAG_WIDE,
  RUN_UNIT,
  WRAPPER_HEAD,
  WRAPPER_TAIL,
} from '../../snapshot-entry/shared/pack-format.cjs';
import { launchFacts } from '../source/launch-facts.js';
import type { PackModule } from './types.js';

export interface StoredSource {
  readonly text: string;
  readonly bytes: Buffer;
  readonly flags: number;
  /** sha256 of `bytes`. */
  readonly hash: Buffer;
}

/** Of the same length as `WRAPPER_HEAD`, and no line of its own. */
export const HEAD_BESIDE = WRAPPER_HEAD.replace('\n', ' ');

const FLAG_OF = { never: 0, 'below-first-line': FLAG_BESIDE, anywhere: FLAG_EVALUATES };

type SourceOf = Pick<PackModule, 'format' | 'source' | 'usesDynamicImport' | 'parsed'>;

export function storedSource(module: SourceOf): StoredSource {
  let flags = module.usesDynamicImport ? FLAG_DYNAMIC_IMPORT : 0;
  let text = module.source;
  if (text.startsWith('\uFEFF')) {
    flags |= FLAG_BOM;
    text = text.slice(1);
  }
  if (module.format === 'json') {
    flags |= FLAG_JSON;
  } else {
    // A hashbang is a comment only at the very start of a script, where the wrapper stands now.
    if (text.startsWith('#!')) {
      flags |= FLAG_HASHBANG;
      text = `//${text.slice(2)}`;
    }
    const known = module.parsed ?? launchFacts(text);
    flags |= FLAG_OF[known.evaluation] + known.requireRun * RUN_UNIT;
    const head = known.evaluation === 'below-first-line' ? HEAD_BESIDE : WRAPPER_HEAD;
    text = head + text + WRAPPER_TAIL;
  }
  const wide = isWide(text);
  const bytes = Buffer.from(text, wide ? 'utf16le' : 'latin1');
  const hash = createHash('sha256').update(bytes).digest();
  return { text, bytes, flags: wide ? flags | FLAG_WIDE : flags, hash };
}

/** Latin-1 where it can be: half the bytes, and V8 keeps such strings in one byte a character anyway. */
export function isWide(text: string): boolean {
  return /[^\0-\xff]/.test(text);
}
