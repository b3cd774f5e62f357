// Packs whose checksums all hold and whose fields lie: the reader believes no offset, count, length or id.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openPack } from '../../snapshot-entry/launch/pack-reader.cjs';
import {
  AT_FILE_COUNT,
  AT_HEADER_BYTES,
  AT_PACK_BYTES,
  AT_PACKED_COUNT,
  AT_RESOLUTION_COUNT,
  AT_STRING_COUNT,
  DIRECTORY_OFFSET,
  DIRECTORY_SIZE,
  ENTRY_CACHE_BYTES,
  ENTRY_FLAGS,
  ENTRY_OFFSET,
  ENTRY_SOURCE_BYTES,
  FILE_SLOT_BYTES,
  FLAG_JSON,
  FLAGS_KNOWN,
  hashKey,
  RESOLUTION_SLOT_BYTES,
  RUN_UNIT,
  SECTION_COUNT,
  SECTION_FILE_TABLE,
  SECTION_RESOLUTION_TABLE,
  SECTION_STRINGS,
  STRING_WIDE,
  TARGET_FAILED,
} from '../../snapshot-entry/shared/pack-format.cjs';
import { encodePack } from '../../src/pack/writer.js';
import { askAll, judge } from './harness/answers.js';
import { blank, directoryAt, entryAt, forged, sectionSize, sectionStart } from './harness/forge.js';
import { expectationOf, sampleInput } from './harness/sample.js';

const input = sampleInput();
const whole = encodePack(input);
const expected = expectationOf(input, whole.length);
const file = join(t.testdir(), 'app.pack');

function askForged(change: (copy: Buffer) => void) {
  writeFileSync(file, forged(whole, change));
  return askAll(file, expected, input);
}

const truth = askForged(() => {});
const word = (at: number, value: number) => (copy: Buffer) => copy.writeUInt32LE(value, at);
const HUGE = [0xffffffff, 0xfffffff8, 0x80000000, 0x7fffffff, 0x7ffffff8, whole.length, whole.length + 8];

/** The error codes that a forged pack gave; wrong answers are a failure. */
function codesOf(t: Tap, name: string, change: (copy: Buffer) => void): string[] {
  const { codes, wrong } = judge(askForged(change), truth);
  t.strictSame(wrong, [], `${name}: no wrong answer`);
  return [...codes].sort();
}

type Tap = Pick<typeof t, 'strictSame'>;

t.test('a forged pack that lies in nothing is the pack', async (t) => {
  t.ok(forged(whole, () => {}).equals(whole));
  t.strictSame(
    [...truth.values()].filter((answer) => answer.startsWith('!')),
    [],
  );
});

t.test('counts', async (t) => {
  for (const at of [AT_FILE_COUNT, AT_PACKED_COUNT, AT_STRING_COUNT, AT_RESOLUTION_COUNT]) {
    for (const value of [whole.readUInt32LE(at) * 64, ...HUGE]) {
      t.strictSame(codesOf(t, `count at ${at} = ${value}`, word(at, value)), ['PACK_MALFORMED']);
    }
  }
  const near = [AT_PACKED_COUNT, AT_STRING_COUNT].flatMap((at) => [
    { at, value: whole.readUInt32LE(at) - 1 },
    { at, value: whole.readUInt32LE(at) + 1 },
  ]);
  for (const { at, value } of near) {
    t.strictSame(codesOf(t, `count at ${at} = ${value}`, word(at, value)), ['PACK_MALFORMED']);
  }
  const fewer = whole.readUInt32LE(AT_FILE_COUNT) - 1;
  t.strictSame(codesOf(t, 'one file fewer', word(AT_FILE_COUNT, fewer)), ['PACK_MALFORMED']);
});

t.test('the section directory', async (t) => {
  for (let section = 0; section < SECTION_COUNT; section++) {
    for (const field of [DIRECTORY_OFFSET, DIRECTORY_SIZE]) {
      const at = directoryAt(section) + field;
      for (const value of [0, whole.readUInt32LE(at) + 8, ...HUGE]) {
        if (value === whole.readUInt32LE(at)) continue;
        const codes = codesOf(t, `section ${section}, field ${field} = ${value}`, word(at, value));
        t.strictSame(codes, ['PACK_MALFORMED']);
      }
    }
  }
});

t.test('sizes in the header', async (t) => {
  for (const at of [AT_HEADER_BYTES, AT_PACK_BYTES]) {
    for (const value of [0, 1, 0xffffffff]) {
      t.strictSame(codesOf(t, `size at ${at} = ${value}`, word(at, value)), ['PACK_MALFORMED']);
    }
  }
});

t.test('entries', async (t) => {
  const first = entryAt(whole, 0);
  const offset = whole.readUInt32LE(first + ENTRY_OFFSET);
  const malformed = [
    ...[0, 8, offset - 8, offset + 4, ...HUGE].map((value) => ({ field: ENTRY_OFFSET, value })),
    ...HUGE.map((value) => ({ field: ENTRY_SOURCE_BYTES, value })),
    ...HUGE.map((value) => ({ field: ENTRY_CACHE_BYTES, value })),
    ...[FLAGS_KNOWN + 1, 0x80, 0x10000, RUN_UNIT | FLAG_JSON, 0xffffffff].map((value) => ({
      field: ENTRY_FLAGS,
      value,
    })),
  ];
  for (const { field, value } of malformed) {
    t.strictSame(codesOf(t, `field ${field} = ${value}`, word(first + field, value)), ['PACK_MALFORMED']);
  }
  const elsewhere = [
    { field: ENTRY_OFFSET, value: offset + 8 },
    { field: ENTRY_SOURCE_BYTES, value: whole.readUInt32LE(first + ENTRY_SOURCE_BYTES) - 1 },
    { field: ENTRY_CACHE_BYTES, value: 0 },
  ];
  for (const { field, value } of elsewhere) {
    t.strictSame(codesOf(t, `field ${field} = ${value}`, word(first + field, value)), ['PACK_CHECKSUM']);
  }
});

t.test('a wide source of odd length', async (t) => {
  const odd = input.modules.map((_, i) => whole.readUInt32LE(entryAt(whole, i) + ENTRY_SOURCE_BYTES) % 2);
  const index = odd.indexOf(1);
  t.not(index, -1);
  t.strictSame(codesOf(t, 'wide', word(entryAt(whole, index) + ENTRY_FLAGS, 1)), ['PACK_MALFORMED']);
});

t.test('strings', async (t) => {
  const strings = sectionStart(whole, SECTION_STRINGS);
  for (const value of HUGE) {
    t.strictSame(codesOf(t, `offset ${value}`, word(strings, value)), ['PACK_MALFORMED']);
  }
  for (const value of [0x7fffffff, 0xffffffff, STRING_WIDE + whole.length]) {
    t.strictSame(codesOf(t, `length ${value}`, word(strings + 4, value)), ['PACK_MALFORMED']);
  }
});

/** The slots of a table, by file offset: all, those in use, and one in use whose next slot is empty. */
function slotsOf(section: number, slotBytes: number) {
  const start = sectionStart(whole, section);
  const count = sectionSize(whole, section) / slotBytes;
  const all = Array.from({ length: count }, (_, slot) => start + slot * slotBytes);
  const isUsed = (at: number) => whole.readUInt32LE(at + 4) !== 0;
  const used = all.filter(isUsed);
  const last = used.find((at) => all.includes(at + slotBytes) && !isUsed(at + slotBytes)) ?? 0;
  return { all, used, last };
}

t.test('the file table', async (t) => {
  const { all, used, last } = slotsOf(SECTION_FILE_TABLE, FILE_SLOT_BYTES);
  for (const value of [whole.readUInt32LE(AT_FILE_COUNT) + 1, 0xffffffff]) {
    t.strictSame(codesOf(t, `index ${value}`, word((used[0] ?? 0) + 4, value)), ['PACK_MALFORMED']);
  }
  const full = (copy: Buffer) => {
    for (const at of all) copy.fill(1, at, at + FILE_SLOT_BYTES);
  };
  t.strictSame(codesOf(t, 'no empty slot', full), ['PACK_MALFORMED']);
  t.not(last, 0);
  const twice = (copy: Buffer) => copy.copy(copy, last + FILE_SLOT_BYTES, last, last + FILE_SLOT_BYTES);
  t.strictSame(codesOf(t, 'a key twice', twice), ['PACK_MALFORMED']);
  const exchanged = (copy: Buffer) => {
    copy.writeUInt32LE(whole.readUInt32LE((used[1] ?? 0) + 4), (used[0] ?? 0) + 4);
    copy.writeUInt32LE(whole.readUInt32LE((used[0] ?? 0) + 4), (used[1] ?? 0) + 4);
  };
  const { codes, absent } = withAbsence(exchanged);
  t.strictSame([codes, absent > 0], [[], true], 'keys whose indexes were exchanged are not found');
});

/** For lies that make keys unfindable, which sends the loader to the disk: `absent` counts those answers. */
function withAbsence(change: (copy: Buffer) => void) {
  const answers = askForged(change);
  const gone = [...answers].filter(([question, answer]) => isAbsence(answer) && truth.get(question) !== answer);
  for (const [question] of gone) answers.delete(question);
  const { codes, wrong } = judge(answers, truth);
  return { codes: [...codes], wrong, absent: gone.length };
}

function isAbsence(answer: string): boolean {
  return answer === '"absent"' || answer === 'undefined';
}

t.test('keys that were moved or changed are not found, and never another one is', async (t) => {
  const strings = sectionStart(whole, SECTION_STRINGS);
  const changes = [
    word(strings, 1),
    word(strings + 4, STRING_WIDE + whole.readUInt32LE(strings + 4)),
    word(strings + 4, STRING_WIDE + whole.readUInt32LE(strings + 4) - 1),
    word(strings + 4, 0),
  ];
  for (const change of changes) {
    const { codes, wrong, absent } = withAbsence(change);
    t.strictSame(
      wrong.filter((answer) => answer.startsWith('read ')),
      [],
    );
    t.ok(codes.length + absent > 0);
  }
});

t.test('the resolution table', async (t) => {
  const { all, used, last } = slotsOf(SECTION_RESOLUTION_TABLE, RESOLUTION_SLOT_BYTES);
  const strings = whole.readUInt32LE(AT_STRING_COUNT);
  const first = used[0] ?? 0;
  for (const value of [strings, 0x7fffffff]) {
    t.strictSame(codesOf(t, `request ${value}`, word(first + 8, value)), ['PACK_MALFORMED']);
    t.strictSame(codesOf(t, `target ${value}`, word(first + 12, value)), ['PACK_MALFORMED']);
  }
  const files = whole.readUInt32LE(AT_FILE_COUNT);
  const resolved = used.filter((at) => whole.readUInt32LE(at + 12) < TARGET_FAILED);
  const plain = resolved.find((at) => whole.readUInt32LE(at + 8) >= files) ?? 0;
  const requestAsTarget = word(plain + 12, whole.readUInt32LE(plain + 8));
  t.strictSame(codesOf(t, 'neither file nor built-in', requestAsTarget), ['PACK_MALFORMED']);
  const full = (copy: Buffer) => {
    for (const at of all) copy.fill(1, at, at + RESOLUTION_SLOT_BYTES);
  };
  t.strictSame(codesOf(t, 'no empty slot', full), ['PACK_MALFORMED']);
  t.not(last, 0);
  const twice = (copy: Buffer) => copy.copy(copy, last + RESOLUTION_SLOT_BYTES, last, last + RESOLUTION_SLOT_BYTES);
  t.strictSame(codesOf(t, 'an answer twice', twice), ['PACK_MALFORMED']);
});

t.test('an answer under the hash of another module that asks the same', async (t) => {
  const { all, used } = slotsOf(SECTION_RESOLUTION_TABLE, RESOLUTION_SLOT_BYTES);
  writeFileSync(file, whole);
  const honest = openPack(file, expected);
  const [cli, plain] = [honest.indexOf('/app/cli.js'), honest.indexOf('/app/lib/plain.js')];
  honest.close();
  const hash = hashKey('./wide', cli);
  const source = used.find((at) => whole.readUInt32LE(at) === hashKey('./wide', plain)) ?? 0;
  t.not(source, 0);
  const probes = all.map((_, probe) => all[((hash >>> 0) + probe) % all.length] ?? 0);
  const free = probes.find((at) => !used.includes(at)) ?? 0;
  const misplaced = forged(whole, (copy) => {
    copy.copy(copy, free, source, source + RESOLUTION_SLOT_BYTES);
    copy.writeUInt32LE(hash, free);
  });
  writeFileSync(file, misplaced);
  const reader = openPack(file, expected);
  t.teardown(() => reader.close());
  t.equal(reader.resolve(cli, './wide'), undefined);
});

t.test('counts that disagree with each other, in a file whose sizes fit them', async (t) => {
  const consistent = [
    { files: 0, packed: 0, strings: 0 },
    { files: 2, packed: 1, strings: 3 },
  ];
  for (const counts of consistent) t.equal(openingOf(blank(expected.artifactId, counts)), undefined);
  const disagreeing = [
    { files: 1, packed: 2, strings: 3 },
    { files: 3, packed: 1, strings: 2 },
  ];
  for (const counts of disagreeing) t.equal(openingOf(blank(expected.artifactId, counts)), '!PACK_MALFORMED');
});

function openingOf(pack: Buffer): string | undefined {
  writeFileSync(file, pack);
  return askAll(file, { ...expected, bytes: pack.length }, { ...input, modules: [], resolutions: [] }).get('open');
}
