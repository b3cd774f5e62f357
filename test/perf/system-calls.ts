import t from 'tap';
import { fileCalls, parseSystemCalls } from '../../src/perf/system-calls.js';

const TABLE = `strace: Process 4711 attached
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ------------------
 76.35    0.092721        1173        79         7 futex
  0.48    0.000703           8        84           mmap
  0.19    0.000225           9        24           read
  0.10    0.000155           9        16         1 openat
  0.02    0.000091          30         3           io_uring_setup
  0.00    0.000000           0      1200       400 statx
------ ----------- ----------- --------- --------- ------------------
100.00    0.121441         173      1406       408 total
`;

t.test('calls are counted by name and by kind', async (t) => {
  const calls = parseSystemCalls(TABLE);
  t.equal(calls.total, 1406, 'the sum agrees with the total that strace prints');
  t.same(calls.byKind, { open: 16, stat: 1200, read: 24, memory: 84, other: 82 });
  t.equal(calls.byName.get('io_uring_setup'), 3);
  t.notOk(calls.byName.has('total'));
  t.equal(fileCalls(calls), 1240);
});

t.test('the errors column is not mistaken for the calls', async (t) => {
  t.equal(parseSystemCalls(TABLE).byName.get('openat'), 16);
});

t.test('a text without a table has no calls', async (t) => {
  t.equal(parseSystemCalls('strace: exec: No such file\n').total, 0);
});
