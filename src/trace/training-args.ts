import { badArgs, TraceError } from './errors.js';

// A word is a run of bare characters, escapes and quoted parts. Nothing is expanded: no variables, no globs.
const PART = /\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|([^\s'"\\]+)/y;

/** Splits a training line into words as a POSIX shell does (XCU 2.2). Throws TraceError TRACE_BAD_ARGS. */
export function parseTrainingLine(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < line.length; ) {
    if (/\s/.test(line.charAt(at))) {
      if (word !== null) words.push(word);
      word = null;
      at++;
      continue;
    }
    PART.lastIndex = at;
    const part = PART.exec(line);
    if (part === null) {
      throw new TraceError(
        badArgs(line, line.charAt(at) === '\\' ? 'it ends in a backslash' : 'a quote is not closed'),
      );
    }
    word = (word ?? '') + textOf(part);
    at = PART.lastIndex;
  }
  if (word !== null) words.push(word);
  return words;
}

function textOf([, escaped, single, double, bare]: RegExpExecArray): string {
  // A backslash and a line end continue the line.
  if (escaped !== undefined) return escaped === '\n' ? '' : escaped;
  // Within double quotes a backslash escapes only what is special there.
  if (double !== undefined) return double.replace(/\\\n/g, '').replace(/\\([$`"\\])/g, '$1');
  return single ?? bare ?? '';
}
