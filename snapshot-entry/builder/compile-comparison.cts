// Makes the comparison of a seal into a function whose text has every name in it
// (`h0["assign"] !== v0 || h0["keys"] !== v1 || …`). Where it runs often, that is an order of magnitude faster than a
// loop over lists of names.
import vm = require('node:vm');

export interface Compared {
  readonly holder: unknown;
  readonly key: PropertyKey;
  readonly value: unknown;
}

/** A function without arguments: whether each holder has, under that key, that very value. */
export function compileComparison(compared: readonly Compared[]): () => boolean {
  const holders = [...new Set(compared.map(({ holder }) => holder))];
  const values = compared.map(({ value }) => value);
  const symbols = [...new Set(compared.flatMap(({ key }) => (typeof key === 'symbol' ? [key] : [])))];
  const names = (letter: string, list: readonly unknown[]) => list.map((_one, i) => `${letter}${i}`).join();
  const tests = compared.map(({ holder, key }, i) => {
    const name = typeof key === 'symbol' ? `k${symbols.indexOf(key)}` : JSON.stringify(key);
    return `h${holders.indexOf(holder)}[${name}] !== v${i}`;
  });
  const text = `'use strict';
const [${names('h', holders)}] = holders, [${names('v', values)}] = values, [${names('k', symbols)}] = symbols;
return function holds() { return !(${tests.join(' ||\n') || false}); };`;
  const make = vm.compileFunction(text, ['holders', 'values', 'symbols']) as (...lists: unknown[][]) => () => boolean;
  return make(holders, values, symbols);
}
