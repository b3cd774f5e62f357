// Attempts to make an artifact whose runs are the same as plain ones, with steps that only say what they would find.
import t from 'tap';
import type { Attempt, DemotionCode, Placed } from '../../src/bake/search.js';
import { leaveOut } from '../../src/bake/search.js';
import type { Usage } from '../../src/pack/usage.js';
import { type Made, type Packed, type Steps, untilSame } from '../../src/pipeline/attempts.js';
import type { LineResult } from '../../src/verify/verify.js';
import { type Links, linked } from '../bake/harness/linked.js';

const HELP = ['--help'];
const VERSION = ['--version'];

interface Program {
  readonly requires: Links;
  /** The lines that differ where these modules are baked. */
  readonly differing?: (baked: ReadonlySet<string>) => readonly (readonly string[])[];
  /** Modules that a build of these aborts on. */
  readonly aborts?: (baked: ReadonlySet<string>) => readonly string[];
  /** What the training lines make of these as they were baked. */
  readonly usage?: (baked: ReadonlySet<string>) => Partial<Usage>;
  readonly neverUsed?: readonly string[];
}

const namesOf = (modules: Placed['baked']) => modules.map(({ file }) => file);

/** Notes each step in a line: `bake proven: a b`, `pack trial without: a`, `compare: --help`. */
class ScriptedSteps implements Steps {
  readonly done: string[] = [];
  readonly notes: string[] = [];
  readonly #program: Program;
  #baked: ReadonlySet<string> = new Set();

  constructor(program: Program) {
    this.#program = program;
  }

  async bake(modules: Placed['baked'], { isProven }: { readonly isProven: boolean }): Promise<Placed> {
    this.done.push(`bake${isProven ? ' proven' : ''}: ${namesOf(modules).join(' ')}`);
    const aborting = this.#program.aborts?.(new Set(namesOf(modules))) ?? [];
    const placed = leaveOut({ baked: modules, demotions: [] }, aborting, { code: 'BAKE_ABORTED', detail: 'aborts' });
    this.#baked = new Set(namesOf(placed.baked));
    return placed;
  }

  async pack(without: ReadonlySet<string>, { isTrial }: { readonly isTrial: boolean }): Promise<Packed> {
    this.done.push(`pack${isTrial ? ' trial' : ''} without: ${[...without].join(' ')}`);
    const none: Usage = { idle: [], partly: [] };
    return { bytes: 1, usage: isTrial ? none : { ...none, ...this.#program.usage?.(this.#baked) } };
  }

  async compare(_packBytes: number, lines: readonly (readonly string[])[]) {
    this.done.push(`compare: ${lines.map((line) => line.join(' ')).join(', ')}`);
    const differing = this.#program.differing?.(this.#baked) ?? [];
    const verified = lines.map((args): LineResult => {
      const difference = { what: 'stdout', plain: 'a', accelerated: 'b' } as const;
      return { args, differences: differing.includes(args) ? [difference] : [], isAccelerated: true };
    });
    return { launcher: '/out/cli', blobBytes: 1, verified };
  }

  note(text: string): void {
    this.notes.push(text);
  }
}

async function made(program: Program): Promise<Attempt<Made> & { readonly steps: ScriptedSteps }> {
  const steps = new ScriptedSteps(program);
  const { requires, neverUsed = [] } = program;
  const attempt = await untilSame(steps, { modules: linked(requires), lines: [VERSION, HELP], neverUsed });
  return { ...attempt, steps };
}

function codes({ demotions }: Placed): Record<string, DemotionCode> {
  return Object.fromEntries(demotions.map(({ file, code }) => [file, code]));
}

const CHAIN: Links = { top: ['middle'], middle: ['bottom'], bottom: [], alone: [] };
const ifBaked =
  (file: string, line = HELP) =>
  (baked: ReadonlySet<string>) =>
    baked.has(file) ? [line] : [];

t.test('where the runs are the same, one attempt does', async (t) => {
  const { placed, fault, steps } = await made({ requires: CHAIN });
  t.same([namesOf(placed.baked), placed.demotions, fault], [['top', 'middle', 'bottom', 'alone'], [], null]);
  t.same(steps.done, [
    'bake proven: top middle bottom alone',
    'pack without: top middle bottom alone',
    'compare: --version, --help',
  ]);
  t.same(steps.notes, []);
});

t.test('a module that makes a difference is searched for in the lines that differ, without a proof', async (t) => {
  const { placed, fault, steps } = await made({ requires: CHAIN, differing: ifBaked('middle') });
  t.equal(fault, null);
  t.same(namesOf(placed.baked), ['bottom', 'alone']);
  t.same(codes(placed), { middle: 'VERIFY_DIFFERS', top: 'BAKE_NEEDS_DEMOTED' });
  t.match(steps.notes, [/^the accelerated run differs from plain \(stdout, given --help\)/]);
  const trials = steps.done.slice(3, -3);
  t.ok(trials.length >= 6 && trials.length % 3 === 0);
  t.ok(
    trials.every((step) => /^bake: |^pack trial |^compare: --help$/.test(step)),
    'trials',
    { trials },
  );
  t.same(steps.done.slice(-3), [
    'bake proven: bottom alone',
    'pack without: bottom alone',
    'compare: --version, --help',
  ]);
});

t.test('a cycle is left out as a whole', async (t) => {
  const requires = { over: ['a'], a: ['b'], b: ['c'], c: ['a'], alone: [] };
  for (const culprit of ['a', 'b', 'c']) {
    const { placed, steps } = await made({ requires, differing: ifBaked(culprit) });
    t.same(namesOf(placed.baked), ['alone'], culprit);
    t.equal(placed.demotions.filter(({ code }) => code === 'VERIFY_DIFFERS').length, 1);
    for (const step of steps.done.filter((step) => step.startsWith('bake')))
      t.equal(/ a\b/.test(step), / b\b/.test(step) && / c\b/.test(step), step);
  }
});

t.test('what a trial leaves out is not said of what is baked in the end', async (t) => {
  // Where `alone` is not baked with it, `bottom` aborts: so it does in trials alone.
  const aborts = (baked: ReadonlySet<string>) => (baked.has('alone') || !baked.has('bottom') ? [] : ['bottom']);
  const requires = { ...CHAIN, other: [], third: [] };
  const { placed, steps } = await made({ requires, aborts, differing: ifBaked('third') });
  t.ok(
    steps.done.some((step) => /^bake: .*bottom/.test(step) && !step.includes('alone')),
    'a trial had to leave it out',
  );
  t.same(codes(placed), { third: 'VERIFY_DIFFERS' });
  t.same(namesOf(placed.baked), ['top', 'middle', 'bottom', 'alone', 'other']);
});

t.test('what an attempt leaves out is said, though another attempt follows', async (t) => {
  const { placed } = await made({
    requires: CHAIN,
    aborts: (baked) => (baked.has('middle') ? ['middle'] : []),
    differing: ifBaked('alone'),
  });
  t.same(codes(placed), { middle: 'BAKE_ABORTED', top: 'BAKE_NEEDS_DEMOTED', alone: 'VERIFY_DIFFERS' });
});

t.test('two culprits, each in a line of its own', async (t) => {
  const differing = (baked: ReadonlySet<string>) => [
    ...ifBaked('bottom', VERSION)(baked),
    ...ifBaked('alone', HELP)(baked),
  ];
  const { placed, fault } = await made({ requires: CHAIN, differing });
  t.equal(fault, null);
  t.match(codes(placed), { bottom: 'VERIFY_DIFFERS', alone: 'VERIFY_DIFFERS' });
  t.same(placed.baked, []);
});

t.test('runs that differ with nothing baked blame nobody', async (t) => {
  const { placed, fault, made: result } = await made({ requires: CHAIN, differing: () => [HELP] });
  t.ok(fault, 'they are not the same');
  t.same([placed.baked, placed.demotions], [[], []]);
  t.equal(result.verified.length, 2, 'all lines were run in the end');
  const empty = await made({ requires: {}, differing: () => [HELP] });
  t.equal(empty.steps.done.length, 3, 'with nothing to leave out, one attempt tells');
});

t.test('more culprits than a program has: nothing is baked, and that is said of each', async (t) => {
  const requires: Links = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`m${at}`, []]));
  const { placed, fault, steps } = await made({ requires, differing: (baked) => (baked.size > 0 ? [HELP] : []) });
  t.equal(fault, null);
  t.same(placed.baked, []);
  t.same([...new Set(Object.values(codes(placed)))], ['VERIFY_DIFFERS']);
  t.equal(placed.demotions.length, 12, 'each module once');
  t.equal(steps.done.filter((step) => step.startsWith('bake proven')).length, 7);
});

t.test('what the training lines cannot use as it was baked is packed, and baked no more', async (t) => {
  const usage = (baked: ReadonlySet<string>) => ({ idle: baked.has('bottom') ? ['bottom'] : [] });
  const { placed, steps } = await made({ requires: CHAIN, usage });
  t.same(codes(placed), { bottom: 'BAKE_NEVER_USED', middle: 'BAKE_NEEDS_DEMOTED', top: 'BAKE_NEEDS_DEMOTED' });
  t.same(steps.done, [
    'bake proven: top middle bottom alone',
    'pack without: top middle bottom alone',
    'bake: alone',
    'pack without: alone',
    'compare: --version, --help',
  ]);
});

t.test('what one line can use and another one cannot is in both', async (t) => {
  const { placed, steps } = await made({ requires: CHAIN, usage: () => ({ partly: ['alone'] }) });
  t.same(placed.demotions, []);
  t.same(steps.done.slice(1, -1), ['pack without: top middle bottom alone', 'pack without: top middle bottom']);
});

t.test('what the other world never used is left out from the start', async (t) => {
  const { placed, steps } = await made({ requires: CHAIN, neverUsed: ['middle', 'unknown'] });
  t.same(codes(placed), { middle: 'BAKE_NEVER_USED', top: 'BAKE_NEEDS_DEMOTED' });
  t.equal(steps.done[0], 'bake proven: bottom alone');
});
