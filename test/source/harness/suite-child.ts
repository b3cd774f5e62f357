// A program of its own: runs another one with its CommonJS modules' texts replaced, as a table says, and does with the
// statements that were left out of them what its mode says. The main module is Node's own, and so is its compiler.
import { readFileSync, writeFileSync } from 'node:fs';
import { NodeModules } from '../../../snapshot-entry/launch/node-module.cjs';
import type { DEFER } from '../../../snapshot-entry/shared/bake-plan.cjs';
import type { SeenTouch } from '../../../src/graph/analysis.js';
import { quietHooks } from './probe-hooks.js';

/** What the parent wants; its path is this program's first argument, those of the other program follow. */
export interface Job {
  readonly entry: string;
  /**
   * `record`: the texts are the files'. `touches`: they are instrumented. `in place`: what was left out is run where it
   * stood. `replayed`: it is run when all that a module loads has been evaluated without it, as in a snapshot, in order.
   */
  readonly mode: 'record' | 'touches' | 'in place' | 'replayed';
  /** By file. */
  readonly texts: { readonly [file: string]: string };
  /** Where the answer goes when the process ends. */
  readonly answer: string;
}

export interface Answer {
  /** In the order of their loads. */
  readonly loaded: readonly string[];
  readonly touches: readonly SeenTouch[];
  /** The statements that had been left out and were run, each once: a program can load a module again. */
  readonly ran: readonly string[];
}

type Step = (() => void) | Frame;

/** A module that is being loaded. */
interface Frame {
  readonly file: string;
  /** Its exports as its load began. */
  readonly self: unknown;
  readonly isReplaced: boolean;
  readonly steps: Step[];
  statement: number;
}

const job: Job = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const frames: Frame[] = [];
const loaded: string[] = [];
const touches = new Map<string, SeenTouch>();
const ran = new Set<string>();

function replay(frame: Frame): void {
  for (const step of frame.steps) {
    if (typeof step === 'function') step();
    else replay(step);
  }
  frame.steps.length = 0;
}

const load = NodeModules._extensions['.js'];
if (load === undefined) throw new Error('Node loads no .js files');

NodeModules._extensions['.js'] = (module, file) => {
  const text = job.texts[file];
  const parent = frames.at(-1);
  const frame: Frame = { file, self: module.exports, isReplaced: text !== undefined, steps: [], statement: -1 };
  loaded.push(file);
  frames.push(frame);
  try {
    if (text === undefined) load(module, file);
    else NodeModules.prototype._compile.call(module, text, file);
  } finally {
    frames.pop();
  }
  if (parent?.isReplaced === true && frame.isReplaced) parent.steps.push(frame);
  else replayAlone(frame);
};

/** What is loaded meanwhile is loaded by nobody's evaluation. */
function replayAlone(frame: Frame): void {
  const around = frames.splice(0);
  replay(frame);
  frames.push(...around);
}

/** The name is that of a parameter in a build, and of a global here. */
const defer: { readonly [name in typeof DEFER]: (index: number, statement: () => void) => void } = {
  __v8snapDefer: (index, statement) => {
    const frame = frames.at(-1);
    if (frame === undefined) throw new Error('a statement was left out of no module');
    const step = (): void => {
      ran.add(`${frame.file}:${index}`);
      statement.call(frame.self);
    };
    if (job.mode === 'in place') step();
    else frame.steps.push(step);
  },
};

/** Those of the analysis that tell of uses. */
const hooks = {
  ...quietHooks,
  __snapC: () => frames.at(-1)?.file,
  __snapS: (index: number) => {
    const frame = frames.at(-1);
    if (frame !== undefined) frame.statement = index;
  },
  __snapL: (owner: string, declaredBy: number) => {
    const frame = frames.at(-1);
    if (frame?.isReplaced !== true || (frame.file === owner && frame.statement === declaredBy)) return;
    const touch = { module: frame.file, statement: frame.statement, owner, declaredBy };
    touches.set(Object.values(touch).join('\0'), touch);
  },
};

Object.assign(globalThis, defer, job.mode === 'touches' ? hooks : {});
process.on('exit', () => {
  const answer: Answer = { loaded, touches: [...touches.values()], ran: [...ran] };
  writeFileSync(job.answer, JSON.stringify(answer));
});
process.argv.splice(1, 2, job.entry);
NodeModules._load(job.entry, null, true);
