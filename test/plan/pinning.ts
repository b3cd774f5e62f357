// A baked module that changes another one after that one's load: what would see the change too early does not wait.
import t from 'tap';
import type { DeferrableStatement } from '../../src/source/static-facts.js';
import { changes, env, inputOf, outcome, type Shape, type ShapeLoad } from './harness/programs.js';

const PACKED = 'PLAN_NEEDS_UNBAKED';
const HAZARD = 'HAZARD_ENV_READ';

/**
 * `writer` loads `owner` and `user`, then changes `owner`. `user` loads `unbaked` by a statement that may wait; and that
 * one leads to `owner`, in the midst of the load of `writer`.
 */
const user: Shape = { within: 'writer', loads: [{ target: 'unbaked', by: 0 }], candidates: { 0: {} } };
const shapes = {
  main: {},
  writer: { loads: ['owner', 'user'] },
  user,
  unbaked: { within: 'user', loads: ['owner'] },
  owner: { within: 'writer' },
} satisfies Record<string, Shape>;
const effects = [env('unbaked'), changes('writer', 'owner')];
const pinned = { writer: PACKED, user: PACKED, unbaked: HAZARD, owner: 'baked' };

t.test('a baked writer pins who leads, within its load, to what it changes', async (t) => {
  t.same(outcome(inputOf(shapes, { effects })), pinned);
});

t.test('nothing else is pinned', async (t) => {
  const free = { writer: 'baked', user: 'baked without 0', unbaked: HAZARD, owner: 'baked' };
  const nothing = inputOf(shapes, { effects: [env('unbaked')] });
  t.same(outcome(nothing), free, 'where nobody writes');
  const earlier = { ...shapes, user: { ...user, within: 'main' } };
  t.same(outcome(inputOf(earlier, { effects })), free, 'outside of the writer’s load');
  const aside = { ...shapes, unbaked: { within: 'user' } };
  t.same(outcome(inputOf(aside, { effects })), free, 'who does not lead to the owner');
});

t.test('a writer that is not baked pins nothing', async (t) => {
  const unbaked = inputOf(shapes, { effects: [...effects, env('writer')] });
  t.same(outcome(unbaked), { ...pinned, writer: HAZARD, user: 'baked without 0' });
});

t.test('a writer that changes what was loaded before it is not baked, and pins nothing', async (t) => {
  const elsewhere = { ...shapes, owner: { within: 'main' } };
  const expected = { ...pinned, writer: 'HAZARD_FOREIGN_WRITE', user: 'baked without 0' };
  t.same(outcome(inputOf(elsewhere, { effects })), expected);
});

t.test('a writer that is loaded within what it changes, and is in one cycle with it, pins nothing', async (t) => {
  const cycle = {
    main: {},
    owner: { loads: ['writer'] },
    writer: { within: 'owner', loads: ['owner', 'user'] },
    user: { ...user, loads: ['owner', { target: 'unbaked', by: 0 }] },
    unbaked: {},
  };
  const expected = { owner: 'baked', writer: 'baked', user: 'baked without 0', unbaked: HAZARD };
  t.same(outcome(inputOf(cycle, { effects })), expected);
});

interface Statement {
  readonly facts?: Partial<DeferrableStatement>;
  /** Of the statement that it needs. */
  readonly needed?: Partial<DeferrableStatement>;
  readonly loads?: readonly ShapeLoad[];
  readonly isApart: boolean;
}

/** All of them read a variable. */
const statements: Readonly<Record<string, Statement>> = {
  'one that reads a variable and nothing else': { isApart: true },
  'one that loads a built-in': { loads: [{ target: 'node:fs', by: 1 }], isApart: true },
  'one that needs another': { facts: { needs: [2] }, isApart: true },
  'one that loads a file': { loads: [{ target: 'other', by: 1 }], isApart: false },
  'one that calls': { facts: { calls: true }, isApart: false },
  'one that uses what was required': { facts: { usesRequired: true }, isApart: false },
  'one that needs one that loads a file': {
    facts: { needs: [2] },
    loads: [{ target: 'other', by: 2 }],
    isApart: false,
  },
  'one that needs one that calls': { facts: { needs: [2] }, needed: { calls: true }, isApart: false },
  'one that needs one that uses what was required': {
    facts: { needs: [2] },
    needed: { usesRequired: true },
    isApart: false,
  },
};

/** The module with the statement is `name`; what the plan says of it, and of the writer. */
function withStatement(name: 'user' | 'owner' | 'writer', within: string, statement: Statement): string[] {
  const { facts = {}, needed = {}, loads = [] } = statement;
  const given = { main: {}, writer: { loads: ['owner', 'user'] }, user: { within, loads: ['owner'] } };
  const all: Record<string, Shape> = { ...given, owner: { within: 'writer' }, other: {} };
  const { [name]: shape = {} } = all;
  const more = { ...shape, loads: [...(shape.loads ?? []), ...loads], candidates: { 1: facts, 2: needed } };
  const found = outcome(inputOf({ ...all, [name]: more }, { effects: [env(name, 1), changes('writer', 'owner')] }));
  return [found[name] ?? '', found.writer ?? ''];
}

t.test('in a pinned module waits what is apart', async (t) => {
  for (const [title, statement] of Object.entries(statements)) {
    const waiting = statement.facts?.needs === undefined ? 'baked without 1' : 'baked without 1,2';
    t.same(withStatement('user', 'main', statement), [waiting, 'baked'], `${title}: not pinned`);
    const inUser = statement.isApart ? [waiting, 'baked'] : [HAZARD, PACKED];
    t.same(withStatement('user', 'writer', statement), inUser, `${title}: pinned`);
    t.same(withStatement('owner', 'writer', statement), inUser, `${title}: in what is changed`);
    const inWriter = statement.isApart ? waiting : HAZARD;
    t.same(withStatement('writer', 'writer', statement), [inWriter, inWriter], `${title}: in the writer`);
  }
});
