// Interleaving. hyperfine runs all repetitions of one command before the next, so a machine that slows down half-way
// would punish whoever comes last. Several short rounds in alternating order spread that over all; the ratio is then
// also known for each round, and the range of those ratios says how far one may be trusted.

import { median, type Summary, summarise } from './statistics.js';

/** Times in ms by name, as one round gave them. */
export type Round = ReadonlyMap<string, readonly number[]>;

export interface Comparison {
  /** Ratio of the medians over all rounds. */
  readonly ratio: number;
  /** Lowest and highest ratio of medians within one round. */
  readonly lowest: number;
  readonly highest: number;
}

/** The order for a round: forwards, backwards, forwards … */
export function orderForRound<T>(items: readonly T[], round: number): T[] {
  return round % 2 === 0 ? [...items] : [...items].reverse();
}

export function mergeRounds(rounds: readonly Round[]): Map<string, Summary> {
  const merged = new Map<string, number[]>();
  for (const round of rounds) {
    for (const [name, times] of round) merged.set(name, [...(merged.get(name) ?? []), ...times]);
  }
  return new Map([...merged].map(([name, times]) => [name, summarise(times)]));
}

/** Compares two names; undefined where a round lacks one of them or took no time at all. */
export function compare(rounds: readonly Round[], name: string, baseline: string): Comparison | undefined {
  const ratios: number[] = [];
  for (const round of rounds) {
    const times = round.get(name);
    const base = round.get(baseline);
    if (times === undefined || base === undefined || median(base) === 0) return undefined;
    ratios.push(median(times) / median(base));
  }
  const all = mergeRounds(rounds);
  const centre = all.get(name);
  const base = all.get(baseline);
  if (centre === undefined || base === undefined) return undefined;
  return { ratio: centre.median / base.median, lowest: Math.min(...ratios), highest: Math.max(...ratios) };
}
