// Node's flags in the shebang hold for every run of the artifact, but the blob is made without them.
import { type AllowedOption, factsFor } from '../target/facts.js';

function allows({ flag, value }: AllowedOption, word: string): boolean {
  if (value === 'none') return word === flag;
  if (value === 'digits') return word.startsWith(`${flag}=`) && /^\d+$/.test(word.slice(flag.length + 1));
  return value.some((one) => word === `${flag}=${one}`);
}

/** The first flag under which what was baked without it could be wrong. */
export function unfitFlag(flags: readonly string[], nodeVersion: string): string | undefined {
  const allowed = factsFor(nodeVersion)?.nodeOptionsAllow ?? [];
  return flags.find((word) => !allowed.some((option) => allows(option, word)));
}
