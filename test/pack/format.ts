// docs/FORMAT.md and pack-format.cts say the same.
import { readFile } from 'node:fs/promises';
import t from 'tap';
import * as format from '../../snapshot-entry/shared/pack-format.cjs';

const document = await readFile(new URL('../../../docs/FORMAT.md', import.meta.url), 'utf8');
const reader = await readFile(new URL('../../../snapshot-entry/launch/pack-errors.cts', import.meta.url), 'utf8');

t.test('every constant of the code stands in the document, with its value, and no other', async (t) => {
  const written = new Map<string, string>();
  for (const [, name, value] of document.matchAll(/^\| `([A-Z][A-Z_0-9]+)` +\| `(.+?)` +\|/gm)) {
    if (name === undefined || value === undefined) continue;
    t.notOk(written.has(name), `${name} is given once`);
    written.set(name, value.startsWith('"') ? String(JSON.parse(value)) : value);
  }
  const coded = new Map<string, string>();
  for (const [name, value] of Object.entries(format)) {
    if (typeof value === 'number' || typeof value === 'string') coded.set(name, String(value));
  }
  t.ok(coded.size > 40, 'the constants were found');
  t.strictSame([...written].sort(), [...coded].sort());
});

t.test('every error code of the reader stands in the document', async (t) => {
  const coded = [...reader.matchAll(/^ {2}\| '(PACK_[A-Z_]+)'/gm)].map((match) => match[1]);
  const written = [...document.matchAll(/^\| `(PACK_[A-Z_]+)` +\| [^`]/gm)].map((match) => match[1]);
  t.ok(coded.length > 5);
  t.strictSame(written.sort(), coded.sort());
});

t.test('hash tables keep a third of their slots empty', async (t) => {
  for (const count of [0, 1, 2, 3, 4, 1000, 5461, 5462]) {
    const capacity = format.tableCapacity(count);
    t.equal(Math.log2(capacity) % 1, 0);
    t.ok(count * 3 <= capacity * 2, `${count} in ${capacity}`);
  }
});
