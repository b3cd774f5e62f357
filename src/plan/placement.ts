// What is decided so far: where each module is placed, and which of its statements wait. It only goes one way: modules stop
// being baked and statements are deferred, until nothing follows any more.

import type { Deferrable } from './deferrable.js';
import type { Cause, Deferral } from './deferral.js';
import { type Judgement, packed } from './judgement.js';
import type { LazyModules } from './lazy-modules.js';

export interface PlacementInput {
  readonly isTraced: (file: string) => boolean;
  readonly lazy: LazyModules;
  readonly deferral: Deferral;
  readonly deferrable: Deferrable;
}

export class Placement {
  readonly judgements = new Map<string, Judgement>();
  readonly #input: PlacementInput;

  constructor(input: PlacementInput) {
    this.#input = input;
  }

  isBaked(file: string): boolean {
    return this.judgements.get(file)?.verdict === 'baked';
  }

  get unbaked(): number {
    let count = 0;
    for (const { verdict } of this.judgements.values()) if (verdict !== 'baked') count++;
    return count;
  }

  /** Whether the load of a module finds, in the heap, what it requires there. */
  isThere(file: string, target: string): boolean {
    const { lazy } = this.#input;
    if (this.isBaked(target) && !lazy.has(target)) return true;
    return (this.isBaked(target) || target.startsWith('node:')) && lazy.servesAll(file, target);
  }

  /** Of a module that needs, at load, what is not there. */
  needs(because: string): Judgement {
    if (because.startsWith('node:')) {
      const reason = `it loads ${because}, which keeps its environment, or makes worker threads abort, once a heap has it`;
      return packed('PLAN_BUILTIN_KEPT_OUT', reason);
    }
    if (this.isBaked(because) && this.#input.lazy.has(because))
      return packed('PLAN_USES_LAZY', `at load it uses ${because}, which is evaluated at its first use`);
    const judgement = packed(
      'PLAN_NEEDS_UNBAKED',
      `at load it needs ${because}, which is not ${this.#input.isTraced(because) ? 'baked' : 'among the traced modules'}`,
    );
    return { ...judgement, because, root: this.judgements.get(because)?.root ?? because };
  }

  place(file: string, judgement: Judgement): void {
    this.judgements.set(file, judgement);
  }

  /**
   * Defers a statement of `cause.file`, and whatever uses its names. A module that uses, at load and for good, a name that
   * is then set later is no longer baked.
   */
  defer(statement: number, cause: Cause): void {
    const { deferral, deferrable } = this.#input;
    for (const { file, owner, line } of deferral.defer(statement, cause, (touch) => deferrable.mayFollow(touch))) {
      if (!this.isBaked(file)) continue;
      const uses = packed('PLAN_USES_DEFERRED', `at load it uses what ${owner}:${line} could only set later`);
      this.place(file, file === cause.file ? cause.judgement : { ...uses, because: owner });
    }
  }
}
