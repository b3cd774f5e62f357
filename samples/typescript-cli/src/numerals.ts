/** The numerals and their worth: an enum and a namespace merged, which compiles to code that runs when it is loaded. */
export enum Numeral {
  I = 1,
  IV = 4,
  V = 5,
  IX = 9,
  X = 10,
  XL = 40,
  L = 50,
  XC = 90,
  C = 100,
  CD = 400,
  D = 500,
  CM = 900,
  M = 1000,
}

export namespace Numeral {
  export function descending(): [string, number][] {
    return Object.entries(Numeral)
      .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
      .sort(([, left], [, right]) => right - left);
  }
}
