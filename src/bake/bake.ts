// Bakes as much of a plan as can be baked: builds, leaves out what makes a build fail or depend on its environment
// (search.ts), and builds again. Ends with a blob that has booted.
import type { BakePlan, PlannedModule } from '../../snapshot-entry/shared/bake-plan.cjs';
import type { Builder, BuilderOutcome } from './builder-run.js';
import { bakeFailed, bakeUnprovable } from './errors.js';
import type { EnvironmentPair } from './prove.js';
import { type Attempt, type Fault, type Placed, type Search, untilFine } from './search.js';

export interface BakeResult extends Placed {
  readonly blobBytes: number;
}

export interface BakeOptions {
  readonly builder: Builder;
  /** Where the result is proven; null leaves the proof out: a trial of what was proven before. */
  readonly pair: EnvironmentPair | null;
  readonly onProgress?: ((what: string) => void) | undefined;
}

/** @throws SnapError BAKE_EMPTY_FAILED when this node cannot even build a snapshot of nothing, BAKE_UNPROVABLE */
export async function bake(plan: BakePlan, options: BakeOptions): Promise<BakeResult> {
  const building = buildSearch(plan, options);
  const built = await untilFine({ baked: plan.modules, demotions: [] }, building);
  if (options.pair === null) return resultOf(built);
  const proven = await untilFine(built.placed, proofSearch(plan, options, options.pair));
  const isWhole = proven.placed.baked.length === built.placed.baked.length;
  return resultOf(isWhole ? built : await untilFine(proven.placed, building));
}

function resultOf({ placed, made }: Attempt<BuilderOutcome>): BakeResult {
  return { ...placed, blobBytes: made.kind === 'built' ? made.blobBytes : 0 };
}

/** Whether the modules can be built into a snapshot that boots. */
function buildSearch(plan: BakePlan, { builder, onProgress }: BakeOptions): Search<BuilderOutcome> {
  const build = (modules: readonly PlannedModule[]) => builder.build({ ...plan, modules });
  return {
    isSteady: true,
    attempt: async (placed) => {
      const made = await build(placed.baked);
      const fault = faultOf(made, placed);
      if (fault !== null && fault.culprit === undefined)
        onProgress?.(`a module cannot be part of a snapshot (${fault.detail}); searching which`);
      return { placed, fault, made };
    },
    trial: async (modules) => {
      const tried = await build(modules);
      return tried.kind === 'built' ? null : tried.detail;
    },
    giveUp: async (failed, detail) => {
      await builder.requireRoom();
      throw bakeFailed(plan.node.version, detail ?? failed.fault?.detail ?? '');
    },
  };
}

function faultOf(outcome: BuilderOutcome, { baked }: Placed): Fault | null {
  if (outcome.kind === 'built') return null;
  const { detail } = outcome;
  if (outcome.kind === 'threw' && baked.some(({ file }) => file === outcome.file))
    return { code: 'BAKE_THREW', detail, culprit: outcome.file };
  return { code: 'BAKE_ABORTED', detail };
}

/** Whether the modules bake to the same heap in two environments. */
function proofSearch(plan: BakePlan, { onProgress }: BakeOptions, pair: EnvironmentPair): Search<null> {
  const differs = async (modules: readonly PlannedModule[]): Promise<string | null> => {
    const proof = await pair.compare({ ...plan, modules });
    if (proof.same === true) return null;
    return proof.same === false ? `${proof.bytes} bytes of the heap differ in another environment` : proof.detail;
  };
  return {
    isSteady: true,
    attempt: async (placed) => {
      const detail = await differs(placed.baked);
      if (detail === null) return { placed, fault: null, made: null };
      onProgress?.(`the snapshot depends on its environment (${detail}); searching the module`);
      return { placed, fault: { code: 'BAKE_DEPENDS_ON_WORLD', detail }, made: null };
    },
    trial: differs,
    // Where Node's own heap depends on its environment, the comparison says nothing of modules.
    giveUp: async (failed, detail) => {
      throw bakeUnprovable(plan.node.version, detail ?? failed.fault?.detail ?? '');
    },
  };
}
