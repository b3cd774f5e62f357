// Whether the load of one module, while baking, leads to that of another: through baked modules alone, by statements that
// do not wait. It is asked for every baked module in every round, so what was once denied is remembered: modules stop being
// baked and statements are deferred, never the other way.
import type { LoadGraph } from './load-graph.js';

export interface EvaluatedWithInput {
  readonly loads: LoadGraph;
  isBaked(file: string): boolean;
  isDeferred(file: string, statement: number): boolean;
}

export class EvaluatedWith {
  readonly #input: EvaluatedWithInput;
  /** By module: the baked ones whose load has led to it when that was last looked at. */
  readonly #before = new Map<string, Set<string>>();

  constructor(input: EvaluatedWithInput) {
    this.#input = input;
  }

  /** `file` is baked. */
  has(file: string, other: string): boolean {
    const known = this.#before.get(other);
    if (known !== undefined && !known.has(file)) return false;
    const now = this.#leadingTo(other);
    this.#before.set(other, now);
    return now.has(file);
  }

  #leadingTo(other: string): Set<string> {
    const found = new Set<string>();
    const open = [other];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const by of this.#input.loads.loadersOf(next)) {
        if (found.has(by) || !this.#input.isBaked(by) || !this.#loadsWhileBaking(by, next)) continue;
        found.add(by);
        open.push(by);
      }
    }
    return found;
  }

  #loadsWhileBaking(file: string, target: string): boolean {
    for (const statement of this.#input.loads.statementsOf(file, target)) {
      if (!this.#input.isDeferred(file, statement)) return true;
    }
    return false;
  }
}

/** One of those that share their writer and their owner: what follows from them is the same. */
export function onePerPair<W extends { readonly module: string; readonly owner?: string }>(writes: readonly W[]): W[] {
  const pairs = new Map<string, W>();
  for (const write of writes) {
    const pair = `${write.module}\0${write.owner}`;
    if (!pairs.has(pair)) pairs.set(pair, write);
  }
  return [...pairs.values()];
}
