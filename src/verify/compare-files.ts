// Are the files that two runs left behind the same? Names, kinds and permissions as one text, each content as another,
// compared as output is: what two plain runs write differently is no evidence.
import type { WrittenFile } from './written.js';

/** What a text of two plain runs and of an accelerated one shows: null, or plain's and ours. */
export type CompareText = (plain: readonly [Buffer, Buffer], accelerated: Buffer) => [string, string] | null;

export interface FileDifference {
  readonly what: 'files written' | `content of ${string}`;
  readonly texts: [string, string];
}

type Files = readonly WrittenFile[];

function line({ path, kind, mode }: WrittenFile): string {
  return kind === 'removed' ? `removed: ${path}\n` : `${mode.toString(8).padStart(4, '0')} ${kind} ${path}\n`;
}

const listing = (files: Files): Buffer => Buffer.from(files.map(line).join(''));

/** The contents of files whose names are not steady, in an order of their own, since names give none. */
function loose(files: Files, steady: ReadonlySet<string>): Buffer {
  const contents = files.filter(({ path }) => !steady.has(path)).map(({ bytes }) => bytes.toString('latin1'));
  return Buffer.from(contents.sort().join('\n'), 'latin1');
}

/**
 * No text, and two plain runs write it differently: a cache of what was compiled, say (v8-compile-cache). Nothing can be said
 * of it, since the comparison looks for lines that both plain runs have.
 */
function isUnsteadyBinary(contents: readonly Buffer[]): boolean {
  const [first = Buffer.alloc(0), second = first] = contents;
  return !first.equals(second) && contents.every((bytes) => bytes.includes(0));
}

export function compareFiles(
  plain: readonly [Files, Files],
  accelerated: Files,
  compare: CompareText,
): FileDifference[] {
  const found: FileDifference[] = [];
  const look = (what: FileDifference['what'], of: (files: Files) => Buffer): void => {
    const texts = compare([of(plain[0]), of(plain[1])], of(accelerated));
    if (texts !== null) found.push({ what, texts });
  };
  look('files written', listing);
  const paths = (files: Files) => new Set(files.map(({ path }) => path));
  const [second, ours] = [paths(plain[1]), paths(accelerated)];
  const steady = new Set([...paths(plain[0])].filter((path) => second.has(path) && ours.has(path)));
  const empty = Buffer.alloc(0);
  for (const path of steady) {
    const contentIn = (files: Files) => files.find((file) => file.path === path)?.bytes ?? empty;
    if (!isUnsteadyBinary(plain.map(contentIn))) look(`content of ${path}`, contentIn);
  }
  if (found.length === 0) look('content of files with changing names', (files) => loose(files, steady));
  return found;
}
