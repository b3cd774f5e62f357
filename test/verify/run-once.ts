// One run: its bytes, and that nothing it leaves behind or hangs on holds the build up.
import { existsSync } from 'node:fs';
import t from 'tap';
import { runOnce } from '../../src/verify/run-once.js';

const limits = { cwd: process.cwd(), env: { PATH: process.env.PATH }, timeoutMs: 20_000 };
const sh = (script: string, more = {}) => runOnce('/bin/sh', ['-c', script], { ...limits, ...more });

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

t.test('all that it writes, its code and its signal', async (t) => {
  const run = await sh('head -c 1000000 /dev/zero; echo error >&2; exit 3');
  t.match(run, { exitCode: 3, signal: null, isTimeout: false });
  t.equal(run.stdout.length, 1_000_000);
  t.equal(run.stderr.toString(), 'error\n');
  t.match(await sh('kill -TERM $$'), { exitCode: null, signal: 'SIGTERM' });
});

t.test('a daemon that keeps stdout holds nothing up and lives on', async (t) => {
  const started = Date.now();
  const run = await sh('sleep 15 & echo $!');
  t.ok(Date.now() - started < 8_000);
  const pid = Number(run.stdout.toString());
  t.ok(isAlive(pid));
  process.kill(pid);
});

t.test('a run that hangs ends with its children', async (t) => {
  const dir = t.testdir();
  const run = await sh(`(sleep 1; touch ${dir}/late) & wait`, { timeoutMs: 300 });
  t.match(run, { isTimeout: true, signal: 'SIGKILL' });
  await new Promise((done) => setTimeout(done, 1_500));
  t.notOk(existsSync(`${dir}/late`));
});

t.test('a signal stops it, or keeps it from starting', async (t) => {
  const dir = t.testdir();
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 200);
  await t.rejects(sh('sleep 60', { signal: abort.signal }), { name: 'AbortError' });
  await t.rejects(sh(`touch ${dir}/ran`, { signal: abort.signal }), { name: 'AbortError' });
  t.notOk(existsSync(`${dir}/ran`));
});

t.test('what cannot be started is told', async (t) => {
  await t.rejects(runOnce('/no/such/command', [], limits), { code: 'ENOENT' });
});
