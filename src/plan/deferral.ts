// Which statements of which modules wait until their module is activated. A statement is deferred because of what it does
// or loads; then whatever uses its names at load has to wait with it, in its own module or in another. Where something
// cannot wait, its module cannot be baked. The set only grows.
import type { Analysis, SeenTouch } from '../graph/analysis.js';
import type { StaticFacts } from '../source/static-facts.js';
import type { Judgement } from './judgement.js';
import type { DeferredStatement } from './types.js';

export interface DeferralInput {
  readonly touches: Analysis['touches'];
  readonly facts: ReadonlyMap<string, StaticFacts>;
  /** False: nothing is deferred. */
  readonly isOn: boolean;
}

/** Why the first of a chain of statements is deferred. */
export interface Cause {
  readonly file: string;
  /** One sentence. */
  readonly reason: string;
  /** Of `file`, where the statement turns out not to be able to wait. */
  readonly judgement: Judgement;
}

/** A use that cannot wait of something that has to. */
export interface Conflict {
  /** The module that cannot be baked. */
  readonly file: string;
  /** What it uses is set by this line of this module. */
  readonly owner: string;
  readonly line: number;
  readonly cause: Cause;
}

export class Deferral {
  readonly #facts: ReadonlyMap<string, StaticFacts>;
  readonly #isOn: boolean;
  /** By the statement whose names are used. */
  readonly #touches = new Map<string, SeenTouch[]>();
  readonly #deferred = new Map<string, Map<number, Omit<DeferredStatement, 'loadsFiles'>>>();

  constructor({ touches, facts, isOn }: DeferralInput) {
    this.#facts = facts;
    this.#isOn = isOn;
    for (const touch of touches) {
      const key = keyOf(touch.owner, touch.declaredBy);
      const known = this.#touches.get(key);
      if (known === undefined) this.#touches.set(key, [touch]);
      else known.push(touch);
    }
  }

  isDeferred(file: string, statement: number): boolean {
    return this.#deferred.get(file)?.has(statement) ?? false;
  }

  of(file: string): readonly Omit<DeferredStatement, 'loadsFiles'>[] {
    return [...(this.#deferred.get(file)?.values() ?? [])].sort((a, b) => a.index - b.index);
  }

  canDefer(file: string, statement: number): boolean {
    return this.#isOn && statement >= 0 && this.#candidate(file, statement) !== undefined;
  }

  /** Whether it, or what it needs, uses something that an earlier `require` has answered. */
  usesRequired(file: string, statement: number): boolean {
    const candidate = this.#candidate(file, statement);
    return (
      candidate === undefined || candidate.usesRequired || candidate.needs.some((need) => this.usesRequired(file, need))
    );
  }

  /** Whether it calls anything but `require` and helpers of its module. */
  calls(file: string, statement: number): boolean {
    return this.#candidate(file, statement)?.calls ?? true;
  }

  /** It, and the statements that are deferred when it is. */
  withNeeds(file: string, statement: number): number[] {
    const found = [statement];
    for (const index of found) {
      for (const need of this.#candidate(file, index)?.needs ?? []) if (!found.includes(need)) found.push(need);
    }
    return found;
  }

  /**
   * Defers a candidate of `cause.file`, and all that has to wait for it; what cannot is returned. `mayFollow`: whether a
   * statement that uses what another one sets later may be run later too.
   */
  defer(statement: number, cause: Cause, mayFollow: (touch: SeenTouch) => boolean): Conflict[] {
    const conflicts: Conflict[] = [];
    const open: [string, number, string][] = [[cause.file, statement, cause.reason]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [owner, index, why] = next;
      const candidate = this.#candidate(owner, index);
      if (candidate === undefined || this.isDeferred(owner, index)) continue;
      const { line, needs, requires } = candidate;
      this.#add(owner, { index, line, reason: why, requires });
      for (const need of needs) open.push([owner, need, `line ${line}, which is run later, uses it`]);
      for (const touch of this.#touches.get(keyOf(owner, index)) ?? []) {
        const because = `it uses what ${owner}:${line} sets later`;
        if (this.canDefer(touch.module, touch.statement) && mayFollow(touch))
          open.push([touch.module, touch.statement, because]);
        else conflicts.push({ file: touch.module, owner, line, cause });
      }
    }
    return conflicts;
  }

  #add(file: string, statement: Omit<DeferredStatement, 'loadsFiles'>): void {
    const known = this.#deferred.get(file) ?? new Map();
    this.#deferred.set(file, known.set(statement.index, statement));
  }

  #candidate(file: string, statement: number) {
    return this.#facts.get(file)?.candidates.find(({ index }) => index === statement);
  }
}

function keyOf(file: string, statement: number): string {
  return `${file}\0${statement}`;
}
