// Which modules are evaluated at their first use, and who is baked with them.
import t from 'tap';
import type { Effect } from '../../src/graph/analysis.js';
import { makePlan, type PlanInput } from '../../src/plan/make-plan.js';
import type { StaticFacts } from '../../src/source/static-facts.js';
import { inputOf, planned } from './harness/programs.js';

const uses = { request: './leaf', members: [{ name: 'get', isCalled: true }] };
const collator: Effect = { module: 'leaf', kind: 'locale', subject: 'Intl.Collator', at: 'leaf:1' };
const kept: Effect = { ...collator, kind: 'native-kept', subject: 'Intl.Collator in collator' };

interface Asked {
  readonly effects?: readonly Effect[];
  /** Whether a member of the leaf is used at load. */
  readonly isUsed?: boolean;
  readonly facts?: Partial<StaticFacts>;
  readonly leaf?: Partial<StaticFacts>;
  readonly leafLoads?: readonly string[];
  /** A built-in that `user` requires, and as what. */
  readonly builtin?: { readonly target: string; readonly request: string; readonly isUsed?: boolean };
}

/** `main` requires `user`, which requires `leaf`. */
function program(asked: Asked = {}): PlanInput {
  const { effects = [collator, kept], isUsed = false, facts, leaf = {}, leafLoads = [], builtin } = asked;
  const user = { traced: ['leaf'], loads: ['leaf'], facts: { memberUses: [uses], ...facts } };
  const shapes = { main: { traced: ['user'] }, user, leaf: { traced: leafLoads, facts: leaf } };
  const resolutions = [{ from: 'user', request: './leaf', target: 'leaf' }];
  const used = isUsed ? [{ module: 'user', request: './leaf' }] : [];
  if (builtin === undefined) return inputOf(shapes, { effects, resolutions, uses: used });
  const { target, request } = builtin;
  if (builtin.isUsed === true) used.push({ module: 'user', request });
  resolutions.push({ from: 'user', request, target });
  return inputOf({ ...shapes, user: { ...user, loads: ['leaf', target] } }, { effects, resolutions, uses: used });
}

function outcome(input: PlanInput): Record<string, string> {
  return Object.fromEntries(
    makePlan(input)
      .modules.filter(({ file }) => file !== 'main')
      .map(({ file, code }) => [file, code]),
  );
}

t.test('a leaf that makes what V8 cannot put into a snapshot', (t) => {
  const input = program();
  t.match(planned(input, 'leaf'), {
    verdict: 'baked',
    code: 'PLAN_LAZY',
    isLazy: true,
    reason: /first use: it depends on the locale/,
  });
  t.match(planned(input, 'user'), { verdict: 'baked', code: 'PLAN_BAKED', isLazy: false, standIns: [uses] });
  t.same(makePlan(input).order, ['user', 'leaf']);
  t.end();
});

const packed = { leaf: 'HAZARD_LOCALE', user: 'PLAN_NEEDS_UNBAKED' };
const notLazy: Readonly<Record<string, Asked>> = {
  'it reads the environment': { effects: [collator, { ...collator, kind: 'env-read', subject: 'LANG' }] },
  'another module changes it': {
    effects: [collator, { ...collator, module: 'user', kind: 'foreign-write', owner: 'leaf' }],
  },
  'it depends on the time zone': { effects: [{ ...collator, subject: 'Intl.DateTimeFormat' }] },
  'it formats a date': { effects: [{ ...collator, subject: 'Date.prototype.toLocaleString' }] },
  'it loads something': { leafLoads: ['node:fs'] },
  'it has a direct eval': { leaf: { directEval: true } },
};

for (const [why, seen] of Object.entries(notLazy)) {
  t.test(`not where ${why}`, (t) => {
    const { leaf, user } = outcome(program(seen));
    t.not(leaf, 'PLAN_LAZY');
    t.not(user, 'PLAN_BAKED');
    t.end();
  });
}

t.test('not where statements may not be deferred', (t) => {
  t.match(outcome({ ...program({}), mayWait: false }), packed);
  t.end();
});

t.test('who uses it at load, or as a whole, is not baked', (t) => {
  const expected = { leaf: 'PLAN_LAZY', user: 'PLAN_USES_LAZY' };
  t.same(outcome(program({ isUsed: true })), expected);
  t.same(outcome(program({ facts: { memberUses: [] } })), expected);
  t.end();
});

t.test('what has no effect is simply baked', (t) => {
  t.same(outcome(program({ effects: [] })), { leaf: 'PLAN_BAKED', user: 'PLAN_BAKED' });
  t.end();
});

const threads = { request: 'worker_threads', members: [{ name: 'Worker', isCalled: false }] };
const needsThreads: Effect = {
  module: 'user',
  kind: 'unsnapshotable-builtin',
  subject: 'node:worker_threads',
  at: 'user:1',
};

/** `user` requires the built-in as `request`. */
function withBuiltin(target: string, request: string, asked: Asked & { isUsedAtLoad?: boolean } = {}): PlanInput {
  return program({ effects: [], ...asked, builtin: { target, request, isUsed: asked.isUsedAtLoad ?? false } });
}

t.test('a built-in that no snapshot can hold is stood in for', (t) => {
  const facts = { memberUses: [uses, threads] };
  const input = withBuiltin('node:worker_threads', 'worker_threads', { effects: [needsThreads], facts });
  t.equal(outcome(input).user, 'PLAN_BAKED');
  t.match(planned(input, 'user').standIns, [threads]);
  t.equal(outcome({ ...input, mayWait: false }).user, 'HAZARD_BUILTIN');
  const needs = { effects: [needsThreads] };
  t.equal(
    outcome(withBuiltin('node:worker_threads', 'worker_threads', needs)).user,
    'HAZARD_BUILTIN',
    'not one that is seen as a whole',
  );
  const atLoad = withBuiltin('node:worker_threads', 'worker_threads', { ...needs, facts, isUsedAtLoad: true });
  t.equal(outcome(atLoad).user, 'HAZARD_BUILTIN', 'nor one that is used at load');
  for (const [name, why] of [
    ['sqlite', 'says something'],
    ['http', 'takes what a program may change'],
  ]) {
    const loud = { memberUses: [uses, { ...threads, request: `node:${name}` }] };
    const effects = [{ ...needsThreads, subject: `node:${name}` }];
    const input = withBuiltin(`node:${name}`, `node:${name}`, { effects, facts: loud });
    t.equal(outcome(input).user, 'HAZARD_BUILTIN', `nor one that ${why} when it is loaded`);
  }
  t.end();
});

t.test('so is one that is kept out, and only then', (t) => {
  const spawn = { request: 'node:child_process', members: [{ name: 'spawn', isCalled: true }] };
  const input = withBuiltin('node:child_process', 'node:child_process', { facts: { memberUses: [uses, spawn] } });
  t.same(planned(input, 'user').standIns, [], 'it may be in the snapshot');
  const kept = { ...input, unfitBuiltins: new Set(['node:child_process', 'node:assert']) };
  t.match(planned(kept, 'user').standIns, [spawn]);
  t.equal(outcome(kept).user, 'PLAN_BAKED');
  const assert = withBuiltin('node:assert', 'assert', {
    facts: { memberUses: [uses, { request: 'assert', members: [{ name: 'ok', isCalled: true }] }] },
  });
  t.equal(
    outcome({ ...assert, unfitBuiltins: kept.unfitBuiltins }).user,
    'PLAN_BUILTIN_KEPT_OUT',
    'what keeps its environment is not quiet',
  );
  t.end();
});
