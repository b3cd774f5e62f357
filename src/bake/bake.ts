// Bakes as much of a plan as can be baked: builds, finds what makes a build fail or depend on its world, leaves that out
// with all that needs it, and builds again. Ends with a blob that has booted, or with none.
import type { BakePlan, PlannedModule } from '../../snapshot-entry/shared/bake-plan.cjs';
import type { Builder, BuilderOutcome } from './builder-run.js';
import { completionOrder, type Loads, shortestFailing, withDependents } from './closed-prefix.js';
import { bakeFailed, bakeUnprovable } from './errors.js';
import type { Worlds } from './prove.js';

export type DemotionCode =
  | 'BAKE_THREW'
  | 'BAKE_ABORTED'
  | 'BAKE_DEPENDS_ON_WORLD'
  | 'BAKE_NEEDS_DEMOTED'
  | 'BAKE_NEVER_USED'
  | 'VERIFY_DIFFERS';

export interface Demotion {
  readonly file: string;
  readonly code: DemotionCode;
  readonly detail: string;
  /** The culprit that it needs at load; itself where it is the culprit. */
  readonly culprit: string;
}

export interface BakeResult {
  /** Null when nothing is left to bake. */
  readonly blob: string | null;
  readonly blobBytes: number;
  readonly baked: readonly string[];
  readonly demotions: readonly Demotion[];
}

export interface BakeOptions {
  readonly builder: Builder;
  /** Where the result is proven; null leaves the proof out: a trial of what was proven before. */
  readonly worlds: Worlds | null;
  readonly onProgress?: (what: string) => void;
}

class Baking {
  #modules: readonly PlannedModule[];
  readonly #plan: BakePlan;
  readonly #options: BakeOptions;
  readonly demotions: Demotion[] = [];

  constructor(plan: BakePlan, options: BakeOptions) {
    this.#plan = plan;
    this.#modules = plan.modules;
    this.#options = options;
  }

  get modules(): readonly PlannedModule[] {
    return this.#modules;
  }

  planOf(modules: readonly PlannedModule[]): BakePlan {
    return { ...this.#plan, modules };
  }

  build(modules: readonly PlannedModule[]): Promise<BuilderOutcome> {
    return this.#options.builder.build(this.planOf(modules));
  }

  /** Builds until a build passes. */
  async untilBuilt(): Promise<BuilderOutcome & { kind: 'built' }> {
    let passing = 0;
    for (;;) {
      const outcome = await this.build(this.#modules);
      if (outcome.kind === 'built') return outcome;
      if (outcome.kind === 'threw' && this.#modules.some(({ file }) => file === outcome.file)) {
        this.demote(outcome.file, 'BAKE_THREW', outcome.detail);
        continue;
      }
      if (passing === 0) await this.#requireEmptyBuild();
      this.#options.onProgress?.(`a module cannot be part of a snapshot (${outcome.detail}); searching which`);
      passing = await this.#demoteShortest(passing, 'BAKE_ABORTED', async (modules) => {
        const tried = await this.build(modules);
        return tried.kind === 'built' ? null : tried.detail;
      });
    }
  }

  /** The search for a culprit starts from a set that builds: at least the empty one. */
  async #requireEmptyBuild(): Promise<void> {
    const empty = await this.build([]);
    if (empty.kind !== 'built') await this.#options.builder.requireRoom();
    if (empty.kind !== 'built') throw bakeFailed(this.#plan.node.version, empty.detail);
  }

  /** Where Node's own heap depends on its environment, the comparison says nothing of modules. */
  async #requireEqualWorlds(worlds: Worlds): Promise<void> {
    const detail = await differs(worlds, this.planOf([]));
    if (detail !== null) throw bakeUnprovable(this.#plan.node.version, detail);
  }

  /** Compares worlds until they agree. True when something had to be left out. */
  async untilProven(worlds: Worlds): Promise<boolean> {
    let passing = 0;
    let changed = false;
    for (;;) {
      const detail = await differs(worlds, this.planOf(this.#modules));
      if (detail === null) return changed;
      if (passing === 0) await this.#requireEqualWorlds(worlds);
      this.#options.onProgress?.(`the snapshot depends on its environment (${detail}); searching the module`);
      changed = true;
      passing = await this.#demoteShortest(passing, 'BAKE_DEPENDS_ON_WORLD', (modules) =>
        differs(worlds, this.planOf(modules)),
      );
    }
  }

  demote(culprit: string, code: DemotionCode, detail: string): void {
    const gone = withDependents(neededBy(this.#modules), [culprit]);
    for (const file of gone) {
      this.demotions.push(
        file === culprit ? { file, code, detail, culprit } : { file, code: 'BAKE_NEEDS_DEMOTED', detail, culprit },
      );
    }
    this.#modules = this.#modules.filter(({ file }) => !gone.has(file));
  }

  /** Leaves out the module that ends the shortest failing prefix; returns how many modules before it passed. */
  async #demoteShortest(
    passing: number,
    code: DemotionCode,
    fault: (modules: readonly PlannedModule[]) => Promise<string | null>,
  ): Promise<number> {
    const order = completionOrder(loadsOf(this.#modules));
    let detail = '';
    const shortest = await shortestFailing(passing, order.length, async (length) => {
      const found = await fault(this.#closedPrefix(order, length));
      if (found !== null) detail = found;
      return found === null;
    });
    if (detail === '') detail = (await fault(this.#closedPrefix(order, shortest))) ?? 'only together with others';
    this.demote(order[shortest - 1] as string, code, detail);
    return shortest - 1;
  }

  /** A prefix, with the partners of a cycle that it cuts. */
  #closedPrefix(order: readonly string[], length: number): PlannedModule[] {
    const loads = new Map(loadsOf(this.#modules).map((module) => [module.file, module.loads]));
    const wanted = new Set(order.slice(0, length));
    for (const file of wanted) for (const load of loads.get(file) ?? []) if (loads.has(load)) wanted.add(load);
    return this.#modules.filter(({ file }) => wanted.has(file));
  }
}

async function differs(worlds: Worlds, plan: BakePlan): Promise<string | null> {
  const proof = await worlds.compare(plan);
  if (proof.same === true) return null;
  return proof.same === false ? `${proof.bytes} bytes of the heap differ in another environment` : proof.detail;
}

/** Who requires whom at load, among files. */
/** What a module cannot be baked without: what it loads, and what changes its state after its load. */
export function neededBy(modules: readonly PlannedModule[]): Loads[] {
  const heads = new Map(modules.map((module) => [module.file, module.heads]));
  return loadsOf(modules).map(({ file, loads }) => ({ file, loads: [...loads, ...(heads.get(file) ?? [])] }));
}

export function loadsOf(modules: readonly PlannedModule[]): Loads[] {
  return modules.map(({ file, requests }) => ({
    file,
    loads: requests.flatMap(([, target]) => (target === null || target.startsWith('node:') ? [] : [target])),
  }));
}

/** @throws SnapError BAKE_EMPTY_FAILED when this node cannot even build a snapshot of nothing. */
export async function bake(plan: BakePlan, options: BakeOptions): Promise<BakeResult> {
  const baking = new Baking(plan, options);
  let built = await baking.untilBuilt();
  if (options.worlds !== null && (await baking.untilProven(options.worlds))) {
    built = await baking.untilBuilt();
  }
  const baked = baking.modules.map(({ file }) => file);
  const { demotions } = baking;
  return { blob: built.blob, blobBytes: built.blobBytes, baked, demotions };
}
