// Random modules whose statements wait do what they do plainly: the same effects in the same order, with the same values,
// from the same places. What may wait is found as a build finds it: by an instrumented load, and the plan's rules.
// So do the same modules written on few lines, where columns are relaxed: all is the same but the columns.
import { isDeepStrictEqual } from 'node:util';
import t, { type Test } from 'tap';
import type { SeenTouch } from '../../src/graph/analysis.js';
import { Deferral } from '../../src/plan/deferral.js';
import { packed } from '../../src/plan/judgement.js';
import { instrument } from '../../src/source/instrument.js';
import type { StaticFacts } from '../../src/source/static-facts.js';
import { plainly, rewritten, withoutColumns } from './harness/compare.js';
import { type Done, FILE, runInstrumented, runPlain } from './harness/evaluate.js';
import { minified, onSharedLines } from './harness/lines.js';
import { programOf } from './harness/program.js';
import { Random } from './harness/random.js';
import { candidatesIn, rewrite } from './harness/texts.js';
import { movedTokens, strayTokens } from './harness/tokens.js';

const PROGRAMS = 250;
/** Another start tries other programs; a failure names its seed. */
const FIRST_SEED = Number(process.env.LAZY_SEED ?? 1);

/** All that can wait together, and how many candidates cannot wait. */
function deferredOf(facts: StaticFacts, touches: readonly SeenTouch[]) {
  const deferred = new Set<number>();
  let refused = 0;
  for (const { index } of facts.candidates) {
    const deferral = new Deferral({ touches, facts: new Map([[FILE, facts]]), isOn: true });
    const cause = { file: FILE, reason: 'the test wants it', judgement: packed('TEST', 'for the test') };
    const conflicts = deferral.defer(index, cause, () => true);
    if (conflicts.length > 0) refused++;
    else for (const statement of deferral.of(FILE)) deferred.add(statement.index);
  }
  return { deferred, refused };
}

/** Columns move in instrumented sources, and V8 words and names what it calls after the text. */
function linesOf(done: readonly Done[]): unknown[] {
  return done.map(({ text, frames }) => [text, frames.map((frame) => /:(\d+):\d+\)?$/.exec(frame)?.[1])]);
}

interface Outcome {
  readonly expected: unknown;
  readonly actual: unknown;
  readonly deferred: number;
  readonly refused: number;
  readonly onFirstLine: boolean;
}

function tryOne(source: string, exported: readonly string[], seed: number): Outcome {
  const random = new Random(seed);
  const order = random.shuffled([...exported, ...exported]);
  const { code, facts } = instrument(source);
  const plain = runPlain(source);
  const instrumented = runInstrumented(code);
  const { deferred, refused } = deferredOf(facts, instrumented.touches);
  const text = rewrite(source, deferred);
  const moved = movedTokens(source, deferred, text);
  return {
    expected: [linesOf(plain.done), plainly(source, deferred, order), []],
    actual: [linesOf(instrumented.done), rewritten(source, deferred, order), moved],
    deferred: deferred.size,
    refused,
    onFirstLine: text.columnOffset !== 0,
  };
}

function tryRelaxed(source: string, exported: readonly string[], seed: number): Outcome {
  const random = new Random(seed);
  const order = random.shuffled([...exported, ...exported]);
  const { code, facts } = instrument(source, { relaxedColumns: true });
  const plain = runPlain(source);
  const instrumented = runInstrumented(code);
  const { deferred, refused } = deferredOf(facts, instrumented.touches);
  const text = rewrite(source, deferred);
  return {
    expected: [linesOf(plain.done), withoutColumns(plainly(source, deferred, order)), []],
    actual: [
      linesOf(instrumented.done),
      withoutColumns(rewritten(source, deferred, order)),
      strayTokens(source, deferred, text),
    ],
    deferred: deferred.size,
    refused,
    onFirstLine: text.columnOffset !== 0,
  };
}

/** What the rewriter goes by. */
function rewritable(source: string, relaxedColumns: boolean): readonly unknown[] {
  return candidatesIn(source, { relaxedColumns }).map(({ statement, ...rest }) => {
    return { ...rest, end: statement.end };
  });
}

interface Seen {
  readonly deferred: number;
  readonly refused: number;
  readonly onFirstLine: number;
}

function tryAll(t: Test, tried: (seed: number) => { readonly source: string; readonly outcome: Outcome }): Seen {
  const seen = { deferred: 0, refused: 0, onFirstLine: 0 };
  for (let seed = FIRST_SEED; seed < FIRST_SEED + PROGRAMS; seed++) {
    const { source, outcome } = tried(seed);
    const isSame = t.same(outcome.actual, outcome.expected, `seed ${seed}`);
    if (!isSame) {
      t.comment(`LAZY_SEED=${seed}\n${source}`);
      break;
    }
    seen.deferred += outcome.deferred;
    seen.refused += outcome.refused;
    if (outcome.onFirstLine) seen.onFirstLine++;
  }
  t.comment(JSON.stringify(seen));
  return seen;
}

t.test('rewritten modules do what they do plainly', (t) => {
  const seen = tryAll(t, (seed) => {
    const { source, exported } = programOf(seed);
    return { source, outcome: tryOne(source, exported, seed) };
  });
  t.ok(seen.deferred > 2 * PROGRAMS && seen.refused > PROGRAMS && seen.onFirstLine > PROGRAMS / 40, 'enough of each');
  t.end();
});

t.test('so do those whose statements share lines, but for the columns', (t) => {
  const seen = tryAll(t, (seed) => {
    const program = programOf(seed);
    const source = seed % 3 === 0 ? minified(program.source) : onSharedLines(program.source, new Random(seed));
    return { source, outcome: tryRelaxed(source, program.exported, seed) };
  });
  t.ok(seen.deferred > 2 * PROGRAMS && seen.refused > PROGRAMS && seen.onFirstLine > PROGRAMS / 40, 'enough of each');
  t.end();
});

t.test('strict candidates are among the relaxed ones, and the same', (t) => {
  const seen = { strict: 0, relaxed: 0 };
  for (let seed = FIRST_SEED; seed < FIRST_SEED + PROGRAMS; seed++) {
    const { source } = programOf(seed);
    for (const text of [source, onSharedLines(source, new Random(seed))]) {
      const strict = rewritable(text, false);
      const relaxed = rewritable(text, true);
      const isAmong = (one: unknown) => relaxed.some((other) => isDeepStrictEqual(one, other));
      t.ok(strict.every(isAmong), `seed ${seed}`);
      seen.strict += strict.length;
      seen.relaxed += relaxed.length;
    }
  }
  t.comment(JSON.stringify(seen));
  t.ok(seen.strict > PROGRAMS && seen.relaxed > 1.5 * seen.strict, 'enough of both');
  t.end();
});
