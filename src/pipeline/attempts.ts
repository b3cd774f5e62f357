// One attempt after the other to make an artifact that does what plain does: bake, pack, compare runs. Where runs
// differ, the module that makes the difference is searched for and left out. The search makes trials: artifacts of
// fewer modules, which run only the lines that differ. Trials write where attempts do, so after a search the attempt
// that ends it is made last, and stays on the disk.
import type { PlannedModule } from '../../snapshot-entry/shared/bake-plan.cjs';
import { type Attempt, type Fault, leaveOut, type Placed, type Search, untilFine } from '../bake/search.js';
import type { TrainingLine } from '../graph/types.js';
import type { Usage } from '../pack/usage.js';
import { differing, type LineResult } from '../verify/verify.js';

export interface Packed {
  readonly bytes: number;
  /** What the training lines made of the baked modules; nothing in a trial, which does not ask. */
  readonly usage: Usage;
}

export interface Compared {
  readonly launcher: string;
  readonly blobBytes: number;
  readonly verified: readonly LineResult[];
}

/** What an attempt does, one after the other. */
export interface Steps {
  /** Bakes what can be baked of these modules. */
  bake(modules: readonly PlannedModule[], how: { readonly isProven: boolean }): Promise<Placed>;
  /** Packs all modules that are not in `without`. A trial's pack lacks what only makes it fast. */
  pack(without: ReadonlySet<string>, how: { readonly isTrial: boolean }): Promise<Packed>;
  /** Writes a launcher, and runs `lines` plainly and by it. */
  compare(packBytes: number, lines: readonly TrainingLine[]): Promise<Compared>;
  note(text: string): void;
}

export interface Wanted {
  readonly modules: readonly PlannedModule[];
  readonly lines: readonly TrainingLine[];
  /** Modules that are left out from the start, because another world of the program never used them as they were baked. */
  readonly neverUsed: readonly string[];
}

export interface Made extends Compared {
  readonly packBytes: number;
}

/** Programs differ in one place or two; more culprits than this mean that baking is wrong for the whole program. */
const MOST_CULPRITS = 5;
/** What is no longer baked because it is never used may leave other modules unused. */
const MOST_USAGE_ROUNDS = 5;

const IDLE: Fault = {
  code: 'BAKE_NEVER_USED',
  detail: 'where the training lines load it, the program has changed what it was baked with',
};
const DIFFERS: Fault = { code: 'VERIFY_DIFFERS', detail: 'the program does something else when it is baked' };
const ALL_DIFFER: Fault = {
  code: 'VERIFY_DIFFERS',
  detail: 'the program does something else when such modules are baked; which of them make it do so was not found',
};

/** Its `fault` is null where the accelerated runs do what plain ones do. */
export function untilSame(steps: Steps, { modules, lines, neverUsed }: Wanted): Promise<Attempt<Made>> {
  const search: Search<Made> = {
    mostCulprits: MOST_CULPRITS,
    // Each round asks about the lines that differ then.
    isSteady: false,
    attempt: async (wanted) => {
      const { placed, packBytes } = await bakeUsed(steps, wanted);
      const made = { ...(await steps.compare(packBytes, lines)), packBytes };
      return { placed, made, fault: faultIn(made, steps) };
    },
    trial: async (some, { made }) => {
      const { baked } = await steps.bake(some, { isProven: false });
      const { bytes } = await steps.pack(filesOf(baked), { isTrial: true });
      const { verified } = await steps.compare(bytes, linesOf(differing(made.verified)));
      return differing(verified).length === 0 ? null : DIFFERS.detail;
    },
    giveUp: (failed) => withNothing(search, failed),
  };
  return untilFine(leaveOut({ baked: modules, demotions: [] }, neverUsed, IDLE), search);
}

function filesOf(modules: readonly PlannedModule[]): Set<string> {
  return new Set(modules.map(({ file }) => file));
}

function linesOf(results: readonly LineResult[]): TrainingLine[] {
  return results.map(({ args }) => args);
}

/** What the training lines turn out not to use as it was baked is packed instead, or as well. */
async function bakeUsed(steps: Steps, wanted: Placed): Promise<{ placed: Placed; packBytes: number }> {
  let placed = await bakeMore(steps, wanted, true);
  let packed = await steps.pack(filesOf(placed.baked), { isTrial: false });
  for (let round = 1; packed.usage.idle.length > 0 && round <= MOST_USAGE_ROUNDS; round++) {
    placed = await bakeMore(steps, leaveOut(placed, packed.usage.idle, IDLE), false);
    packed = await steps.pack(filesOf(placed.baked), { isTrial: false });
  }
  const also = new Set([...packed.usage.idle, ...packed.usage.partly]);
  if (also.size > 0) {
    const alone = placed.baked.filter(({ file }) => !also.has(file));
    packed = await steps.pack(filesOf(alone), { isTrial: false });
  }
  return { placed, packBytes: packed.bytes };
}

async function bakeMore(steps: Steps, { baked, demotions }: Placed, isProven: boolean): Promise<Placed> {
  const now = await steps.bake(baked, { isProven });
  return { baked: now.baked, demotions: [...demotions, ...now.demotions] };
}

function faultIn({ verified }: Compared, steps: Steps): Fault | null {
  const results = differing(verified);
  if (results.length === 0) return null;
  steps.note(`${inWords(results)}; searching which module makes the difference`);
  return DIFFERS;
}

/** What the first of these lines shows otherwise. */
function inWords([first]: readonly LineResult[]): string {
  const line = (first?.args ?? []).join(' ');
  const what = [...new Set((first?.differences ?? []).map(({ what }) => what))].join(', ');
  return `the accelerated run differs from plain (${what}, given ${line === '' ? 'no arguments' : line})`;
}

/** Where the runs differ even then, the launcher will run plain, and the manifest shows what could have been baked. */
async function withNothing(search: Search<Made>, failed: Attempt<Made>): Promise<Attempt<Made>> {
  const { baked, demotions } = failed.placed;
  if (baked.length === 0) return failed;
  const rest = baked.map(({ file }) => ({ file, culprit: file, ...ALL_DIFFER }));
  const attempt = await search.attempt({ baked: [], demotions: [...demotions, ...rest] });
  return attempt.fault === null ? attempt : { ...attempt, placed: { baked: [], demotions } };
}
