// Whether the load of one module, while baking, leads to that of another: through baked modules alone, by statements that
// do not wait. It is asked for every baked module in every round, so what was once denied is remembered: modules stop being
// baked and statements are deferred, never the other way.
import type { LoadGraph } from './load-graph.js';

export interface EvaluatedWithInput {
  readonly loads: LoadGraph;
  readonly isBaked: (file: string) => boolean;
  readonly isDeferred: (file: string, statement: number) => boolean;
}

export class EvaluatedWith {
  readonly #input: EvaluatedWithInput;
  /** By module: the baked ones whose load has led to it when that was last looked at. */
  readonly #before = new Map<string, ReadonlySet<string>>();

  constructor(input: EvaluatedWithInput) {
    this.#input = input;
  }

  /** `file` is baked. */
  has(file: string, other: string): boolean {
    const known = this.#before.get(other);
    if (known !== undefined && !known.has(file)) return false;
    const { loads, isBaked, isDeferred } = this.#input;
    const now = loads.requirersOf(
      other,
      (by, statements) => isBaked(by) && ![...statements].every((statement) => isDeferred(by, statement)),
    );
    this.#before.set(other, now);
    return now.has(file);
  }
}

/** One of those that share their writer and their owner: what follows from them is the same. */
export function onePerPair<W extends { readonly module: string; readonly owner?: string | undefined }>(
  writes: readonly W[],
): W[] {
  const pairs = new Map<string, W>();
  for (const write of writes) {
    const pair = `${write.module}\0${write.owner}`;
    if (!pairs.has(pair)) pairs.set(pair, write);
  }
  return [...pairs.values()];
}
