import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { makeSandbox, openRunPlace } from '../../src/trace/sandbox.js';
import { trainingEnvironment } from '../../src/trace/training-run.js';
import { cleanEnvironment, nodeBinaries } from '../target/harness/binaries.js';
import { order, traced } from './harness/programs.js';

const binaries = nodeBinaries();
const node = binaries.at(-1)?.path ?? process.execPath;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

t.test('a hanging run ends with its children', async (t) => {
  const folder = realpathSync(
    t.testdir({
      'package.json': '{}',
      'cli.js': `const { spawn } = require('child_process');
        const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
        require('fs').writeFileSync(__dirname + '/pids', process.pid + ' ' + child.pid);
        process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6)`,
    }),
  );
  await t.rejects(traced(folder, node, { timeoutMs: 1000 }), { code: 'TRACE_TIMEOUT', path: join(folder, 'cli.js') });
  const pids = readFileSync(join(folder, 'pids'), 'utf8').split(' ').map(Number);
  for (let tries = 0; pids.some(isAlive) && tries < 50; tries++) await new Promise((done) => setTimeout(done, 20));
  t.same(pids.filter(isAlive), []);
});

t.test('what keeps a program from being traced is told', async (t) => {
  const folder = realpathSync(
    t.testdir({ 'package.json': '{}', 'cli.js': `process.kill(process.pid, 'SIGKILL')`, 'ok.js': '' }),
  );
  await t.rejects(traced(folder, node), { code: 'TRACE_NO_RECORDING', message: /by SIGKILL/ });
  await t.rejects(traced(folder, node, { entry: join(folder, 'none.js') }), { code: 'TRACE_ENTRY_MISSING' });
  await t.rejects(traced(folder, join(folder, 'no-node')), { code: 'TRACE_NODE_FAILED' });
  const nodeFlags = ['--no-such-flag'];
  await t.rejects(traced(folder, node, { nodeFlags }), { code: 'TRACE_NO_RECORDING', message: /no-such-flag/ });
});

t.test('an abort ends the run', async (t) => {
  const folder = realpathSync(t.testdir({ 'package.json': '{}', 'cli.js': 'setInterval(() => {}, 1e6)' }));
  const controller = new AbortController();
  const run = traced(folder, node, {
    signal: controller.signal,
    onProgress: () => setTimeout(() => controller.abort(), 200),
  });
  await t.rejects(run, { code: 'TRACE_ABORTED' });
});

t.test('the environment of a run', async (t) => {
  const env = trainingEnvironment({
    NODE_OPTIONS: 'x',
    NODE_V8_COVERAGE: 'x',
    NODE_COMPILE_CACHE: 'x',
    KEPT: '1',
    NODE_DEBUG: 'fs',
    SNAP_DISABLE: '1',
    NODE_PATH: '/p',
  });
  t.same(env, { KEPT: '1', NODE_PATH: '/p', NODE_DISABLE_COMPILE_CACHE: '1' });
});

t.test('a sandbox keeps home and working folder as they were', async (t) => {
  const folder = realpathSync(
    t.testdir({
      'package.json': '{}',
      'cli.js': `const fs = require('fs'), os = require('os');
        fs.writeFileSync('written', 'x'); fs.writeFileSync(os.homedir() + '/written', 'x'); fs.rmSync('sub/file');
        fs.writeFileSync(__dirname + '/report', JSON.stringify([process.cwd(), os.homedir(), os.tmpdir(),
          fs.lstatSync('node_modules').isSymbolicLink(), require.resolve('dep', { paths: [process.cwd()] })]))`,
      node_modules: { dep: { 'index.js': '' } },
      sub: { file: 'x' },
    }),
  );
  const place = await openRunPlace(folder, true);
  const graph = await traced(folder, node, { cwd: place.cwd, env: { ...cleanEnvironment(), ...place.env } });
  place.remove();
  t.equal(graph.runs[0]?.exitCode, 0);
  t.same(order(graph, folder), ['cli.js']);
  t.same(readdirSync(folder).sort(), ['cli.js', 'node_modules', 'package.json', 'report', 'sub']);
  t.ok(existsSync(join(folder, 'sub/file')));
  const [cwd, home, tmp, linked, dep]: unknown[] = JSON.parse(readFileSync(join(folder, 'report'), 'utf8'));
  t.notOk(existsSync(String(cwd)), 'the copy is gone');
  t.notOk(existsSync(dirname(String(home))), 'the home is gone');
  t.not(cwd, folder);
  t.not(tmp, cleanEnvironment().TMPDIR);
  t.equal(linked, true);
  t.equal(dep, join(folder, 'node_modules/dep/index.js'));
});

t.test('a sandbox of too large a folder is refused', async (t) => {
  const folder = t.testdir({
    'package.json': '{}',
    big: 'x'.repeat(2000),
    node_modules: { huge: 'x'.repeat(9000) },
    scratch: {},
  });
  mkdirSync(join(folder, 'elsewhere'));
  await t.rejects(makeSandbox(join(folder, 'scratch'), folder, 1000), {
    code: 'TRACE_SANDBOX_TOO_LARGE',
    path: folder,
  });
});

for (const { major, path } of binaries) {
  t.test(`typescript, node ${major}`, async (t) => {
    const entry = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
    const graph = await traced(dirname(entry), path, { entry, lines: [['--version'], ['--help']] });
    const names = order(graph, realpathSync(join(dirname(entry), '..')));
    t.same(names.slice(0, 3), ['bin/tsc', 'lib/tsc.js', 'lib/_tsc.js']);
    t.same(graph.modules[0]?.lines, [0, 1]);
    t.same(
      graph.runs.map(({ exitCode }) => exitCode),
      [0, 0],
    );
    t.ok(graph.modules[2]?.loads.some(({ target }) => target === 'node:fs'));
  });
}
