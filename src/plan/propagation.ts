// What follows, from the leaves up, where a module is not baked: who requires it at load defers the statements that do, or is
// not baked either. Whether all of them can wait is asked first; only then are they deferred.
import type { Deferrable } from './deferrable.js';
import type { Deferral } from './deferral.js';
import type { LoadGraph } from './load-graph.js';
import type { Placement } from './placement.js';

export interface PropagationInput {
  readonly loads: LoadGraph;
  readonly placement: Placement;
  readonly deferral: Deferral;
  readonly deferrable: Deferrable;
  /** Modules that the analysis evaluated to their end. */
  readonly evaluated: ReadonlySet<string>;
  /** Whether cycles may be loose. */
  readonly mayLoosen: boolean;
}

/** The statements (-1: what is none) by which a module requires, at load, what it does not find in the heap. */
interface Missing {
  readonly file: string;
  readonly target: string;
  readonly statements: ReadonlySet<number>;
}

export class Propagation {
  readonly #input: PropagationInput;

  constructor(input: PropagationInput) {
    this.#input = input;
  }

  /** Until nothing follows. */
  run(): void {
    const { loads, placement } = this.#input;
    for (let before = -1; before !== placement.unbaked; ) {
      before = placement.unbaked;
      for (const members of loads.components) this.#judge(members);
    }
  }

  /** A cycle, or a module that is in none. */
  #judge(members: readonly string[]): void {
    const missing = this.#missingTo(members);
    let culprit = this.#culprit(members, missing);
    if (culprit === undefined && missing.length > 0) {
      this.#defer(missing);
      culprit = this.#culprit(members, this.#missingTo(members));
    }
    if (culprit === undefined) return;
    if (members.length > 1 && this.#input.mayLoosen) this.#loosen(members, culprit);
    else for (const file of members) this.#follow(file, members, culprit);
  }

  /** What the members require outside of their cycle. */
  #missingTo(members: readonly string[]): Missing[] {
    const inside = new Set(members);
    const { placement } = this.#input;
    return members.flatMap((file) =>
      this.#loadsOf(file, (target) => !inside.has(target) && !placement.isThere(file, target)),
    );
  }

  #loadsOf(file: string, isMissing: (target: string) => boolean): Missing[] {
    const { loads } = this.#input;
    return loads.of(file).flatMap(([target, statements]) => (isMissing(target) ? { file, target, statements } : []));
  }

  /** The member for which the cycle cannot be baked as a whole. */
  #culprit(members: readonly string[], missing: readonly Missing[]): string | undefined {
    const { placement, evaluated } = this.#input;
    return (
      members.find((file) => !placement.isBaked(file)) ??
      missing.find((one) => !this.#canWait(one))?.file ??
      // Whatever the findings say: what was not evaluated is never baked.
      members.find((file) => !evaluated.has(file))
    );
  }

  #canWait({ file, target, statements }: Missing): boolean {
    const { deferrable } = this.#input;
    return [...statements].every((one) => deferrable.canDefer(file, one)) && deferrable.mayLoad(target);
  }

  /** All of them can wait; but a module that uses what is then set later is no longer baked. */
  #defer(missing: readonly Missing[]): void {
    const { placement, deferral } = this.#input;
    for (const { file, target, statements } of missing) {
      if (!placement.isBaked(file)) continue;
      const reason = `it loads ${target}, which is not baked`;
      const cause = { file, reason, judgement: placement.needs(target) };
      for (const one of statements) if (!deferral.isDeferred(file, one)) placement.defer(one, cause);
    }
  }

  /**
   * A cycle is baked whole, entered where it was entered at build. Or it is loose: each member of it that is baked defers
   * all that it requires of the others, and so uses none of them at load; then it does not matter which are baked.
   */
  #loosen(members: readonly string[], culprit: string): void {
    const { placement, deferrable, evaluated } = this.#input;
    deferrable.loosen(members);
    const inside = new Set(members);
    for (const file of members) {
      if (!placement.isBaked(file)) continue;
      const missing = this.#loadsOf(file, (target) => inside.has(target) || !placement.isThere(file, target));
      if (evaluated.has(file) && missing.every((one) => this.#canWait(one))) this.#defer(missing);
      else this.#follow(file, [], culprit);
    }
  }

  /** `members`: those of its cycle, where it is baked with them or not at all. */
  #follow(file: string, members: readonly string[], culprit: string): void {
    const { placement } = this.#input;
    if (!placement.isBaked(file)) return;
    const target = this.#unserved(file, members) ?? this.#unended(file) ?? culprit;
    placement.place(file, placement.needs(target));
  }

  /**
   * What it requires by statements that are not deferred, and does not find: for one of these it is not baked. Rather what
   * is outside of its own cycle, since within it each member would name another one. And rather what cannot wait: the rest
   * was not deferred only because something else could not be.
   */
  #unserved(file: string, members: readonly string[]): string | undefined {
    const { placement, deferral, loads } = this.#input;
    const missing = this.#loadsOf(file, (target) => !members.includes(target) && !placement.isThere(file, target));
    const now = missing.filter(({ statements }) => ![...statements].every((one) => deferral.isDeferred(file, one)));
    const cycle = loads.cycleOf(file);
    const outside = now.filter(({ target }) => !cycle.includes(target));
    const named = outside.length > 0 ? outside : now;
    return (named.find((one) => !this.#canWait(one)) ?? named[0])?.target;
  }

  /** What it requires that was not evaluated to its end, so that it was not either. */
  #unended(file: string): string | undefined {
    const { loads, evaluated } = this.#input;
    return evaluated.has(file) ? undefined : loads.filesOf(file).find((target) => !evaluated.has(target));
  }
}
