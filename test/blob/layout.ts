// Hand-made lists: what the reader takes for one, and that no byte of a hostile blob leads it outside.
import t from 'tap';
import { findBuiltinCaches, findTemplates, withRecords } from '../../src/blob/layout.js';

function number(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function named(name: string): Buffer {
  return Buffer.concat([number(name.length), Buffer.from(name, 'latin1')]);
}

function cache(id: string, bytes: string): Buffer {
  return Buffer.concat([named(id), number(bytes.length), Buffer.from(bytes)]);
}

function template(name: string, id: number): Buffer {
  const number32 = Buffer.alloc(4);
  number32.writeUInt32LE(id);
  return Buffer.concat([named(name), number32, number(id * 3)]);
}

const before = Buffer.from('what stands before: a heap, 0123456789');
const caches = [cache('fs', 'of fs'), cache('internal/util', 'of util'), cache('vm', '')];
const blob = Buffer.concat([before, number(caches.length), ...caches]);
const templates = ['a_template', 'async_wrap_ctor_template', 'z_template'].map((name, at) => template(name, at + 1));
const listing = Buffer.concat([before, number(3), ...templates, Buffer.from('\xff\xffwhat follows', 'latin1')]);

t.test('both lists are found, and written again without some records', async (t) => {
  const list = findBuiltinCaches(blob);
  t.equal(list?.start, before.length);
  t.equal(list?.end, blob.length);
  t.same(
    list?.records.map(({ name }) => name),
    ['fs', 'internal/util', 'vm'],
  );
  const [first, second, third] = caches as [Buffer, Buffer, Buffer];
  if (list !== null)
    t.same(withRecords(blob, list, list.records.slice(1)), Buffer.concat([before, number(2), second, third]));
  t.equal(findBuiltinCaches(Buffer.concat([before, number(2), first, second, third])), null, 'another count');

  const found = findTemplates(listing);
  t.same(
    found?.records.map(({ name, id }) => [name, id]),
    [
      ['a_template', 1],
      ['async_wrap_ctor_template', 2],
      ['z_template', 3],
    ],
  );
  if (found !== null) t.same(withRecords(listing, found, found.records), listing);
});

t.test('templates whose numbers do not rise are no list', async (t) => {
  const twice = [templates[1] as Buffer, template('b_template', 2)];
  t.equal(findTemplates(Buffer.concat([before, number(2), ...twice])), null);
});

t.test('sizes that lead beyond the end, or beyond what a number holds, are none', async (t) => {
  for (const size of [6n, 2n ** 53n, 2n ** 64n - 1n]) {
    const bad = Buffer.concat([before, number(1), named('fs'), number(size), Buffer.from('of fs')]);
    t.equal(findBuiltinCaches(bad), null, String(size));
  }
  for (const length of [0n, 128n, 2n ** 64n - 1n]) {
    const bad = Buffer.concat([number(1), number(length), Buffer.from('async_wrap_ctor_template'), Buffer.alloc(12)]);
    t.equal(findTemplates(bad), null, String(length));
  }
});

t.test('cut anywhere and flipped anywhere, a blob is read to null or to a list that fits', async (t) => {
  const isWithin = (list: ReturnType<typeof findBuiltinCaches>, size: number): boolean =>
    list === null || (list.start >= 0 && list.records.every(({ start, end }) => start < end && end <= size));
  for (const whole of [blob, listing]) {
    for (let at = 0; at < whole.length; at++) {
      const cut = whole.subarray(0, at);
      t.ok(isWithin(findBuiltinCaches(cut), at) && isWithin(findTemplates(cut), at), `cut at ${at}`);
      const flipped = Buffer.from(whole);
      flipped.writeUInt8((whole[at] ?? 0) ^ 0x81, at);
      t.ok(isWithin(findBuiltinCaches(flipped), whole.length) && isWithin(findTemplates(flipped), whole.length));
    }
  }
});
