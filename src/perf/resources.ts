// Page faults and memory of one whole run, as `/usr/bin/time -f '%R %F %M'` wrote them on its last line.

export const TIME_FORMAT = '%R %F %M';

export interface Resources {
  readonly minorFaults: number;
  readonly majorFaults: number;
  readonly peakBytes: number;
}

/** Undefined where the text does not end in the three numbers. */
export function parseResources(text: string): Resources | undefined {
  const found = /(?:^|\n)(\d+) (\d+) (\d+)\s*$/.exec(text);
  if (found === null) return undefined;
  return { minorFaults: Number(found[1]), majorFaults: Number(found[2]), peakBytes: Number(found[3]) * 1024 };
}
