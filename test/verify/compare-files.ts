// Files that two plain runs and an accelerated one left behind.
import t from 'tap';
import { compareRuns } from '../../src/verify/compare.js';
import type { RunResult } from '../../src/verify/run-once.js';
import type { WrittenFile } from '../../src/verify/written.js';

const file = (path: string, text = '', more: Partial<WrittenFile> = {}): WrittenFile => ({
  path,
  kind: 'file',
  mode: 0o644,
  bytes: Buffer.from(text),
  ...more,
});

function ran(written: readonly WrittenFile[]): RunResult {
  const nothing = Buffer.alloc(0);
  return { stdout: nothing, stderr: nothing, exitCode: 0, signal: null, isTimeout: false, written };
}

type Written = readonly WrittenFile[];

function differs(first: Written, second: Written, ours: Written): string[] {
  return compareRuns([ran(first), ran(second)], ran(ours), '/app/cli.js').map(({ what }) => what);
}

const same = (plain: Written, ours: Written) => differs(plain, plain, ours);

t.test('names, kinds, permissions and what is gone', async (t) => {
  const plain = [file('./a', 'x'), file('./b', 'y')];
  t.same(same(plain, plain), []);
  t.same(same(plain, plain.slice(1)), ['files written']);
  t.same(same(plain, [...plain, file('./c')]), ['files written']);
  t.same(same(plain, [file('./a', 'x', { mode: 0o600 }), file('./b', 'y')]), ['files written']);
  t.same(same(plain, [file('./a', 'x', { kind: 'link' }), file('./b', 'y')]), ['files written']);
  t.same(same(plain, [file('./a', '', { kind: 'removed' }), file('./b', 'y')]), ['files written', 'content of ./a']);
  t.same(same([], []), []);
});

t.test('contents, with the file named', async (t) => {
  t.same(same([file('./a', 'x')], [file('./a', 'y')]), ['content of ./a']);
  t.same(same([file('./a', 'x', { kind: 'link' })], [file('./a', 'y', { kind: 'link' })]), ['content of ./a']);
});

t.test('what two plain runs write differently is no evidence, what they share is', async (t) => {
  const log = (ms: number, level = 'info') => [file('./log', `${level} took ${ms} ms\n`)];
  t.same(differs(log(1), log(2), log(3)), []);
  t.same(differs(log(1), log(2), log(3, 'warning')), ['content of ./log']);
  const named = (id: string, text: string) => [file(`$TMPDIR/app-${id}/out`, text), file('./b')];
  t.same(differs(named('17', 'x'), named('23', 'x'), named('99', 'x')), []);
  t.same(differs(named('17', 'x'), named('23', 'x'), named('99', 'y')), ['content of files with changing names']);
  t.same(differs(named('17', 'x'), named('23', 'x'), [file('$TMPDIR/app-99/other', 'x'), file('./b')]), [
    'files written',
  ]);
});

t.test('a binary file that two plain runs write differently is no evidence, but that it is there', async (t) => {
  const blob = (text: string, more: Partial<WrittenFile> = {}) => [file('$TMPDIR/cache/0.BLOB', `\0${text}\0`, more)];
  t.same(differs(blob('one'), blob('two'), blob('three, and longer')), []);
  t.same(differs(blob('one'), blob('one'), blob('two')), ['content of $TMPDIR/cache/0.BLOB']);
  t.same(differs(blob('one'), blob('two'), []), ['files written']);
  t.same(differs(blob('one'), blob('two'), blob('one', { mode: 0o600 })), ['files written']);
});
