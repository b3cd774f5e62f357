/** A text as one shell word, whatever it holds but NUL: newlines, quotes, `$` and backslashes stay as they are. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
