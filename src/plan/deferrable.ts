// Which statements may be deferred, because nobody can tell that they are run later, and what they may load then. Says so
// and decides nothing: what is deferred, and what has to wait with it, is kept by deferral.ts.
import type { Analysis, Effect, EffectKind, SeenTouch } from '../graph/analysis.js';
import type { Graph } from '../graph/types.js';
import type { StaticFacts } from '../source/static-facts.js';
import type { Deferral } from './deferral.js';
import type { Extents } from './extents.js';
import type { LoadGraph } from './load-graph.js';

/** What others can see, or what looks at the module system: a statement with such an effect stays where it is. */
const LOUD: ReadonlySet<EffectKind> = new Set([
  ...(['foreign-write', 'global-write', 'builtin-write', 'process-write', 'env-write', 'process-listener'] as const),
  ...(['stack-setting', 'error-kept', 'module-hook', 'loader-read', 'async-work', 'async-context', 'throws'] as const),
]);

/**
 * What a deferred statement may not load: what changes how modules are loaded, or ends the load. Anything else runs where
 * it would in a plain load, below frames that read as those of a plain load as far as a stack trace commonly goes.
 */
const CHANGES_LOADS: ReadonlySet<EffectKind> = new Set(['module-hook', 'throws', 'exit', 'import']);

export interface DeferrableInput {
  readonly graph: Graph;
  readonly facts: ReadonlyMap<string, StaticFacts>;
  /** By module, without those that a guard takes the consequence from. */
  readonly effects: ReadonlyMap<string, readonly Effect[]>;
  /** Of all modules, guarded or not. */
  readonly foreignWrites: readonly Effect[];
  readonly loads: LoadGraph;
  readonly seenLoads: Analysis['loads'];
  readonly extents: Extents;
  readonly deferral: Deferral;
  /** Modules that are baked and change others after their load. */
  readonly pinning: ReadonlySet<string>;
}

export class Deferrable {
  readonly #input: DeferrableInput;
  readonly #effects: ReadonlyMap<string, readonly Effect[]>;
  readonly #loads: LoadGraph;
  readonly #extents: Extents;
  readonly #deferral: Deferral;
  readonly #caught: ReadonlySet<string>;
  readonly #pinned: ReadonlySet<string>;
  readonly #loose = new Set<string>();
  /** Loads at which the module that made them had exported nothing yet that could be used. */
  readonly #bare: ReadonlySet<string>;
  readonly #loadable = new Map<string, boolean>();
  /** Modules that change, after its load, one that was loaded within theirs. */
  readonly writers: ReadonlySet<string>;

  constructor(input: DeferrableInput) {
    this.#input = input;
    this.#effects = input.effects;
    this.#loads = input.loads;
    this.#extents = input.extents;
    this.#deferral = input.deferral;
    const bare = input.seenLoads.filter(({ isBare }) => isBare);
    this.#bare = new Set(bare.map(({ module, target, statement }) => key(module, target, statement)));
    const changed = this.#changedWithin();
    this.writers = new Set([...changed.values()].flat());
    this.#caught = this.#caughtModules();
    this.#pinned = this.#pinnedModules(changed);
  }

  /** Whether nobody can tell when the statement is run. */
  canDefer(file: string, statement: number): boolean {
    if (!this.#deferral.canDefer(file, statement) || this.#caught.has(file)) return false;
    if (this.#pinned.has(file) && !this.#isApart(file, statement)) return false;
    const isLoud = (this.#effects.get(file) ?? []).some(
      (effect) => effect.statement === statement && LOUD.has(effect.kind),
    );
    return !isLoud && this.#mayRunAgain(file, statement) && !this.#usesCycle(file, statement);
  }

  /**
   * A deferred statement may change what the rest of its module was baked with, or throw. Then the module is evaluated from
   * its source after all, and the statement runs a second time. To require a file a second time does nothing; a call might,
   * unless it uses nothing but built-ins.
   */
  #mayRunAgain(file: string, statement: number): boolean {
    const all = this.#deferral.withNeeds(file, statement);
    return !all.some((one) => this.#deferral.calls(file, one)) || !all.some((one) => this.#loadsFiles(file, one));
  }

  /** Whether it uses nothing that other modules of the program have made. */
  #isApart(file: string, statement: number): boolean {
    const all = this.#deferral.withNeeds(file, statement);
    if (this.#deferral.usesRequired(file, statement)) return false;
    return all.every((one) => !this.#deferral.calls(file, one) && !this.#loadsFiles(file, one));
  }

  #loadsFiles(file: string, statement: number): boolean {
    return this.#loads.of(file).some(([target, by]) => !target.startsWith('node:') && by.has(statement));
  }

  /** A statement that uses what another one sets later. */
  mayFollow({ module, statement, owner, declaredBy }: SeenTouch): boolean {
    if (!this.canDefer(module, statement)) return false;
    return !this.#deferral.calls(module, statement) || !this.#loadsFiles(owner, declaredBy);
  }

  /**
   * In a cycle, what a module sees of another one depends on how far the load of that one has come. So no statement that uses
   * what was required is moved there. A `require` of another member is deferred in loose cycles only, and only where its
   * module had exported nothing yet that others could use.
   */
  #usesCycle(file: string, statement: number): boolean {
    if (!this.#loads.isInCycle(file)) return false;
    if (this.#deferral.usesRequired(file, statement)) return true;
    const cycle = this.#loads.cycleOf(file);
    const back = this.#loads
      .of(file)
      .flatMap(([target, by]) => (by.has(statement) && cycle.includes(target) ? target : []));
    if (back.length === 0) return false;
    return (
      !this.isLoose(file) ||
      this.#deferral.calls(file, statement) ||
      !back.every((to) => this.#bare.has(key(file, to, statement)))
    );
  }

  /** Not all of its members are baked: those that are must do without each other at load (make-plan.ts). */
  loosen(cycle: readonly string[]): void {
    for (const file of cycle) this.#loose.add(file);
  }

  isLoose(file: string): boolean {
    return this.#loose.has(file);
  }

  /**
   * Modules that load, while another one is being loaded, what that one changes later: where that one is baked, what is
   * deferred in them would find it changed already at a launch.
   */
  #pinnedModules(changed: ReadonlyMap<string, readonly string[]>): Set<string> {
    const pinned = new Set<string>();
    for (const [owner, all] of changed) {
      const writers = all.filter((writer) => this.#input.pinning.has(writer));
      if (writers.length === 0) continue;
      for (const { file } of this.#input.graph.modules) {
        if (file !== owner && !this.#loads.leadsTo(file, owner)) continue;
        if (writers.some((writer) => file === writer || this.#extents.isWithin(file, writer))) pinned.add(file);
      }
    }
    return pinned;
  }

  /**
   * Modules that are required where an error of their load would be caught: `try { require('x') } catch { … }`. While baking,
   * the load did not fail, and the `catch` was passed; if a deferred statement failed at a launch, nothing would catch that.
   */
  #caughtModules(): Set<string> {
    const caught = new Set<string>();
    for (const { from, request, target } of this.#input.graph.resolutions) {
      if (target === null || target.startsWith('node:') || caught.has(target)) continue;
      if (!this.#input.facts.get(from)?.caughtRequests.includes(request)) continue;
      if (!this.#loads.filesOf(from).includes(target)) continue;
      for (const file of this.#loads.closureOf(target)) caught.add(file);
    }
    return caught;
  }

  /** What a module changes of one that was loaded within its load. */
  #changedWithin(): Map<string, string[]> {
    const changed = new Map<string, string[]>();
    for (const { module, owner } of this.#input.foreignWrites) {
      if (owner === undefined || changed.get(owner)?.includes(module) || !this.#extents.isWithin(owner, module))
        continue;
      changed.set(owner, [...(changed.get(owner) ?? []), module]);
    }
    return changed;
  }

  /** Whether a deferred statement may load it. */
  mayLoad(target: string): boolean {
    const known = this.#loadable.get(target);
    if (known !== undefined) return known;
    const mayBe = [...this.#loads.closureOf(target)].every((file) =>
      (this.#effects.get(file) ?? []).every(({ kind }) => !CHANGES_LOADS.has(kind)),
    );
    this.#loadable.set(target, mayBe);
    return mayBe;
  }
}

function key(file: string, target: string, statement: number): string {
  return `${file}\0${target}\0${statement}`;
}
