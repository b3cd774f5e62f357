// A blob lists the templates that Node's native code keeps for an isolate. Node 22, 24 and 26 give that list to worker
// threads as well, where a binding that finds its template made already aborts the process. What is taken out of the list
// is made again by the restored process (snapshot-entry/launch/native-bindings.cts), and by each worker that needs it.
//
// The layout is Node's own (IsolateDataSerializeInfo in src/node_snapshotable.cc; the same in Node 20, 22, 24 and 26): a
// count, then for each template the length of its name, the name, its number (32 bits) and its place in V8's data; other
// numbers are 64 bits, little endian. A blob in which no such list is found is left as it is.

/** As Node names what the bindings in snapshot-entry/launch/native-bindings.cts make. */
const REMADE = [
  ...['shutdown_wrap_template', 'write_wrap_template'],
  ...['tcp_constructor_template', 'pipe_constructor_template', 'tty_constructor_template'],
];

/** Every list has it. */
const ANCHOR = 'async_wrap_ctor_template';

const SIZE_BYTES = 8;
const AFTER_NAME_BYTES = 4 + SIZE_BYTES;
const NAME = /^[a-z][a-z0-9_]*$/;
const LONGEST_NAME = 127;

interface Template {
  readonly name: string;
  /** Among all that Node knows of; they rise along the list. */
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** The record that begins at `start`. */
function templateAt(blob: Buffer, start: number): Template | null {
  if (start < 0 || start + SIZE_BYTES > blob.length) return null;
  const length = blob[start] ?? 0;
  if (length > LONGEST_NAME || blob.readBigUInt64LE(start) !== BigInt(length)) return null;
  const afterName = start + SIZE_BYTES + length;
  const end = afterName + AFTER_NAME_BYTES;
  if (end > blob.length) return null;
  const name = blob.latin1Slice(start + SIZE_BYTES, afterName);
  return NAME.test(name) ? { name, id: blob.readUInt32LE(afterName), start, end } : null;
}

function templateBefore(blob: Buffer, end: number): Template | null {
  for (let length = 1; length <= LONGEST_NAME; length++) {
    const found = templateAt(blob, end - AFTER_NAME_BYTES - length - SIZE_BYTES);
    if (found?.end === end) return found;
  }
  return null;
}

/** The whole list that a record stands in; null where its count does not say so. */
function listAround(blob: Buffer, one: Template): readonly Template[] | null {
  const list = [one];
  for (let next = templateAt(blob, one.end); next !== null; next = templateAt(blob, next.end)) list.push(next);
  for (let last = templateBefore(blob, one.start); last !== null; last = templateBefore(blob, last.start))
    list.unshift(last);
  const countAt = (list[0] as Template).start - SIZE_BYTES;
  const isRising = list.every(({ id }, at) => at === 0 || id > (list[at - 1] as Template).id);
  return isRising && countAt >= 0 && blob.readBigUInt64LE(countAt) === BigInt(list.length) ? list : null;
}

/** Null where there is none. A program's own text may name a template, too: what counts is the list. */
export function findTemplates(blob: Buffer): readonly Template[] | null {
  for (let at = blob.indexOf(ANCHOR); at >= 0; at = blob.indexOf(ANCHOR, at + 1)) {
    const one = templateAt(blob, at - SIZE_BYTES);
    const list = one === null ? null : listAround(blob, one);
    if (list !== null) return list;
  }
  return null;
}

/** The blob without the templates that are made again; null where it has none of them, or no list is found. */
export function withoutRemadeTemplates(blob: Buffer): Buffer | null {
  const list = findTemplates(blob);
  const [first, last] = [list?.[0], list?.at(-1)];
  if (list === null || first === undefined || last === undefined) return null;
  const kept = list.filter(({ name }) => !REMADE.includes(name));
  if (kept.length === list.length) return null;
  const count = Buffer.alloc(SIZE_BYTES);
  count.writeBigUInt64LE(BigInt(kept.length));
  return Buffer.concat([
    blob.subarray(0, first.start - SIZE_BYTES),
    count,
    ...kept.map(({ start, end }) => blob.subarray(start, end)),
    blob.subarray(last.end),
  ]);
}
