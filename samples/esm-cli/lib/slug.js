import { fold } from './fold.js';

/** A name for a URL: lower-case words with dashes between, cut at a word's end. */
export function slug(text, length) {
  const words = fold(text).match(/[a-z0-9]+/g) ?? [];
  let result = words.shift() ?? '';
  for (const word of words) {
    if (result.length + word.length + 1 > length) break;
    result += `-${word}`;
  }
  return result;
}
