// Functions that stand where Node's loader has one, compiled so that stack traces read as without a snapshot: the same
// names and the same file, line and column at the one call through which user code is reached. Only that call's
// position can show in a trace, so only it is placed. Each is compiled from a text of its own, and lives on in the heap.
import vm = require('node:vm');

import {
  type Factory,
  type LoaderShapes,
  named,
  PlacedShapes,
  type RequireAnswers,
  type RequireFunction,
} from '../launch/loader-shapes.cjs';
import { type NodeModule, NodeModules } from '../launch/node-module.cjs';
import type { LoaderFrame, LoaderFrames } from '../shared/bake-plan.cjs';

interface Placement {
  readonly params: readonly string[];
  /** One line of code that ends just left of the placed token. */
  readonly before: string;
  /** The placed call, its first token first, and all that follows it. */
  readonly call: string;
}

/** Compiles a factory in which `call` stands exactly where `frame` says. */
function place(frame: LoaderFrame, { params, before, call }: Placement): Factory {
  const source = `'use strict'; ${before}\n${' '.repeat(frame.column - 1)}${call}`;
  return vm.compileFunction(source, [...params], { filename: frame.file, lineOffset: frame.line - 2 }) as Factory;
}

/** Of a frame below `require.resolve`: what it calls. The innermost calls Node itself, so nothing of ours is between. */
function resolveCall(isInnermost: boolean): { readonly receiver: string; readonly call: string } {
  if (isInnermost) return { receiver: 'Module.', call: '_resolveFilename(request, mod, false, options)' };
  return { receiver: '', call: 'next(request, mod, options)' };
}

/** The frames between `require.resolve` and `Module._resolveFilename`, outermost first; undefined where there are none. */
function placeInnerResolve(chain: readonly LoaderFrame[]): unknown {
  return [...chain].reverse().reduce<unknown>((next, frame) => {
    const { receiver, call } = resolveCall(next === undefined);
    const params = ['next', 'Module'];
    const before = `return function (request, mod, options) { return (${receiver}`;
    return named(frame.name, place(frame, { params, before, call: `${call}); }` })(next, NodeModules));
  }, undefined);
}

/** Puts calls where they stand in Node's own source, one below the other. */
class Lines {
  #text = '';
  #line: number;

  /** Begins with the text of `line`. */
  constructor(line: number) {
    this.#line = line;
  }

  get text(): string {
    return this.#text;
  }

  /** On the line before, whatever precedes the placed token; it ends just left of it. */
  add(before: string, { line, column }: LoaderFrame, call: string): this {
    if (line <= this.#line) throw new Error('loader frames out of order');
    this.#text += `${before}${'\n'.repeat(line - this.#line)}${' '.repeat(column - 1)}${call}`;
    this.#line = line;
    return this;
  }
}

/**
 * One factory makes `require` and `require.resolve` of a module, in one closure: there are thousands of them in a heap
 * whose every byte is read at launch. All calls are placed in one source, so they must stand there in this order.
 */
function placeRequire(
  { require, resolve: frames, checks }: LoaderFrames,
  answers: RequireAnswers,
  validate: unknown,
): (module: NodeModule) => RequireFunction {
  const [outer, ...inner] = frames;
  if (outer === undefined) throw new Error('no frame of require.resolve');
  const { receiver, call } = resolveCall(inner.length === 0);
  const rest = new Lines(require.line)
    .add(' function resolve(request, options) {', checks.resolve, "validate(request, 'request');")
    .add(
      `const known = switched.resolve(request, mod, options); if (known !== undefined) return known; return (${receiver}`,
      outer,
      `${call}); }`,
    )
    .add(
      ' function paths(request) {',
      checks.paths,
      "validate(request, 'request'); return Module._resolveLookupPaths(request, mod); }",
    );
  const make = place(require, {
    params: ['switched', 'next', 'Module', 'validate'],
    before:
      'return function (mod) { function require(path) { const found = switched.lookup(mod, path); if (found !== undefined) return found.exports; try { return mod.',
    call: `require(path); } finally { switched.disarm(); } }${rest.text}
require.resolve = resolve; resolve.paths = paths; require.main = undefined;
require.extensions = Module._extensions; require.cache = Module._cache; return require; }`,
  });
  const next = placeInnerResolve(inner);
  return make(answers, next, NodeModules, validate) as (module: NodeModule) => RequireFunction;
}

/** Without `exports` and other names of its own in sight: a wrapper is called, nothing else happens here. */
function placeExtension(frame: LoaderFrame): Factory {
  return place(frame, {
    params: ['apply', 'open', 'compile'],
    before: 'return function (module, filename) { const wrapper = open(module, filename);',
    call: 'apply(compile, module, [wrapper]); }',
  });
}

function placeCompile(frame: LoaderFrame): Factory {
  return place(frame, {
    params: ['apply', 'before', 'after'],
    before: 'return function (wrapper) { const args = before(this); const result = (',
    call: 'apply(wrapper, args[0], args)); after(this); return result; }',
  });
}

/** `validate`: Node's own check of a request. */
export function loaderShapes(frames: LoaderFrames, answers: RequireAnswers, validate: unknown): LoaderShapes {
  const { extension, compile } = frames;
  return new PlacedShapes({
    makeRequire: placeRequire(frames, answers, validate),
    extension: { name: extension.name, make: placeExtension(extension) },
    compile: { name: compile.name, make: placeCompile(compile) },
  });
}
