import t from 'tap';
import { areEnough, countLasting, leastLasting } from '../../src/bake/prove.js';

function blobs(...texts: readonly string[]): Buffer[] {
  return texts.map((text) => Buffer.from(text));
}

t.test('equal blobs have no lasting difference', async (t) => {
  t.equal(countLasting(blobs('heap'), blobs('heap')), 0);
  t.equal(countLasting([], blobs('heap')), 0);
});

t.test('a byte that each side keeps and the sides do not share lasts', async (t) => {
  t.equal(countLasting(blobs('xAAy'), blobs('xBBy')), 2);
  t.equal(countLasting(blobs('xAAy', 'xAAy'), blobs('xBBy', 'xBBy')), 2);
});

t.test('a byte that changes on one side does not last', async (t) => {
  t.equal(countLasting(blobs('x1y', 'x2y'), blobs('x3y', 'x3y')), 0);
  t.equal(countLasting(blobs('x1y', 'x1y'), blobs('x3y', 'x4y')), 0);
  t.equal(countLasting(blobs('x1A', 'x2A'), blobs('x3B', 'x3B')), 1);
});

t.test('one build on the second side does where the first one shows what changes by itself', async (t) => {
  t.equal(countLasting(blobs('x1y', 'x2y'), blobs('x3y')), 0);
  t.equal(countLasting(blobs('x1A', 'x2A'), blobs('x3B')), 1);
});

t.test('another size is a difference of itself', async (t) => {
  t.equal(countLasting(blobs('short'), blobs('longer')), 1);
});

t.test('builds of different sizes say nothing of each other', async (t) => {
  const blob = (text: string) => Buffer.from(text);
  const least = (a: readonly Buffer[], b: readonly Buffer[]) => leastLasting(a, b, 0);
  t.equal(least([blob('abc'), blob('abcd')], [blob('abxd'), blob('abc')]), 0, 'one size is equal on both sides');
  t.equal(least([blob('abc'), blob('abc')], [blob('abx'), blob('abx')]), 1);
  t.equal(least([blob('abc')], [blob('abcd')]), 1, 'no size in common');
});

t.test('builds of many sizes tell nothing before enough of them have the same', async (t) => {
  t.notOk(areEnough(blobs('12', '123', '1'), blobs('12', '1'), 3), 'one of each size');
  t.notOk(areEnough(blobs('12', '123', '12'), blobs('12', '1'), 3), 'one on the second side');
  t.ok(areEnough(blobs('12', '123', '12'), blobs('12', '1', '12'), 3));
  t.ok(areEnough(blobs('12', '12'), blobs('123', '123'), 3), 'each side has its own size');
  t.notOk(areEnough(blobs('12', '1'), blobs('123', '123'), 3), 'one side has two');
});

t.test('the header of a blob follows from the rest', async (t) => {
  const blob = (header: string, heap: string) => Buffer.from(header.padEnd(128) + heap);
  t.equal(leastLasting([blob('sum 1', 'heap')], [blob('sum 2', 'heap')]), 0);
  t.equal(leastLasting([blob('sum 1', 'AA')], [blob('sum 2', 'BB')]), 2);
});
