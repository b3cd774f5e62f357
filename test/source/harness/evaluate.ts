// Runs a module's text as plain Node does, rewritten as the builder does (snapshot-entry/builder/build-evaluate.cts), and
// instrumented as the probe does; each run tells what the module did, with the frames that were in it.
import { inspect } from 'node:util';
import vm from 'node:vm';
import { DEFER, type RewrittenText } from '../../../snapshot-entry/shared/bake-plan.cjs';
import type { SeenTouch } from '../../../src/graph/analysis.js';
import { libraryNamed } from './library.js';
import { quietHooks } from './probe-hooks.js';

export const FILE = '/program/module.cjs';
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];

/** Something that the module did. */
export interface Done {
  readonly text: string;
  /** Of the module's own code, innermost first, as a stack trace prints them. */
  readonly frames: readonly string[];
}

/** A loaded module. */
export interface Loaded {
  readonly exports: object;
  readonly done: readonly Done[];
  /** Rewritten modules only: what was done after the end of the module. */
  readonly later: readonly Done[];
}

/** What is in scope of every program: its effects. */
class Stage {
  done: Done[] = [];

  /** Logs, and gives back the last value. */
  readonly probe = (label: string, ...values: unknown[]): unknown => {
    this.#note(`${label} ${values.map(show).join(', ')}`, new Error(label));
    return values.at(-1);
  };

  /** Calls, and logs what is thrown. */
  readonly attempt = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#note(`thrown ${error.name}`, error);
      return error.name;
    }
  };

  readonly require = (request: string): unknown => {
    this.probe(`require ${request}`);
    return libraryNamed(request, this.probe);
  };

  #note(text: string, error: Error): void {
    const frames = (error.stack ?? '').split('\n').filter((line) => line.includes(FILE));
    this.done.push({ text, frames: frames.map((line) => line.trim()) });
  }
}

function show(value: unknown): string {
  return inspect(value, { depth: 3, breakLength: Number.POSITIVE_INFINITY });
}

let stage = new Stage();
Object.assign(globalThis, {
  probe: (label: string, ...values: unknown[]) => stage.probe(label, ...values),
  attempt: (work: () => unknown) => stage.attempt(work),
});

interface Started {
  readonly exports: object;
  readonly args: readonly unknown[];
}

function start(): Started {
  stage = new Stage();
  Error.stackTraceLimit = 50;
  const module = { exports: {} };
  return { exports: module.exports, args: [module.exports, stage.require, module, FILE, '/program'] };
}

function compile(text: string, parameters: readonly string[], columnOffset = 0): (...args: unknown[]) => unknown {
  const compiled = vm.compileFunction(text, [...parameters], { filename: FILE, columnOffset });
  return (...args) => compiled.apply(args[0], args);
}

export function runPlain(text: string): Loaded {
  const { exports, args } = start();
  compile(text, PARAMETERS)(...args);
  return { exports, done: take(), later: [] };
}

export function runRewritten({ text, columnOffset }: RewrittenText): Loaded {
  const { exports, args } = start();
  const statements: (() => void)[] = [];
  const defer = (_index: number, statement: () => void) => statements.push(() => statement.call(exports));
  compile(text, [...PARAMETERS, DEFER], columnOffset)(...args, defer);
  const done = take();
  for (const statement of statements) statement();
  return { exports, done, later: take() };
}

/** With the hooks of the probe; `touches` are those of the load. */
export function runInstrumented(code: string): Loaded & { readonly touches: readonly SeenTouch[] } {
  const touches: SeenTouch[] = [];
  let statement = -1;
  let isLoading = true;
  Object.assign(globalThis, {
    ...quietHooks,
    __snapC: () => FILE,
    __snapS: (index: number) => {
      statement = index;
    },
    __snapL: (owner: string, declaredBy: number) => {
      if (isLoading && statement !== declaredBy) touches.push({ module: FILE, statement, owner, declaredBy });
    },
  });
  const { exports, args } = start();
  compile(code, PARAMETERS)(...args);
  isLoading = false;
  return { exports, done: take(), later: [], touches };
}

/** What the functions and getters of a loaded module do, called in this order. */
export function useExports({ exports }: Loaded, order: readonly string[]): readonly Done[] {
  for (const name of order) {
    stage.attempt(() => {
      const value: unknown = Reflect.get(exports, name);
      stage.probe(`export ${name}`, typeof value === 'function' ? Reflect.apply(value, exports, []) : value);
    });
  }
  return take();
}

function take(): readonly Done[] {
  const { done } = stage;
  stage.done = [];
  return done;
}
