import t from 'tap';
import { notBaked } from '../../perf/compatibility-reasons.js';
import { BEGIN, END, withResults } from '../../perf/compatibility-report.js';
import type { Tried } from '../../perf/compatibility-run.js';
import type { ManifestModule } from '../../src/artifact/manifest.js';
import type { Verdict } from '../../src/plan/types.js';

const FOLDER = '/place/tool';

function moduleOf(name: string, verdict: Verdict, code: string, via: readonly string[] = []): ManifestModule {
  const file = `${FOLDER}/${name}`;
  const evidence = code.startsWith('HAZARD_') ? [`${file}:3: reads ${FOLDER}/home`] : [];
  const plain = {
    reason: `because of ${code}`,
    deferred: [],
    guards: [],
    bytes: 1,
    loadMs: 1,
    inputs: [],
    sha256: '',
    mtimeMs: 0,
  };
  return { ...plain, file, verdict, code, evidence, via: via.map((one) => `${FOLDER}/${one}`) };
}

const MODULES = [
  moduleOf('node_modules/a/node_modules/b/index.js', 'packed', 'HAZARD_ENV_READ'),
  moduleOf('node_modules/a/index.js', 'packed', 'PLAN_NEEDS_UNBAKED', ['node_modules/a/node_modules/b/index.js']),
  moduleOf('node_modules/c/index.js', 'packed', 'PLAN_NEEDS_UNBAKED', ['node_modules/a/index.js']),
  moduleOf('node_modules/d/index.js', 'packed', 'HAZARD_ENV_READ'),
  moduleOf('cli.js', 'packed', 'PLAN_ENTRY'),
  moduleOf('node_modules/e/index.js', 'baked', 'PLAN_BAKED'),
];

t.test('a module that needs another is counted under the reason of the last in the chain', async (t) => {
  const [first, second, ...none] = notBaked(MODULES, FOLDER);
  t.match(first, { code: 'HAZARD_ENV_READ', modules: 2, keptOut: 2 });
  t.same(
    first?.roots.map(({ name, keepsOut }) => [name, keepsOut]),
    [
      ['b/index.js', 2],
      ['d/index.js', 0],
    ],
    'the worst first',
  );
  t.match(second, { code: 'PLAN_ENTRY', modules: 1, keptOut: 0, roots: [{ name: 'cli.js' }] });
  t.same(none, [], 'what is baked has no reason');
});

t.test('modules that blame each other end somewhere', async (t) => {
  const circle = [moduleOf('a.js', 'packed', 'X', ['b.js']), moduleOf('b.js', 'packed', 'X', ['a.js'])];
  t.match(notBaked(circle, FOLDER), [{ code: 'X', modules: 2 }]);
});

t.test('nothing of the machine gets into the results', async (t) => {
  t.notMatch(JSON.stringify(notBaked(MODULES, FOLDER)), FOLDER);
});

const COMMON = { fingerprint: '', node: 'v24.0.0' };
const program = (name: string) => ({ package: name, version: '1.2.3', bin: name, lines: ['run'] });
const row = (name: string, isSame: boolean) => ({ name, isSame, accelerated: 1, lines: 1, differences: [] });

const TRIED: readonly Tried[] = [
  {
    ...COMMON,
    program: program('fast'),
    built: {
      modules: { baked: 1, packed: 5, external: 0 },
      ...{
        mode: 'accelerated',
        plainReason: null,
        notBaked: notBaked(MODULES, FOLDER),
        buildMs: 1,
        exitCode: 0,
        said: null,
      },
    },
    matrix: [row('as built', true), row('CI=true', false)],
    start: { ratio: 0.5, lowest: 0.4, highest: 0.6 },
  },
  { ...COMMON, program: program('gone'), failure: { phase: 'install', said: '\nno such package\nmore' } },
];

t.test('the page shows what was found between its markers, failures and differences too', async (t) => {
  const page = withResults(`# Before\n${BEGIN}\nold\n${END}\nafter\n`, TRIED);
  t.match(page, /^# Before\n<!--.*-->\n/);
  t.match(page, /<!--.*-->\nafter\n$/);
  t.notMatch(page, 'old');
  t.match(page, '| fast 1.2.3 | 6 | 1 | 5 | 0 | accelerated | 1 of 2 | 0.50 (0.40–0.60) |');
  t.match(page, '| gone 1.2.3 |  |  |  |  | failed: install |  |  |');
  t.match(page, 'The install failed: `no such package`');
  t.match(page, 'Differs from plain with `CI=true`.');
  t.match(page, '| HAZARD_ENV_READ | 2 | 2 | `b/index.js` (2), `d/index.js` |');
  t.equal(withResults(page, TRIED), page, 'writing it again changes nothing');
});

t.test('a page without markers is not overwritten', async (t) => {
  t.throws(() => withResults('# Before\n', TRIED), RangeError);
});
