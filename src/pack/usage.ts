// What the training lines say of the baked modules: which were used as they were baked, and which were loaded from their
// sources all the same, because the program changes what they depend on before it loads them.

/** One training line, run with the artifact. Files. */
export interface LineUsage {
  /** Activated. */
  readonly active: readonly string[];
  /** Asked for when they could not be used as they were baked; what they load was then not asked for at all. */
  readonly refused: readonly string[];
}

export interface Usage {
  /** Refused, and never active: they only make the blob larger. */
  readonly idle: readonly string[];
  /** Refused in some lines, active in others: worth their place in the blob, and one in the pack. */
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
