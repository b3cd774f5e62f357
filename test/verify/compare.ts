import t from 'tap';
import { compareRuns, masked, withoutStartFrames } from '../../src/verify/compare.js';
import type { RunResult } from '../../src/verify/run-once.js';

function ran(stdout: string | Buffer, rest: Partial<RunResult> = {}): RunResult {
  return { stdout: Buffer.from(stdout), stderr: Buffer.alloc(0), exitCode: 0, signal: null, isTimeout: false, ...rest };
}

function differs(plain: readonly [RunResult, RunResult], ours: RunResult): string[] {
  return compareRuns(plain, ours, '/app/cli.js').map(({ what }) => what);
}

const same = (run: RunResult): readonly [RunResult, RunResult] => [run, run];

t.test('equal runs are the same, and each part can differ', async (t) => {
  const plain = same(ran('out\n', { stderr: Buffer.from('err\n') }));
  const [run] = plain;
  t.same(differs(plain, run), []);
  t.same(differs(plain, { ...run, stdout: Buffer.from('other\n') }), ['stdout']);
  t.same(differs(plain, { ...run, stderr: Buffer.alloc(0) }), ['stderr']);
  t.same(differs(plain, { ...run, exitCode: 1 }), ['exit code']);
  t.same(differs(plain, { ...run, exitCode: null, signal: 'SIGSEGV' }), ['exit code', 'signal']);
});

t.test('one line more, one less, or no newline at the end', async (t) => {
  const plain = same(ran('a\nb\n'));
  for (const other of ['a\nb\nc\n', 'a\n', 'a\nb', 'b\na\n', '']) t.same(differs(plain, ran(other)), ['stdout'], other);
});

t.test('what plain shows differently against itself is masked, and nothing around it', async (t) => {
  const plain = [ran('took 12 ms in all\nsame\n'), ran('took 345 ms in all\nsame\n')] as const;
  t.same(differs(plain, ran('took 7 ms in all\nsame\n')), []);
  t.same(differs(plain, ran('took 7 ms in some\nsame\n')), ['stdout']);
  t.same(differs(plain, ran('Took 7 ms in all\nsame\n')), ['stdout']);
  t.same(differs(plain, ran('took 7 ms in all\nother\n')), ['stdout']);
});

t.test('a mask that overlaps itself hides nothing else', async (t) => {
  t.equal(masked('x', ['aa', 'aaa']), 'x');
  t.equal(masked('aaaa', ['aa', 'aaa']), masked('aa', ['aa', 'aaa']));
});

t.test('an exit code or signal that plain does not keep is no evidence', async (t) => {
  const plain = [ran('', { exitCode: 1 }), ran('', { exitCode: 0 })] as const;
  t.same(differs(plain, ran('', { exitCode: 2 })), []);
});

t.test('bytes that are no UTF-8 are compared as bytes', async (t) => {
  const plain = same(ran(Buffer.from([0xff, 0xfe, 0x0a])));
  t.same(differs(plain, ran(Buffer.from([0xff, 0xfe, 0x0a]))), []);
  t.same(differs(plain, ran(Buffer.from([0xff, 0xfd, 0x0a]))), ['stdout']);
});

t.test('a difference is shown as text, masks in place', async (t) => {
  const plain = [ran('1 é\nx\n'), ran('2 é\nx\n')] as const;
  const [difference] = compareRuns(plain, ran('3 é\ny\n'), '/app/cli.js');
  t.match(difference, { what: 'stdout', plain: /^▒ é\nx\n$/, accelerated: /^▒ é\ny\n$/ });
});

const TRACE = `Error: no
    at fail (/app/lib.js:1:7)
    at Module._compile (node:internal/modules/cjs/loader:1:2)
    at Object.<anonymous> (/app/cli.js:3:1)
    at Module._compile (node:internal/modules/cjs/loader:1554:14)
    at node:internal/main/run_main_module:28:49
    ... 4 lines matching cause stack trace ...

Node.js v24.1.0`;

t.test('frames below the entry are left out, those above it and the rest are not', async (t) => {
  const kept = withoutStartFrames(TRACE, '/app/cli.js').split('\n');
  t.same(kept, [...TRACE.split('\n').slice(0, 4), '', 'Node.js v24.1.0']);
  t.equal(withoutStartFrames(TRACE, '/other.js'), TRACE);
});

t.test('a frame of ours below the entry is a difference', async (t) => {
  const plain = same(ran('', { stderr: Buffer.from(TRACE) }));
  const leaking = TRACE.replace(
    '    at node:internal/main',
    '    at run (/tmp/builder.js:1:1)\n    at node:internal/main',
  );
  t.same(differs(plain, ran('', { stderr: Buffer.from(leaking) })), ['stderr']);
  const other = TRACE.replace('run_main_module:28:49', 'mksnapshot:1:1');
  t.same(differs(plain, ran('', { stderr: Buffer.from(other) })), []);
});
