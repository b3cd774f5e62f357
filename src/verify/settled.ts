// How a terminal shows a text once all is printed: spinners and progress bars write a line anew many times, and how many
// times depends on the clock.

/** Back to the start of the line, or the line erased: what stood there is written over. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for.
const REWRITES = /\r(?!\n|$)|\x1b\[(?:0|1)?G|\x1b\[2K/;

function settledLine(line: string): string {
  return line.split(REWRITES).findLast((part) => part !== '') ?? '';
}

/** Each line as it was written last. */
export function settled(text: string): string {
  return REWRITES.test(text) ? text.split('\n').map(settledLine).join('\n') : text;
}
