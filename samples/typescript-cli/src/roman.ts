import { Numeral } from './numerals';

export class RomanError extends Error {
  override readonly name = 'RomanError';
}

export function toRoman(value: number): string {
  if (value < 1 || value > 3999) throw new RomanError(`${value} is not between 1 and 3999`);
  let rest = value;
  let text = '';
  for (const [letters, worth] of Numeral.descending()) {
    while (rest >= worth) {
      text += letters;
      rest -= worth;
    }
  }
  return text;
}

export function fromRoman(text: string): number {
  const upper = text.toUpperCase();
  let value = 0;
  let at = 0;
  for (const [letters, worth] of Numeral.descending()) {
    while (upper.startsWith(letters, at)) {
      value += worth;
      at += letters.length;
    }
  }
  // Written back, so that IIII and VX are refused.
  if (at < upper.length || value === 0 || toRoman(value) !== upper) throw new RomanError(`"${text}" is no numeral`);
  return value;
}
