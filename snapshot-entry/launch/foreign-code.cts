// When may code that is not baked have run? What a baked module is compared with can change only then; so what was
// found to hold is not looked at again until then. The time in between is an epoch. Between two calls of `require` that
// stand one after the other nothing runs: of a packed module's source it is known with how many it begins
// (src/source/require-run.ts), of a deferred statement how many it is.
import type { NodeModule } from './node-module.cjs';

interface Running {
  readonly module: NodeModule;
  /** Of the calls of `require` that it lies in, and that Node answers. */
  readonly depth: number;
  /** Calls that it makes before it does anything else. */
  left: number;
}

export class ForeignCode {
  /** Changes whenever such code may have run. */
  epoch = 0;
  /** Whether it may have run since the epoch changed. */
  #mayHaveRun = true;
  /** Modules, outermost first; those that have ended may still be there. */
  readonly #running: Running[] = [];
  /** How many calls of `require` Node is about to answer. */
  #depth = 0;

  /** It has run. */
  note(): void {
    this.epoch++;
    this.#mayHaveRun = false;
  }

  mayHaveRunSince(epoch: number): boolean {
    return this.#mayHaveRun || this.epoch !== epoch;
  }

  /** A module requires something. */
  beforeRequire(module: NodeModule): void {
    if (!this.#goesOnRequiring(module) || this.#mayHaveRun) this.note();
  }

  /** Until Node has answered, anything may run. */
  leaveToNode(): void {
    this.#depth++;
    this.#mayHaveRun = true;
  }

  nodeHasAnswered(): void {
    this.#depth--;
    this.#mayHaveRun = true;
  }

  /** From here on, the module makes so many calls of `require` and does nothing else. Returns what `end` wants. */
  begin(module: NodeModule, requires: number): number {
    const { length } = this.#running;
    this.#running[length] = { module, depth: this.#depth, left: requires };
    return length;
  }

  /** It may do something else again. */
  end(begun: number): void {
    if (this.#running.length > begun) this.#running.length = begun;
  }

  /** Whether the module has done nothing since it required something else, or since it began. */
  #goesOnRequiring(module: NodeModule): boolean {
    const running = this.#running;
    let top = running[running.length - 1];
    for (; top !== undefined && top.depth > this.#depth; top = running[running.length - 1]) running.length--;
    if (top === undefined || top.module !== module || top.depth !== this.#depth || top.left === 0) return false;
    top.left--;
    return true;
  }
}
