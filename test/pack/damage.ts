// A damaged pack gives a typed error or the right answer: never a crash, never another module.
import { renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { PackError } from '../../snapshot-entry/launch/pack-errors.cjs';
import { openPack } from '../../snapshot-entry/launch/pack-reader.cjs';
import { FORMAT_VERSION, HEADER_BYTES, SECTION_CONTENTS } from '../../snapshot-entry/shared/pack-format.cjs';
import { encodePack } from '../../src/pack/writer.js';
import { askAll, askReader, judge } from './harness/answers.js';
import { entryAt, forged, sectionStart } from './harness/forge.js';
import { commonjs, expectationOf, sampleInput, withCache } from './harness/sample.js';

const input = sampleInput();
const whole = encodePack(input);
const expected = expectationOf(input, whole.length);
const file = join(t.testdir(), 'app.pack');

function askPack(pack: Buffer, expectation = expected) {
  writeFileSync(file, pack);
  return askAll(file, expectation, input);
}

const truth = askPack(whole);

t.test('the whole pack answers everything', async (t) => {
  t.strictSame(
    [...truth.values()].filter((answer) => answer.startsWith('!')),
    [],
  );
  t.ok(truth.size > 20);
});

t.test('cut at any length', async (t) => {
  for (let length = 0; length < whole.length; length += length < HEADER_BYTES ? 1 : 13) {
    const cut = whole.subarray(0, length);
    t.strictSame([...askPack(cut)], [['open', '!PACK_SIZE']]);
    const believed = judge(askPack(cut, { ...expected, bytes: length }), truth);
    if (believed.codes.size !== 1 || believed.wrong.length > 0) t.fail(`believed at ${length} bytes`);
  }
});

t.test('longer than recorded', async (t) => {
  const long = Buffer.concat([whole, Buffer.alloc(8)]);
  t.strictSame([...askPack(long)], [['open', '!PACK_SIZE']]);
  t.strictSame([...askPack(long, { ...expected, bytes: long.length })], [['open', '!PACK_MALFORMED']]);
});

t.test('every byte of the header', async (t) => {
  for (let at = 0; at < HEADER_BYTES; at++) {
    for (const bits of [0x01, 0x80, 0xff]) {
      const pack = Buffer.from(whole);
      pack.writeUInt8(pack.readUInt8(at) ^ bits, at);
      const { codes, wrong } = judge(askPack(pack), truth);
      if (codes.size === 0 || wrong.length > 0) t.fail(`byte ${at} ^ ${bits} went unnoticed`);
    }
  }
});

t.test('every byte behind the header', async (t) => {
  let noticed = 0;
  for (let at = HEADER_BYTES; at < whole.length; at++) {
    const pack = Buffer.from(whole);
    pack.writeUInt8(pack.readUInt8(at) ^ 0x10, at);
    const { codes, wrong } = judge(askPack(pack), truth);
    if (wrong.length > 0) t.fail(`byte ${at}: ${wrong[0]}`);
    noticed += codes.size > 0 ? 1 : 0;
  }
  const behind = whole.length - HEADER_BYTES;
  t.ok(noticed > behind * 0.9, `all but padding: ${noticed} of ${behind}`);
});

t.test('random damage, several places at once', async (t) => {
  const random = sequence(20);
  for (let round = 0; round < 500; round++) {
    const pack = Buffer.from(whole);
    const places = 1 + random(8);
    for (let i = 0; i < places; i++) pack.writeUInt8(random(256), random(pack.length));
    const { wrong } = judge(askPack(pack), truth);
    if (wrong.length > 0) t.fail(`round ${round}: ${wrong[0]}`);
  }
  t.pass('500 rounds');
});

/** Whole numbers below a bound, the same in every run (a linear congruential generator). */
function sequence(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

t.test('contents that changed places, each with its own checksum', async (t) => {
  const twins = {
    ...input,
    modules: [
      withCache(commonjs('/app/one.js', 'exports.a = 1;'), Buffer.alloc(20, 1)),
      withCache(commonjs('/app/two.js', 'exports.a = 2;'), Buffer.alloc(20, 2)),
    ],
    resolutions: [],
  };
  const pack = encodePack(twins);
  const expectation = expectationOf(twins, pack.length);
  writeFileSync(file, pack);
  const right = askAll(file, expectation, twins);
  const swapRecords = forged(pack, (copy) => swap(copy, entryAt(pack, 0), entryAt(pack, 1), 20));
  const size = (pack.length - sectionStart(pack, SECTION_CONTENTS)) / 2;
  const start = sectionStart(pack, SECTION_CONTENTS);
  const swapContents = forged(pack, (copy) => swap(copy, start, start + size, size));
  for (const swapped of [swapRecords, swapContents]) {
    writeFileSync(file, swapped);
    const { codes, wrong } = judge(askAll(file, expectation, twins), right);
    t.strictSame([...codes], ['PACK_CHECKSUM']);
    t.strictSame(wrong, []);
  }
});

function swap(bytes: Buffer, a: number, b: number, length: number): void {
  const first = Buffer.from(bytes.subarray(a, a + length));
  bytes.copyWithin(a, b, b + length);
  first.copy(bytes, b);
}

t.test('of another version, another build, and no pack at all', async (t) => {
  t.strictSame(
    [...askPack(forged(whole, (copy) => copy.writeUInt32LE(FORMAT_VERSION + 1, 8)))],
    [['open', '!PACK_VERSION']],
  );
  t.strictSame([...askPack(whole, { ...expected, artifactId: Buffer.alloc(16) })], [['open', '!PACK_OTHER_ARTIFACT']]);
  const text = Buffer.alloc(whole.length, 'text ');
  t.strictSame([...askPack(text)], [['open', '!PACK_NOT_A_PACK']]);
  t.strictSame([...askAll(join(file, '..'), expected, input)], [['open', '!PACK_NOT_A_PACK']]);
  t.strictSame([...askAll(`${file}.none`, expected, input)], [['open', '!PACK_UNREADABLE']]);
});

t.test('an error names the file, the next step and its cause', async (t) => {
  try {
    openPack(`${file}.none`, expected);
    t.fail('opened');
  } catch (error) {
    t.ok(error instanceof PackError);
    t.match(error, { code: 'PACK_UNREADABLE', path: `${file}.none`, hint: 'run `snap build` again' });
    t.match(error, { message: /app\.pack\.none: .*ENOENT.*run `snap build` again/, cause: { code: 'ENOENT' } });
  }
});

t.test('replaced by a rebuild while open: the old content is served', async (t) => {
  writeFileSync(file, whole);
  const reader = openPack(file, expected);
  t.teardown(() => reader.close());
  writeFileSync(`${file}.new`, Buffer.alloc(whole.length));
  renameSync(`${file}.new`, file);
  t.strictSame([...askReader(reader, input)], [...truth]);
});

t.test('cut while open: a typed error', async (t) => {
  writeFileSync(file, whole);
  const reader = openPack(file, expected);
  t.teardown(() => reader.close());
  truncateSync(file, sectionStart(whole, SECTION_CONTENTS) + 10);
  t.throws(() => reader.read(0), { code: 'PACK_SIZE' });
  t.throws(() => reader.read(1), { code: 'PACK_SIZE' });
  t.equal(reader.resolve(reader.indexOf('/app/cli.js'), 'fs'), 'node:fs', 'the tables are in memory');
});

t.test('cut while open: what is left is still served, also after the failed read', async (t) => {
  const modules = [0, 1, 2].map((i) => commonjs(`/app/${i}.js`, String(i).repeat(200_000)));
  const large = { ...input, modules, resolutions: [] };
  const pack = encodePack(large);
  writeFileSync(file, pack);
  const reader = openPack(file, expectationOf(large, pack.length));
  t.teardown(() => reader.close());
  reader.read(0);
  truncateSync(file, sectionStart(pack, SECTION_CONTENTS) + 300_000);
  t.throws(() => reader.read(1), { code: 'PACK_SIZE' });
  t.ok(reader.read(0).originalSource() === modules[0]?.source);
});

t.test('closed: a typed error, and closing again is fine', async (t) => {
  writeFileSync(file, whole);
  const reader = openPack(file, expected);
  reader.read(0);
  reader.close();
  reader.close();
  t.throws(() => reader.read(0), { code: 'PACK_CLOSED' });
});
