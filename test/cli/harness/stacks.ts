// The one difference that is allowed: frames below the entry's first. The entry is started by our code in one run and
// by Node's in the other, so the lines of a stack that come after the entry file's last frame are taken out.

import { dirname } from 'node:path';

/** Where inspect colours a frame, an escape sequence of up to six characters stands before it. */
const frame = /^\S{0,6}\s+at /;
const folded = /^\s+\.\.\. \d+ lines matching cause stack trace \.\.\./;

function isFrame(line: string): boolean {
  return frame.test(line) || folded.test(line);
}

/** Frames end a block, and the last may carry what util.inspect adds: ` {`. */
function trimBlock(block: readonly string[], entry: string): string[] {
  const last = block.findLastIndex((line) => line.includes(entry));
  if (last < 0) return [...block];
  const cut = block.slice(last + 1);
  if (cut.length === 0) return [...block];
  const tail = cut.at(-1)?.endsWith(' {') === true ? ' {' : '';
  return [...block.slice(0, last + 1), `    (frames below the entry)${tail}`];
}

/** A newline in the name of the program's folder would end a frame. */
function onOneLine(folder: string, text: string): string {
  return text.replaceAll(folder, folder.replaceAll('\n', '\\n'));
}

/** `text` without the frames below `entry`'s in each stack; a block with none of its frames stays as it is. */
export function withoutFramesBelow(entry: string, text: string): string {
  const folder = dirname(entry);
  const entryShown = onOneLine(folder, entry);
  const result: string[] = [];
  let block: string[] = [];
  const flush = (): void => {
    result.push(...trimBlock(block, entryShown));
    block = [];
  };
  for (const line of onOneLine(folder, text).split('\n')) {
    if (isFrame(line)) {
      // Inspect folds a cause's frames into a count, which depends on how many there are below the entry.
      block.push(line.replace(/\.\.\. \d+ lines matching/, '... N lines matching'));
    } else {
      flush();
      result.push(line);
    }
  }
  flush();
  return result.join('\n');
}
