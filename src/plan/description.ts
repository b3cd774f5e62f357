// What a plan says of each module, once it is decided.
import type { Effect, Input, SharedRead } from '../graph/analysis.js';
import type { Deferrable } from './deferrable.js';
import type { Deferral } from './deferral.js';
import { uniqueGuards } from './guards.js';
import { BAKED, type Judgement } from './judgement.js';
import type { LazyModules } from './lazy-modules.js';
import type { LoadGraph } from './load-graph.js';
import { withSettings } from './settings.js';
import type { DeferredStatement, PlannedGuard, PlannedVerdict } from './types.js';

const LONGEST_CHAIN = 20;

export interface DescriptionInput {
  readonly judgements: ReadonlyMap<string, Judgement>;
  readonly inputs: ReadonlyMap<string, readonly Input[]>;
  /** Effects that a guard takes the consequence from. */
  readonly guarded: ReadonlyMap<string, readonly Effect[]>;
  /** What each baked module's load reads while baking. */
  readonly reads: (file: string) => readonly SharedRead[];
  readonly foreignWrites: readonly Effect[];
  /** Modules in the order in which their evaluation ended. */
  readonly evaluated: readonly string[];
  /** Built-ins (`node:NAME`) that no snapshot may hold on this node. */
  readonly unfitBuiltins: ReadonlySet<string>;
  readonly loads: LoadGraph;
  readonly deferral: Deferral;
  readonly deferrable: Deferrable;
  readonly lazy: LazyModules;
}

export class Description {
  readonly #input: DescriptionInput;
  /** By owner. */
  readonly #writersOf = new Map<string, string[]>();

  constructor(input: DescriptionInput) {
    this.#input = input;
    for (const { owner, module } of input.foreignWrites) {
      if (owner !== undefined) this.#writersOf.set(owner, [...(this.#writersOf.get(owner) ?? []), module]);
    }
  }

  of(file: string): PlannedVerdict {
    const { verdict, code, reason, evidence } = this.#input.judgements.get(file) ?? BAKED;
    return {
      file,
      verdict,
      code,
      reason,
      evidence,
      via: this.#chain(file),
      inputs: this.#input.inputs.get(file) ?? [],
      reads: verdict === 'baked' ? this.#sealedReads(file) : [],
      guards: verdict === 'baked' ? this.#guardsOf(file) : [],
      deferred: verdict === 'baked' ? this.#deferredOf(file) : [],
      heads: verdict === 'baked' ? this.#headsOf(file) : [],
      isLazy: verdict === 'baked' && this.#input.lazy.has(file),
      standIns: verdict === 'baked' ? this.#input.lazy.of(file) : [],
    };
  }

  #deferredOf(file: string): DeferredStatement[] {
    const loading = new Set(
      this.#input.loads.of(file).flatMap(([target, statements]) => (target.startsWith('node:') ? [] : [...statements])),
    );
    return this.#input.deferral
      .of(file)
      .map((statement) => ({ ...statement, loadsFiles: loading.has(statement.index) }));
  }

  #guardsOf(file: string): readonly PlannedGuard[] {
    const baked = (this.#input.guarded.get(file) ?? []).filter(
      ({ statement = -1 }) => !this.#input.deferral.isDeferred(file, statement),
    );
    return uniqueGuards(baked.flatMap(({ guard, after = -1 }) => (guard === undefined ? [] : { guard, after })));
  }

  /** Without what it read of built-ins that are kept out of the snapshot: only statements that are deferred read of those. */
  #sealedReads(file: string): readonly SharedRead[] {
    const { unfitBuiltins } = this.#input;
    const kept = this.#input.reads(file).filter(({ owner }) => !unfitBuiltins.has(owner.split('.')[0] ?? ''));
    const isFit = (owner: string) => !unfitBuiltins.has(owner);
    return [...withSettings(kept, isFit), ...this.#input.lazy.takenFor(file)];
  }

  /** Long chains keep their beginning and their end: all chains in full would be O(V²). */
  #chain(file: string): string[] {
    const chain: string[] = [];
    for (
      let next = this.#input.judgements.get(file)?.because;
      next !== undefined;
      next = this.#input.judgements.get(next)?.because
    ) {
      if (chain.includes(next) || next === file) break;
      chain.push(next);
      if (chain.length === LONGEST_CHAIN) break;
    }
    const root = this.#input.judgements.get(file)?.root;
    return root === undefined || chain.includes(root) || root === file ? chain : [...chain, root];
  }

  /** Modules without which it is never used as it was baked: who began its cycle, and who changed its state. */
  #headsOf(file: string): string[] {
    const cycle = this.#input.deferrable.isLoose(file) ? [file] : this.#input.loads.cycleOf(file);
    // The member that ended last was begun first: its load evaluated the others.
    const first = cycle.length > 1 ? this.#input.evaluated.findLast((member) => cycle.includes(member)) : file;
    const heads = [
      first ?? file,
      ...(this.#writersOf.get(file) ?? []).filter(
        (writer) => !cycle.includes(writer) && this.#input.judgements.get(writer)?.verdict === 'baked',
      ),
    ];
    return [...new Set(heads)].filter((head) => head !== file);
  }
}
