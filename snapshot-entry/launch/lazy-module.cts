// A module that is evaluated when something of it is first used (src/plan/lazy-modules.ts). Until then its `exports` are an
// accessor, and the modules that require it were baked with a stand-in: an object with an accessor for each member that they
// use. Built-ins that no heap can hold have such stand-ins, too.
import type { StandInPlan } from '../shared/bake-plan.cjs';
import type { Wrapper } from './node-module.cjs';
import type { BakedModule, Registry } from './registry.cjs';
import type { Stage } from './replay.cjs';

const { apply, defineProperty, deleteProperty } = Reflect;
const { bind } = Function.prototype;
/** `util.inspect` calls what is there, and goes on as if nothing were where that answers with the object itself. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

type Host = Pick<Registry, 'asAtLoad'>;

export class LazyModule {
  readonly #baked: BakedModule;
  readonly #wrapper: Wrapper;
  readonly #stage: Stage;
  readonly #host: Host;
  #isEvaluated = false;
  #isTouched = false;
  /** The exports at the end of its load. */
  #value: unknown;

  constructor(baked: BakedModule, wrapper: Wrapper, stage: Stage, host: Host) {
    this.#baked = baked;
    this.#wrapper = wrapper;
    this.#stage = stage;
    this.#host = host;
    this.#wait();
  }

  /** What a `require` answered at its load. */
  value(): unknown {
    if (!this.#isEvaluated) this.#evaluate();
    return this.#value;
  }

  /** Whether nobody has put other exports in the place of its own. */
  isUntouched(): boolean {
    return !this.#isTouched && (!this.#isEvaluated || this.#baked.module.exports === this.#value);
  }

  /** What its dependents have in the place of its exports. */
  standIn(members: StandInPlan['members']): object {
    return standIn(members, () => this.value());
  }

  #wait(): void {
    const { module } = this.#baked;
    const inspected = () => {
      this.value();
      return module;
    };
    defineProperty(module, INSPECT, { value: inspected, configurable: true });
    defineProperty(module, 'exports', {
      get: () => this.value(),
      set: (exports: unknown) => {
        this.value();
        this.#isTouched = true;
        module.exports = exports;
      },
      enumerable: true,
      configurable: true,
    });
  }

  #evaluate(): void {
    const { module, require, file } = this.#baked;
    const exports = {};
    deleteProperty(module, INSPECT);
    defineProperty(module, 'exports', { value: exports, writable: true, enumerable: true, configurable: true });
    module.loaded = false;
    try {
      this.#host.asAtLoad(this.#baked, () => {
        this.#stage.run(this.#wrapper, [exports, require, module, file, module.path], this.#baked);
      });
      this.#isEvaluated = true;
      this.#value = module.exports;
    } finally {
      module.loaded = true;
      // It does not throw; but the stack may be at its end, and not be so the next time.
      if (!this.#isEvaluated) this.#wait();
    }
  }
}

const { getBuiltinModule } = process as unknown as { getBuiltinModule: (name: string) => unknown };

/** For a built-in (`node:NAME`) that Node loads when something of it is first used by `baked`. */
export function builtinStandIn(name: string, { members }: StandInPlan, baked: BakedModule, host: Host): object {
  let value: unknown;
  return standIn(members, () => {
    if (value === undefined)
      host.asAtLoad(baked, () => {
        value = getBuiltinModule(name);
      });
    return value;
  });
}

/** Has these members and no others; each asks for the real exports. */
export function standIn(members: StandInPlan['members'], value: () => unknown): object {
  const holder: object = Object.create(null);
  for (const { name, isCalled } of members) {
    // Whatever the exports are: of null, the same error as without a stand-in.
    const read = () => (value() as Record<string, unknown>)[name];
    defineProperty(holder, name, { get: isCalled ? method(read, value) : read, enumerable: true });
  }
  return holder;
}

/** What is called as a member of the stand-in has the real exports as `this`. */
function method(read: () => unknown, value: () => unknown): () => unknown {
  let known: unknown;
  let bound: unknown;
  return () => {
    const member = read();
    if (typeof member !== 'function') return member;
    if (member !== known) {
      known = member;
      bound = apply(bind, member, [value()]);
    }
    return bound;
  };
}
