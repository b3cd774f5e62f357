// The public API, imported by the package's own name as its users do.
import { chmodSync, mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { build, type Manifest, type Phase, type Progress, SnapError, verifyArtifact } from 'v8-snap';
import { cleanEnvironment } from './target/harness/binaries.js';

function recorder(phases: Phase[]): Progress {
  return { phase: (phase) => phases.push(phase), note: () => undefined };
}

t.test('builds a program, and verifies what it has built', async (t) => {
  const folder = realpathSync(
    t.testdir({
      'package.json': '{}',
      'cli.js': `console.log(require('./lib.js').answer(), process.argv.slice(2).join());`,
      'lib.js': 'const six = 6; exports.answer = () => six * 7;',
    }),
  );
  chmodSync(folder, 0o755);
  const home = path.join(folder, 'home');
  mkdirSync(home);
  const env = { ...cleanEnvironment(), HOME: home };
  const phases: Phase[] = [];
  const options = { entry: 'cli.js', cwd: folder, env, train: ['a b'], keepSlower: true };
  const result = await build({ ...options, progress: recorder(phases) });
  const manifest: Manifest = result.manifest;
  t.equal(manifest.mode, 'accelerated', manifest.plainReason ?? '');
  t.equal(manifest.modules.find(({ file }) => file.endsWith('lib.js'))?.verdict, 'baked');
  t.ok(phases.includes('trace') && phases.includes('bake'));
  const [line] = await verifyArtifact(result.out, { cwd: folder, env, timeoutMs: 60_000 });
  t.same(line?.differences, []);
});

t.test('says what is wrong by a SnapError with a code and a hint', async (t) => {
  const options = { entry: 'none.js', cwd: t.testdir(), env: cleanEnvironment(), progress: recorder([]) };
  const error: unknown = await build(options).catch((thrown: unknown) => thrown);
  t.ok(error instanceof SnapError);
  t.match(error, { code: 'ENTRY_MISSING', hint: /give a JavaScript file/ });
});
