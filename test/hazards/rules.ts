// Each rule is shown to matter: with it the fixture is packed for its code, without it the fixture would be baked.
import { readFileSync } from 'node:fs';
import t from 'tap';
import type { Analysis, Effect, EffectKind } from '../../src/graph/analysis.js';
import type { Graph } from '../../src/graph/types.js';
import { rules } from '../../src/hazards/index.js';
import { makePlan, type PlanInput } from '../../src/plan/make-plan.js';
import { UNPARSED } from '../../src/source/static-facts.js';

const FILE = '/app/a.js';
const graph: Graph = {
  entry: '/app/main.js',
  entryFormat: 'commonjs',
  runs: [],
  modules: ['/app/main.js', FILE].map((file, order) => ({
    file,
    format: 'commonjs',
    bytes: 1,
    order,
    selfMs: 0,
    totalMs: 0,
    lines: [0],
    parent: null,
    loads: [],
    writesBefore: [],
  })),
  resolutions: [],
  writes: [],
};

function inputWith(effects: readonly Effect[], more: Partial<PlanInput> = {}, evaluated = [FILE]): PlanInput {
  const analysis: Analysis = { effects, inputs: [], reads: [], loads: [], touches: [], uses: [], evaluated };
  return { graph, analysis, facts: new Map(), ...more };
}

const effect = (kind: EffectKind): Effect => ({
  module: FILE,
  kind,
  subject: 'x',
  at: `${FILE}:3`,
  owner: '/app/b.js',
});
const kinds: Readonly<Record<string, readonly EffectKind[]>> = {
  HAZARD_ENV_READ: ['env-read'],
  HAZARD_ENV_ENUMERATE: ['env-enumerate'],
  HAZARD_ENV_WRITE: ['env-write'],
  HAZARD_ARGV: ['argv'],
  HAZARD_PROCESS_STATE: ['process-read', 'process-call'],
  HAZARD_PROCESS_WRITE: ['process-write'],
  HAZARD_PROCESS_LISTENER: ['process-listener'],
  HAZARD_STD_STREAM: ['std-stream'],
  HAZARD_OS: ['os'],
  HAZARD_CLOCK: ['clock'],
  HAZARD_RANDOM: ['random'],
  HAZARD_LOCALE: ['locale'],
  HAZARD_FILE_OUTSIDE: ['file-outside'],
  HAZARD_FILE_WRITE: ['file-write'],
  HAZARD_NETWORK: ['network'],
  HAZARD_SPAWN: ['spawn'],
  HAZARD_ASYNC_CONTEXT: ['async-context'],
  HAZARD_ASYNC_WORK: ['async-work'],
  HAZARD_GLOBAL_WRITE: ['global-write'],
  HAZARD_BUILTIN_WRITE: ['builtin-write'],
  HAZARD_FOREIGN_WRITE: ['foreign-write'],
  HAZARD_STACK: ['stack-setting'],
  HAZARD_MODULE_HOOK: ['module-hook', 'create-require'],
  HAZARD_LOADER_READ: ['loader-read'],
  HAZARD_ERROR_KEPT: ['error-kept'],
  HAZARD_NATIVE_KEPT: ['native-kept'],
  HAZARD_FEATURE_TEST: ['feature-test'],
  HAZARD_BUILTIN_LIST: ['builtin-list'],
  HAZARD_BUILTIN: ['unsnapshotable-builtin'],
  HAZARD_STARTS_PROGRAM: ['exit', 'output'],
  HAZARD_THROWS: ['throws'],
  HAZARD_IMPORT: ['import'],
  HAZARD_UNPARSED: ['made-code'],
};

const fixtures = new Map<string, readonly PlanInput[]>(
  Object.entries(kinds).map(([code, all]) => [code, all.map((kind) => inputWith([effect(kind)]))]),
);
fixtures.set('HAZARD_UNPARSED', [
  inputWith([effect('made-code')]),
  inputWith([], { facts: new Map([[FILE, UNPARSED]]) }),
]);

function verdictOf(input: PlanInput): { verdict: string; code: string; at: string | undefined } | undefined {
  const found = makePlan(input).modules.find(({ file }) => file === FILE);
  return found && { verdict: found.verdict, code: found.code, at: found.evidence[0]?.at };
}

t.test('a module with nothing against it is baked', (t) => {
  t.match(verdictOf(inputWith([])), { verdict: 'baked', code: 'PLAN_BAKED' });
  t.end();
});

for (const rule of rules) {
  if (rule.code === 'HAZARD_NOT_EVALUATED') continue;
  t.test(rule.code, (t) => {
    const inputs = fixtures.get(rule.code) ?? [];
    t.ok(inputs.length > 0, 'has a fixture');
    for (const input of inputs) {
      const found = verdictOf(input);
      t.match(found, { verdict: 'packed', code: rule.code }, 'packs the fixture');
      t.match(found?.at, /^\/app\/a\.js:\d+$/, 'with evidence');
      const without = { ...input, rules: rules.filter((other) => other !== rule) };
      t.match(verdictOf(without), { verdict: 'baked' }, 'and is the only one that does');
    }
    t.end();
  });
}

t.test('what was not evaluated is not baked, with or without the rule', (t) => {
  const input = inputWith([], {}, []);
  t.match(verdictOf(input), { verdict: 'packed', code: 'HAZARD_NOT_EVALUATED' });
  t.match(verdictOf({ ...input, rules: [] }), { verdict: 'packed' });
  t.end();
});

t.test('every effect kind has a rule', (t) => {
  const source = readFileSync('src/graph/effects.cts', 'utf8');
  const listed = [...(/EffectKind =([^;]*);/.exec(source)?.[1]?.matchAll(/'([\w-]+)'/g) ?? [])].map(
    (match) => match[1],
  );
  t.ok(listed.length > 20);
  for (const kind of listed)
    t.ok(
      Object.values(kinds)
        .flat()
        .some((known) => known === kind),
      `${kind} is judged`,
    );
  t.end();
});

t.test('docs/HAZARDS.md and the rules say the same', (t) => {
  const text = readFileSync('docs/HAZARDS.md', 'utf8');
  for (const { code, sentence, advice } of rules) {
    t.ok(text.includes(`### ${code}\n`), `${code} has an entry`);
    t.ok(text.includes(sentence), `${code}: the sentence of the rule`);
    t.ok(text.includes(advice), `${code}: the advice of the rule`);
  }
  const documented = [...text.matchAll(/^### (HAZARD_\w+)$/gm)].map((match) => match[1]);
  const known = new Set<string>([...rules.map(({ code }) => code), 'HAZARD_ORDER']);
  for (const code of documented) t.ok(known.has(code ?? ''), `${code} exists`);
  t.equal(documented.length, known.size);
  t.end();
});
