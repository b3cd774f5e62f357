// Which modules load which others at load, by which statements; and what follows from that: cycles, and everything that
// leads to a module.
import type { Analysis } from '../graph/analysis.js';
import type { Graph } from '../graph/types.js';
import { cyclesOf } from './cycles.js';

type Statements = ReadonlySet<number>;
const NONE: Statements = new Set();

export class LoadGraph {
  /** Module → target → the statements that load it, -1 among them where another one does. */
  readonly #loads = new Map<string, Map<string, Set<number>>>();
  readonly #cycle = new Map<string, readonly string[]>();
  readonly #requirers = new Map<string, ReadonlySet<string>>();
  #backwards: Map<string, string[]> | undefined;
  /** Cycles, and modules outside of them alone; what they load comes first. */
  readonly components: readonly (readonly string[])[];

  /** Built-ins are targets where `isTarget` says so. */
  constructor(graph: Graph, analysis: Analysis, isTarget: (builtin: string) => boolean) {
    const add = (file: string, target: string, statement: number): void => {
      if (!target.startsWith('node:') || isTarget(target)) this.#add(file, target, statement);
    };
    for (const { module, target, statement } of analysis.loads) add(module, target, statement);
    // What the trace alone saw has no known place.
    for (const { file, loads } of graph.modules) {
      for (const { target } of loads) if (!this.#loads.get(file)?.has(target)) add(file, target, -1);
    }
    this.components = cyclesOf(
      graph.modules.map(({ file }) => file),
      (file) => this.filesOf(file),
    );
    for (const members of this.components) for (const member of members) this.#cycle.set(member, members);
  }

  #add(file: string, target: string, statement: number): void {
    const loads = this.#loads.get(file) ?? new Map();
    this.#loads.set(file, loads.set(target, (loads.get(target) ?? new Set()).add(statement)));
  }

  of(file: string): readonly (readonly [target: string, statements: Statements])[] {
    return [...(this.#loads.get(file) ?? [])];
  }

  /** Without built-ins. */
  filesOf(file: string): string[] {
    return [...(this.#loads.get(file)?.keys() ?? [])].filter((target) => !target.startsWith('node:'));
  }

  /** The module itself where it is in none. */
  cycleOf(file: string): readonly string[] {
    return this.#cycle.get(file) ?? [file];
  }

  isInCycle(file: string): boolean {
    return this.cycleOf(file).length > 1 || this.#loads.get(file)?.has(file) === true;
  }

  /** The module, and all that its load leads to. */
  closureOf(file: string): ReadonlySet<string> {
    const closure = new Set([file]);
    for (const member of closure) for (const load of this.filesOf(member)) closure.add(load);
    return closure;
  }

  /** Whether the load of one module leads to that of another. */
  leadsTo(from: string, to: string): boolean {
    const known = this.#requirers.get(to) ?? this.requirersOf(to);
    this.#requirers.set(to, known);
    return known.has(from);
  }

  /** All whose load leads to that of a module by loads that `isFollowed`. */
  requirersOf(file: string, isFollowed: (by: string, statements: Statements) => boolean = () => true): Set<string> {
    const found = new Set<string>();
    const open = [file];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const by of this.#loadedBy(next)) {
        if (found.has(by) || !isFollowed(by, this.#loads.get(by)?.get(next) ?? NONE)) continue;
        found.add(by);
        open.push(by);
      }
    }
    return found;
  }

  #loadedBy(file: string): readonly string[] {
    if (this.#backwards === undefined) {
      this.#backwards = new Map();
      for (const [by, targets] of this.#loads) {
        for (const target of targets.keys()) {
          const known = this.#backwards.get(target);
          if (known === undefined) this.#backwards.set(target, [by]);
          else known.push(by);
        }
      }
    }
    return this.#backwards.get(file) ?? [];
  }
}
