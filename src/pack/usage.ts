// What the training lines say of the baked modules: which were used as they were baked, and which were loaded from their
// sources all the same, because the program changes what they depend on before it loads them. For example: a program sets
// `process.env.DEBUG` and then requires `debug`, which was baked under the guard that DEBUG is unset.

/** One training line, run with the artifact. Files. */
export interface LineUsage {
  /** Used as they were baked. */
  readonly active: readonly string[];
  /** Asked for when they could not be used as they were baked. Modules that only these load are in neither list. */
  readonly refused: readonly string[];
}

export interface Usage {
  /** Refused, and never active: they only make the blob larger. */
  readonly idle: readonly string[];
  /** Refused in some lines, active in others: they stay in the blob, and get a place in the pack as well. */
  readonly partly: readonly string[];
}

export function usageOf(lines: readonly LineUsage[]): Usage {
  const active = new Set(lines.flatMap((line) => line.active));
  const refused = [...new Set(lines.flatMap((line) => line.refused))];
  return {
    idle: refused.filter((file) => !active.has(file)),
    partly: refused.filter((file) => active.has(file)),
  };
}
