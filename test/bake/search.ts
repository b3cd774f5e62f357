// What is left out of a bake, and what is said of it, by which module is at fault.
import t from 'tap';
import { type Attempt, type Fault, leaveOut, type Placed, type Search, untilFine } from '../../src/bake/search.js';
import { type Links, linked } from './harness/linked.js';

interface Asked {
  readonly placed: Placed;
  /** The files of each trial. */
  readonly trials: readonly string[][];
  /** How many trials had been made before each attempt. */
  readonly attempts: readonly number[];
  readonly gaveUp: string | null | undefined;
}

interface Program {
  readonly requires: Links;
  readonly heads?: Links;
  /** Whether these make a difference when they are baked. */
  readonly differs: (baked: ReadonlySet<string>) => boolean;
}

const namesOf = (modules: Placed['baked']) => modules.map(({ file }) => file);

/** Searches as for modules that make a program's runs differ. */
async function search({ requires, heads, differs }: Program, more: Partial<Search<null>> = {}): Promise<Asked> {
  const trials: string[][] = [];
  const attempts: number[] = [];
  let gaveUp: string | null | undefined;
  const fault = (modules: Placed['baked']) => (differs(new Set(namesOf(modules))) ? `${modules.length} differ` : null);
  const { placed } = await untilFine<null>(
    { baked: linked(requires, heads), demotions: [] },
    {
      isSteady: false,
      attempt: async (wanted) => {
        attempts.push(trials.length);
        const detail = fault(wanted.baked);
        return { placed: wanted, fault: detail === null ? null : { code: 'VERIFY_DIFFERS', detail }, made: null };
      },
      trial: async (modules) => {
        trials.push(namesOf(modules));
        return fault(modules);
      },
      giveUp: async (failed, detail) => {
        gaveUp = detail;
        return failed;
      },
      ...more,
    },
  );
  return { placed, trials, attempts, gaveUp };
}

/** `file: CODE culprit` */
function demotionsOf({ demotions }: Placed): string[] {
  return demotions.map(({ file, code, culprit }) => `${file}: ${code} ${culprit}`);
}

const CHAIN: Links = { top: ['middle', 'aside'], middle: ['bottom'], bottom: [], aside: [], alone: [] };

t.test('a culprit that nothing needs', async (t) => {
  const { placed, attempts } = await search({ requires: CHAIN, differs: (baked) => baked.has('alone') });
  t.same(namesOf(placed.baked), ['top', 'middle', 'bottom', 'aside']);
  t.same(demotionsOf(placed), ['alone: VERIFY_DIFFERS alone']);
  t.equal(attempts.length, 2);
});

t.test('a culprit in a chain: what needs it goes, what it needs stays', async (t) => {
  const { placed } = await search({ requires: CHAIN, differs: (baked) => baked.has('middle') });
  t.same(namesOf(placed.baked), ['bottom', 'aside', 'alone']);
  t.same(demotionsOf(placed), ['middle: VERIFY_DIFFERS middle', 'top: BAKE_NEEDS_DEMOTED middle']);
});

const CYCLE: Links = { over: ['a'], a: ['b'], b: ['c', 'below'], c: ['a'], below: [], alone: ['below'] };

t.test('a culprit within a cycle: the cycle goes, whichever of its modules it is', async (t) => {
  for (const culprit of ['a', 'b', 'c']) {
    const { placed, trials } = await search({ requires: CYCLE, differs: (baked) => baked.has(culprit) });
    t.same(namesOf(placed.baked), ['below', 'alone'], culprit);
    t.same(
      demotionsOf(placed).sort(),
      ['a: VERIFY_DIFFERS a', 'b: BAKE_NEEDS_DEMOTED a', 'c: BAKE_NEEDS_DEMOTED a', 'over: BAKE_NEEDS_DEMOTED a'],
      'the one through which it was entered is named',
    );
    for (const tried of trials)
      t.ok(
        ['a', 'b', 'c'].every((file) => tried.includes(file) === tried.includes('a')),
        'no trial cuts it',
      );
  }
});

t.test('a module is tried with its head', async (t) => {
  const requires = { writer: ['part', 'other'], part: [], other: [] };
  const differs = (baked: ReadonlySet<string>) => baked.has('other');
  const { placed, trials } = await search({ requires, heads: { part: ['writer'] }, differs });
  t.same(demotionsOf(placed), [
    'other: VERIFY_DIFFERS other',
    'writer: BAKE_NEEDS_DEMOTED other',
    'part: BAKE_NEEDS_DEMOTED other',
  ]);
  for (const tried of trials) t.equal(tried.includes('part'), tried.includes('writer'));
});

t.test('two culprits', async (t) => {
  const differs = (baked: ReadonlySet<string>) => baked.has('bottom') || baked.has('alone');
  const { placed, attempts } = await search({ requires: CHAIN, differs });
  t.same(namesOf(placed.baked), ['aside']);
  t.same(demotionsOf(placed).sort(), [
    'alone: VERIFY_DIFFERS alone',
    'bottom: VERIFY_DIFFERS bottom',
    'middle: BAKE_NEEDS_DEMOTED bottom',
    'top: BAKE_NEEDS_DEMOTED bottom',
  ]);
  t.equal(attempts.length, 3);
});

t.test('a culprit only together with another: one of them goes', async (t) => {
  const differs = (baked: ReadonlySet<string>) => baked.has('aside') && baked.has('bottom');
  const { placed } = await search({ requires: CHAIN, differs });
  t.same(demotionsOf(placed), ['aside: VERIFY_DIFFERS aside', 'top: BAKE_NEEDS_DEMOTED aside']);
  t.same(namesOf(placed.baked), ['middle', 'bottom', 'alone']);
});

t.test('no culprit: it differs with nothing baked', async (t) => {
  const { placed, trials, gaveUp } = await search({ requires: CHAIN, differs: () => true });
  t.same(trials, [[]], 'one trial tells');
  t.equal(gaveUp, '0 differ');
  t.same(demotionsOf(placed), [], 'and no module is blamed');
  const nothing = await search({ requires: {}, differs: () => true });
  t.same([nothing.trials, nothing.gaveUp], [[], '0 differ'], 'where there is nothing to leave out, no trial is made');
});

t.test('too many culprits', async (t) => {
  const { gaveUp, attempts, placed } = await search(
    { requires: CHAIN, differs: (baked) => baked.size > 0 },
    { mostCulprits: 2 },
  );
  t.equal(gaveUp, null);
  t.equal(attempts.length, 3);
  t.equal(placed.demotions.filter(({ code }) => code === 'VERIFY_DIFFERS').length, 2);
});

/** Modules that need nothing. */
function many(count: number): Links {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`m${at}`, []]));
}

t.test(
  'a search takes O(log n) trials; a later round of a steady one does not ask again what has passed',
  async (t) => {
    const differs = (baked: ReadonlySet<string>) => baked.has('m700') || baked.has('m900');
    const { trials, placed } = await search({ requires: many(1_000), differs });
    t.same(demotionsOf(placed), ['m700: VERIFY_DIFFERS m700', 'm900: VERIFY_DIFFERS m900']);
    t.ok(trials.length <= 2 * (1 + Math.ceil(Math.log2(1_000))), `${trials.length} trials`);
    const steady = await search({ requires: many(1_000), differs }, { isSteady: true });
    t.same(demotionsOf(steady.placed), demotionsOf(placed));
    const again = steady.trials.slice(steady.attempts[1]);
    t.ok(
      again.every((tried) => tried.length > 700),
      'all trials of the second round are longer than what had passed',
    );
    t.ok(steady.trials.length < trials.length);
  },
);

t.test('a fault whose module is known is not searched for', async (t) => {
  let isFirst = true;
  const threw: Fault = { code: 'BAKE_THREW', detail: 'at load', culprit: 'middle' };
  const attempt = async (placed: Placed): Promise<Attempt<null>> => {
    const fault = isFirst ? threw : null;
    isFirst = false;
    return { placed, fault, made: null };
  };
  const { placed, trials } = await search({ requires: CHAIN, differs: () => false }, { attempt });
  t.same(trials, []);
  t.same(demotionsOf(placed), ['middle: BAKE_THREW middle', 'top: BAKE_NEEDS_DEMOTED middle']);
});

t.test('what an attempt itself leaves out is kept', async (t) => {
  const differs = (baked: ReadonlySet<string>) => baked.has('alone');
  const attempt = async (wanted: Placed): Promise<Attempt<null>> => {
    const placed = leaveOut(wanted, ['bottom'], { code: 'BAKE_ABORTED', detail: 'x' });
    const isWrong = differs(new Set(namesOf(placed.baked)));
    return { placed, fault: isWrong ? { code: 'VERIFY_DIFFERS', detail: 'y' } : null, made: null };
  };
  const { placed } = await search({ requires: CHAIN, differs }, { attempt });
  t.same(demotionsOf(placed), [
    'bottom: BAKE_ABORTED bottom',
    'middle: BAKE_NEEDS_DEMOTED bottom',
    'top: BAKE_NEEDS_DEMOTED bottom',
    'alone: VERIFY_DIFFERS alone',
  ]);
});

t.test(
  'several at once: each that is named keeps its own reason, others follow the first that they need',
  async (t) => {
    const start = { baked: linked(CHAIN), demotions: [] };
    const placed = leaveOut(start, ['bottom', 'middle', 'aside', 'unknown'], { code: 'BAKE_NEVER_USED', detail: 'x' });
    t.same(demotionsOf(placed), [
      'bottom: BAKE_NEVER_USED bottom',
      'middle: BAKE_NEVER_USED middle',
      'aside: BAKE_NEVER_USED aside',
      'top: BAKE_NEEDS_DEMOTED middle',
    ]);
    t.same(namesOf(placed.baked), ['alone']);
    t.same(start.baked.length, 5, 'and what was given is as it was');
  },
);
