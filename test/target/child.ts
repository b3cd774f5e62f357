// Children: what is kept of what they print, and how they are stopped.
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import t from 'tap';
import { type ChildOptions, outputOf, runChild, startChild } from '../../src/target/child.js';

const LIMITS = { env: process.env, timeoutMs: 60_000 };

function runScript(script: string, options: Partial<ChildOptions> = {}) {
  return runChild(process.execPath, ['-e', script], { ...LIMITS, ...options });
}

async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await wait(20);
  }
  return false;
}

t.test('as much is kept as was asked for', async (t) => {
  const script = `process.stdout.write('0123456789'.repeat(30000)); process.stderr.write('abcdefghij'.repeat(30000))`;
  const all = await runScript(script, { stdout: 'all', stderr: { last: 3 } });
  t.equal(all.stdout.toString(), '0123456789'.repeat(30000));
  t.equal(all.stderr.toString(), 'hij');
  const some = await runScript(script, { stdout: { first: 12 }, stderr: { last: 150_005 } });
  t.equal(some.stdout.toString(), '012345678901');
  t.equal(some.stderr.toString(), `fghij${'abcdefghij'.repeat(15_000)}`);
  const none = await runScript(script, { stdout: { first: 0 } });
  t.equal(none.stdout.length + none.stderr.length, 0);
  t.match(none, { exitCode: 0, signal: null, isTimeout: false });
});

t.test('a child that hangs is killed, with all that it started where it has a group of its own', async (t) => {
  const file = `${t.testdir()}/pid`;
  const script = `const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
    require('fs').writeFileSync(${JSON.stringify(file)}, String(child.pid)); setInterval(() => {}, 1e6);`;
  const end = await runScript(script, { timeoutMs: 3_000, ownGroup: true });
  t.match(end, { exitCode: null, signal: 'SIGKILL', isTimeout: true });
  t.ok(await isGone(Number(readFileSync(file, 'utf8'))));
});

t.test('with a grace, it is asked first', async (t) => {
  const script = `process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1e6);`;
  t.match(await runScript(script, { timeoutMs: 3_000, graceMs: 50_000, ownGroup: true }), {
    exitCode: 7,
    isTimeout: true,
  });
});

t.test('an aborted child rejects with the reason, before its start and after', async (t) => {
  const controller = new AbortController();
  const { signal } = controller;
  const reason = new Error('no longer wanted');
  const script = 'console.log(1); setInterval(() => {}, 1e6)';
  const running = startChild(process.execPath, ['-e', script], { ...LIMITS, signal, stdout: 'all' });
  running.stdout?.once('data', () => controller.abort(reason));
  await t.rejects(running.end, reason);
  const file = `${t.testdir()}/started`;
  await t.rejects(runScript(`require('fs').writeFileSync(${JSON.stringify(file)}, '')`, { signal }), reason);
  t.notOk(existsSync(file));
});

t.test('what a child leaves behind on purpose holds nothing up, though it keeps the pipes open', async (t) => {
  const script = `const { spawn } = require('child_process');
    const daemon = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { detached: true, stdio: 'inherit' });
    daemon.unref(); process.stdout.write(String(daemon.pid));`;
  const { exitCode, stdout } = await runScript(script, { stdout: 'all', ownGroup: true });
  t.equal(exitCode, 0);
  process.kill(Number(stdout.toString()), 'SIGKILL');
});

t.test('what a command prints; why it failed, where it did', async (t) => {
  t.equal(await outputOf(process.execPath, ['-p', '6 * 7'], LIMITS), '42\n');
  const fails = outputOf(process.execPath, ['-e', "console.error('oh no'); process.exit(3)"], LIMITS);
  await t.rejects(fails, { message: /^Command failed \(exit code 3\): .*node -e .*\noh no\n$/s });
  await t.rejects(outputOf('/no/such/command', [], LIMITS), { code: 'ENOENT' });
});

t.test('no listener is left on this process', async (t) => {
  const before = process.listenerCount('exit');
  const running = [runScript(''), runScript('')];
  t.equal(process.listenerCount('exit'), before + 1, 'one for all that are running');
  await Promise.all(running);
  t.equal(process.listenerCount('exit'), before);
});
