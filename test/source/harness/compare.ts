// What a module does in a plain load, and what it does rewritten, in a form in which the two are equal.
import { candidatesOf } from '../../../src/source/candidates.js';
import { SourceText } from '../../../src/source/source-text.js';
import { type Done, FILE, type Loaded, runPlain, runRewritten, useExports } from './evaluate.js';
import { rewrite } from './texts.js';

/** Effects with their frames; those of deferred statements happen after the others. */
export interface Told {
  readonly kept: readonly Done[];
  readonly deferred: readonly Done[];
  readonly afterwards: readonly Done[];
}

export function plainly(source: string, deferred: ReadonlySet<number>, exportOrder: readonly string[] = []): Told {
  const loaded = runPlain(source);
  const isLater = laterIn(source, deferred);
  return {
    kept: loaded.done.filter((done) => !isLater(done)),
    deferred: loaded.done.filter(isLater),
    afterwards: useExports(loaded, exportOrder),
  };
}

export function rewritten(source: string, deferred: ReadonlySet<number>, exportOrder: readonly string[] = []): Told {
  const loaded: Loaded = runRewritten(rewrite(source, deferred));
  return { kept: loaded.done, deferred: loaded.later, afterwards: useExports(loaded, exportOrder) };
}

/** Whether it was a deferred statement that did it: the outermost frame of the module says. */
function laterIn(source: string, deferred: ReadonlySet<number>): (done: Done) => boolean {
  const text = new SourceText(source);
  const { file } = text;
  const ranges = candidatesOf(text, { relaxedColumns: true })
    .filter(({ index }) => deferred.has(index))
    .map(({ statement }) => [statement.getStart(file), statement.end] as const);
  return ({ frames }) => {
    const [line, column] = (frames.at(-1)?.split(`${FILE}:`)[1] ?? '').split(':').map(Number.parseFloat);
    if (line === undefined || column === undefined) return false;
    const position = file.getPositionOfLineAndCharacter(line - 1, column - 1);
    return ranges.some(([start, end]) => start <= position && position < end);
  };
}

/** For sources whose statements share lines: lines, names and order are as they were. */
export function withoutColumns({ kept, deferred, afterwards }: Told): Told {
  const strip = (all: readonly Done[]) =>
    all.map(({ text, frames }) => ({ text, frames: frames.map((frame) => frame.replace(/:\d+(\)?)$/, '$1')) }));
  return { kept: strip(kept), deferred: strip(deferred), afterwards: strip(afterwards) };
}
