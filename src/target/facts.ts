// Questions about a Node version, answered from the table.
import { type AllowedOption, MAJORS, majorOf, type NodeFacts, rowOf } from './facts-table.cjs';

export { type AllowedOption, majorOf, type NodeFacts };

/** Numbers of `v24.1.0`, `24.1.0` or `24.1.0-nightly…`; undefined if it is no version. */
function numbersOf(version: string): [number, number, number] | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** Whether `version` is `minimum` or later; false if either is no version. */
export function isAtLeast(version: string, minimum: string): boolean {
  const have = numbersOf(version);
  const want = numbersOf(minimum);
  if (have === undefined || want === undefined) return false;
  return (have[0] - want[0] || have[1] - want[1] || have[2] - want[2]) >= 0;
}

/** Whether no version of its major is supported, nor will be; of what is no version, too. */
export function isTooOld(version: string): boolean {
  return !(majorOf(version) >= MAJORS[0]);
}

/** The facts for a supported version (`v24.1.0` or `24.1.0`), undefined for one that is too old or not known. */
export function factsFor(version: string): NodeFacts | undefined {
  const major = majorOf(version);
  const facts = MAJORS.some((one) => one === major) ? rowOf(major) : undefined;
  return facts !== undefined && isAtLeast(version, facts.supportedFrom) ? facts : undefined;
}
