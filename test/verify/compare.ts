import t from 'tap';
import { compareRuns, masked, withoutErased, withoutStartFrames } from '../../src/verify/compare.js';
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

t.test('a time in a table may take the place of what pads it, and no other', async (t) => {
  const row = (time: string) => ran(`| total: ${time.padEnd(8)}|${time.padStart(7)} |\nsame\n`);
  const plain = [row('95ms'), row('31ms')] as const;
  for (const time of ['7ms', '102ms', '1243ms']) t.same(differs(plain, row(time)), [], time);
  t.same(differs(plain, ran('| total: 102ms    |  102ms |\nsame\n')), ['stdout'], 'a wider cell');
  t.same(differs(plain, ran('| total: 31ms    |  31ms |\nsame\n')), ['stdout'], 'a narrower one');
  t.same(differs(plain, ran('| totals: 102ms  |  102ms |\nsame\n')), ['stdout']);
  t.same(differs(plain, ran('| total: 102ms   |  102ms |\nother\n')), ['stdout']);
  t.same(differs(same(row('95ms')), row('102ms')), ['stdout'], 'plain always took the same');
  const sentences = [ran('took 95ms in all\n'), ran('took 31ms in all\n')] as const;
  for (const ours of ['took 102ms in all\n', 'took 7ms in all\n']) t.same(differs(sentences, ran(ours)), []);
  for (const ours of ['took 7ms  in all\n', 'took7ms in all\n']) t.same(differs(sentences, ran(ours)), ['stdout']);
});

t.test('a mask that overlaps itself hides nothing else', async (t) => {
  t.equal(masked('x', ['aa', 'aaa']), 'x');
  t.equal(masked('aaaa', ['aa', 'aaa']), masked('aa', ['aa', 'aaa']));
});

t.test('plain runs of unlike length are held to the lines they share and to the look of the others', async (t) => {
  const plain = [ran('start\n10%\n50%\ndone in 3 s\n'), ran('start\n20%\ndone in 4 s\n')] as const;
  t.same(differs(plain, ran('start\n5%\n17%\n80%\ndone in 9 s\n')), []);
  t.same(differs(plain, ran('start\ndone in 9 s\n')), []);
  t.same(differs(plain, ran('5%\ndone in 9 s\n')), ['stdout'], 'a shared line is missing');
  t.same(differs(plain, ran('start\nwarning\n5%\ndone in 9 s\n')), ['stdout'], 'a line that no plain run printed');
  t.same(differs(plain, ran('')), ['stdout']);
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
    at Object.<anonymous> (/app/cli.js:3:1)
    at Array.map (<anonymous>)
    at Object.<anonymous> (/app/cli.js:2:1)
    at Module._compile (node:internal/modules/cjs/loader:1554:14)
    at node:internal/main/run_main_module:28:49

Node.js v24.1.0`;

t.test('frames below the outermost of the entry are left out, those above it and the rest are not', async (t) => {
  const kept = withoutStartFrames(TRACE, '/app/cli.js').split('\n');
  t.same(kept, [...TRACE.split('\n').slice(0, 5), '', 'Node.js v24.1.0']);
  t.equal(withoutStartFrames(TRACE, '/other.js'), TRACE);
  t.equal(withoutStartFrames('no trace\n', '/app/cli.js'), 'no trace\n');
  const greyed = TRACE.replaceAll('/app/cli.js', '\u001b[90m/app/\u001b[39mcli.js');
  t.equal(withoutStartFrames(greyed, '/app/cli.js').split('\n').length, kept.length, 'the current folder is greyed');
});

t.test('each trace is cut by itself, at the end of the text, too', async (t) => {
  const trace = TRACE.split('\n').slice(0, 7).join('\n');
  const cut = TRACE.split('\n').slice(0, 5).join('\n');
  t.equal(withoutStartFrames(`${trace}\n[cause]: ${trace}`, '/app/cli.js'), `${cut}\n[cause]: ${cut}`);
});

t.test('what util.inspect adds behind the last frame stays', async (t) => {
  const shown = `${TRACE.split('\n').slice(0, 7).join('\n')} {\n  code: 'ENOENT'\n}`;
  t.match(withoutStartFrames(shown, '/app/cli.js'), /cli\.js:2:1\)\n \{\n {2}code/);
});

t.test('how many frames are folded depends on those below', async (t) => {
  const folded = (lines: number) =>
    `Error: a\n    at x (/app/x.js:1:1)\n    ... ${lines} lines matching cause stack trace ...\n`;
  t.equal(withoutStartFrames(folded(4), '/app/cli.js'), withoutStartFrames(folded(9), '/app/cli.js'));
});

t.test('how the process was started is no difference; a frame of ours above the entry is one', async (t) => {
  const plain = same(ran('', { stderr: Buffer.from(TRACE) }));
  const started = TRACE.replace('    at Module._compile', '    at run (/tmp/builder.js:1:1)\n    at Module._compile');
  t.same(differs(plain, ran('', { stderr: Buffer.from(started) })), []);
  const leaking = TRACE.replace('    at Array.map', '    at run (/tmp/builder.js:1:1)\n    at Array.map');
  t.same(differs(plain, ran('', { stderr: Buffer.from(leaking) })), ['stderr']);
});

t.test('once a time has differed between plain runs, none is evidence; what stands around them is', async (t) => {
  const log = (first: string, second: string, word = 'ready') =>
    ran(`a +${first}\nb ${word} +${second}\n2024-01-02T03:04:05.${first.slice(0, -2)}Z c\n`);
  const plain = [log('0ms', '3ms'), log('0ms', '4ms')] as const;
  t.same(differs(plain, log('12ms', '1.2s')), []);
  t.same(differs(plain, log('12ms', '5ms', 'done')), ['stdout']);
  t.same(differs(same(log('0ms', '3ms')), log('1ms', '3ms')), ['stdout'], 'as long as plain agrees with itself');
  const other = (text: string) => ran(`${text} +1ms`);
  for (const text of ['v1.5s', '\x1b[38;5;7m', 'x5m']) {
    const [one, two] = [other(text), ran(`${text} +2ms`)];
    t.same(differs([one, two], ran(`${text.replace('5', '6')} +1ms`)), ['stdout'], `${text} is no time`);
  }
});

t.test('numbers that differ are masked whole', async (t) => {
  t.same(differs([ran('pid 12345 x'), ran('pid 12399 x')], ran('pid 777 x')), []);
});

t.test('a line that plain writes anew unlike often is held to what stays', async (t) => {
  const bar = (steps: readonly number[], last = 'done') =>
    ran(`${steps.map((step) => `\r[${'='.repeat(step)}]`).join('')}\x1b[2K\x1b[1G${last}\n`);
  t.same(differs([bar([1, 2]), bar([1, 3, 4])], bar([2, 9])), []);
  t.same(differs([bar([1, 2]), bar([1, 3, 4])], bar([2, 9], 'failed')), ['stdout']);
  t.same(differs(same(bar([1, 2])), bar([1])), ['stdout'], 'as long as plain agrees with itself');
});

t.test('what util.inspect adds behind the last frame stays on a terminal, too', async (t) => {
  const shown = `${TRACE.split('\n').slice(0, 7).join('\r\n')} {\r\n  code: 'ENOENT'\r\n}`;
  t.match(withoutStartFrames(shown, '/app/cli.js'), /cli\.js:2:1\)\r\n \{\r\n {2}code/);
});

t.test('what a spinner has drawn and erased again is not compared', async (t) => {
  const erase = '\u001b[1G\u001b[0K';
  t.equal(withoutErased(`${erase}-${erase}done\n  ${erase}|${erase}`), withoutErased('done\n'));
  t.equal(withoutErased('a\rb\n\u001b[31mred\u001b[39m'), 'a\rb\n\u001b[31mred\u001b[39m', 'nothing is erased');
});
