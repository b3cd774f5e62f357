// Random modules whose statements wait do what they do plainly: the same effects in the same order, with the same values,
// from the same places. What may wait is found as a build finds it: by an instrumented load, and the plan's rules.
import t from 'tap';
import type { SeenTouch } from '../../src/graph/analysis.js';
import { instrument } from '../../src/hazards/instrument.js';
import type { StaticFacts } from '../../src/hazards/static-facts.js';
import { rewrite } from '../../src/lazy/rewrite.js';
import { Deferral } from '../../src/plan/deferral.js';
import { plainly, rewritten } from './harness/compare.js';
import { type Done, FILE, runInstrumented, runPlain } from './harness/evaluate.js';
import { programOf } from './harness/program.js';
import { Random } from './harness/random.js';
import { movedTokens } from './harness/tokens.js';

const PROGRAMS = 250;
/** Another start tries other programs; a failure names its seed. */
const FIRST_SEED = Number(process.env.LAZY_SEED ?? 1);

/** All that can wait together, and how many candidates cannot wait. */
function deferredOf(facts: StaticFacts, touches: readonly SeenTouch[]) {
  const deferred = new Set<number>();
  let refused = 0;
  for (const { index } of facts.candidates) {
    const deferral = new Deferral({ touches, facts: new Map([[FILE, facts]]), isOn: true });
    const conflicts = deferral.defer(index, { file: FILE, reason: 'the test wants it', verdict: null });
    if (conflicts.length > 0) refused++;
    else for (const statement of deferral.of(FILE)) deferred.add(statement.index);
  }
  return { deferred, refused };
}

/** Columns move in instrumented sources, and V8 words and names what it calls after the text. */
function withoutColumns(done: readonly Done[]): unknown[] {
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
    expected: [withoutColumns(plain.done), plainly(source, deferred, order), []],
    actual: [withoutColumns(instrumented.done), rewritten(source, deferred, order), moved],
    deferred: deferred.size,
    refused,
    onFirstLine: text.columnOffset !== 0,
  };
}

t.test('rewritten modules do what they do plainly', (t) => {
  const seen = { deferred: 0, refused: 0, onFirstLine: 0 };
  for (let seed = FIRST_SEED; seed < FIRST_SEED + PROGRAMS; seed++) {
    const { source, exported } = programOf(seed);
    const outcome = tryOne(source, exported, seed);
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
  t.ok(seen.deferred > 2 * PROGRAMS && seen.refused > PROGRAMS && seen.onFirstLine > PROGRAMS / 40, 'enough of each');
  t.end();
});
