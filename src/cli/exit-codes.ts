// What the exit code of `snap` says. Documented in the README; scripts depend on it.

export const EXIT = {
  ok: 0,
  /** Something that should not happen: a mistake in snap. */
  unexpected: 1,
  usage: 2,
  /** Built, but the accelerated runs differed: the launcher runs plain. Also: `verify` found a difference. */
  differs: 3,
  entry: 4,
  node: 5,
  output: 6,
  training: 7,
  interrupted: 130,
} as const;

/** The prefix of an error's code names its area. */
const AREAS: readonly (readonly [string, number])[] = [
  ['USAGE', EXIT.usage],
  ['ENTRY_', EXIT.entry],
  ['NODE_', EXIT.node],
  ['BAKE_', EXIT.node],
  ['ANALYSE_', EXIT.node],
  ['OUT_', EXIT.output],
  ['NOT_AN_ARTIFACT', EXIT.output],
  ['LAUNCHER_', EXIT.output],
  ['STAMP_', EXIT.output],
  ['PACK_', EXIT.output],
  ['TRACE_ENTRY', EXIT.entry],
  ['TRACE_BAD_ARGS', EXIT.usage],
  ['TRACE_ABORTED', EXIT.interrupted],
  ['TRACE_', EXIT.training],
  ['TERMINAL_', EXIT.training],
];

export function exitCodeFor(code: string): number {
  return AREAS.find(([prefix]) => code.startsWith(prefix))?.[1] ?? EXIT.unexpected;
}
