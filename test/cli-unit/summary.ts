import t from 'tap';
import { describeDifferences } from '../../src/cli/describe-differences.js';
import { buildSummary } from '../../src/cli/summary.js';
import type { BuildResult } from '../../src/pipeline/options.js';
import { manifestModule, manifestOf } from '../artifact/harness/manifests.js';

const differences = [{ what: 'stdout', plain: 'a\nb\n', accelerated: 'a\nc\n' }] as const;

function result(rest: Partial<BuildResult> = {}): BuildResult {
  const modules = [manifestModule('/a.js'), manifestModule('/b.js'), manifestModule('/c.js', { verdict: 'packed' })];
  const files = { 'app.blob': { bytes: 12_340_000 }, 'app.pack': { bytes: 50_000 } };
  const timings = { trace: 400, bake: 1_100 };
  const verified = [{ args: [], same: true }];
  const manifest = manifestOf({ modules, files, timings, verified });
  return { out: '/app/out', launcher: '/app/out/cli', manifest, isUpToDate: false, differences: [], ...rest };
}

t.test('what was made', async (t) => {
  t.equal(
    buildSummary(result(), 'out'),
    `out/cli: 3 modules, 2 baked, 1 packed, 0 external
  snapshot 12.3 MB, pack 0.1 MB, built in 1.5 s
  same as plain on 1 training lines; check more with: snap verify out -- ARGS
`,
  );
});

t.test('its worlds', async (t) => {
  const world = { baked: 2, blobBytes: 1, packBytes: 1, others: [] };
  const line = (manifest: BuildResult['manifest']) => buildSummary(result({ manifest }), 'out').split('\n')[2];
  const [pipe, terminal, shared] = (['pipe', 'terminal', 'shared'] as const).map((name) => ({ ...world, name }));
  if (pipe === undefined || terminal === undefined || shared === undefined) return;
  t.equal(
    line(manifestOf({ worlds: [pipe, { ...terminal, baked: 1 }] })),
    '  2 worlds: pipe 2 baked, terminal 1 baked',
  );
  const oneWorldReason = 'no `script` command';
  t.equal(line(manifestOf({ worlds: [pipe], oneWorldReason })), '  not made for terminals: no `script` command');
  t.match(line(manifestOf({ worlds: [shared], oneWorldReason })), /^ {2}same as plain/);
});

t.test('nothing to do', async (t) => {
  t.equal(buildSummary(result({ isUpToDate: true }), 'out'), 'out/cli is up to date\n');
});

t.test('a launcher that runs plain says why, and shows the difference', async (t) => {
  const manifest = manifestOf({ mode: 'plain', plainReason: 'its accelerated runs differ from plain ones' });
  const text = buildSummary(result({ manifest, differences: [{ args: ['x y'], differences }] }), 'out');
  t.match(text, /^differs: "x y"\n/);
  t.ok(text.endsWith('out/cli runs plain: its accelerated runs differ from plain ones\n'));
});

t.test('a difference is a diff', async (t) => {
  const text = describeDifferences([], differences);
  t.match(text, /^differs: \(no arguments\)\n/);
  t.match(text, /^--- stdout plain/m);
  t.match(text, /^\+\+\+ stdout accelerated/m);
  t.match(text, /\n a\n-b\n\+c\n$/);
});
