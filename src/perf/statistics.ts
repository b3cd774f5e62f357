// Robust statistics over run times: pure functions, no rounding. A machine that does other work now and then makes
// times with a long right tail, so the centre is the median and the spread is taken from ranks.

export interface Summary {
  readonly runs: number;
  readonly median: number;
  /** Median absolute deviation from the median. */
  readonly mad: number;
  readonly p10: number;
  readonly p90: number;
  readonly min: number;
  readonly max: number;
}

/** Throws a RangeError for an empty sample. */
export function summarise(sample: readonly number[]): Summary {
  const sorted = ascending(sample);
  const centre = quantileOfSorted(sorted, 0.5);
  return {
    runs: sorted.length,
    median: centre,
    mad: median(sorted.map((value) => Math.abs(value - centre))),
    p10: quantileOfSorted(sorted, 0.1),
    p90: quantileOfSorted(sorted, 0.9),
    min: quantileOfSorted(sorted, 0),
    max: quantileOfSorted(sorted, 1),
  };
}

export function median(sample: readonly number[]): number {
  return quantile(sample, 0.5);
}

/** The value that a share `q` (0 to 1) of the sample lies below, interpolated between neighbours. */
export function quantile(sample: readonly number[], q: number): number {
  return quantileOfSorted(ascending(sample), q);
}

function ascending(sample: readonly number[]): number[] {
  return [...sample].sort((left, right) => left - right);
}

function quantileOfSorted(sorted: readonly number[], q: number): number {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`a quantile is between 0 and 1, not ${q}`);
  const position = q * (sorted.length - 1);
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new RangeError('an empty sample has no quantiles');
  return below + (above - below) * (position - Math.floor(position));
}
