// Random expressions over typed names, so that generated programs seldom throw and say much about what they saw.
import type { Random } from './random.js';

/** `interop` is a library behind `.default`; a `helper` takes a text and returns one. */
export type Kind = 'text' | 'list' | 'map' | 'record' | 'library' | 'interop' | 'say' | 'helper';

export interface Bound {
  readonly name: string;
  readonly kind: Kind;
}

export class Expressions {
  readonly #random: Random;
  #labels = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A label that no other effect has. */
  label(): string {
    this.#labels++;
    return `'e${this.#labels}'`;
  }

  of(kind: 'text' | 'list' | 'map' | 'record', names: readonly Bound[], depth = 2): string {
    if (kind === 'text') return this.text(names, depth);
    if (kind === 'list') return this.#list(names, depth);
    return kind === 'map' ? this.#map(names, depth) : this.#record(names, depth);
  }

  text(names: readonly Bound[], depth = 2): string {
    const use = this.use(names);
    if (depth <= 0 || this.#random.chance(25)) return this.#random.chance(70) ? use : this.#literal();
    const a = this.text(names, depth - 1);
    const b = this.text(names, depth - 1);
    const gap = this.#random.pick(['', '', '\n  ', ' /* c */ ']);
    return this.#random.pick([
      `probe(${this.label()}, ${gap}${a})`,
      `probe(${this.label()}, ${a},${gap} ${b})`,
      `(${a} + ${b})`,
      `(${a} === ${gap}${b})`,
      `(${a} ? ${b} : ${use})`,
      `(${a} || ${b})`,
      `(${a} && ${b})`,
      `(${a} ?? ${b})`,
      `\`t\${${a}} and\${${gap}${b}}\``,
      `String(${gap}${a})`,
      `(${a}, ${b})`,
      `typeof ${use}`,
      `!${use}`,
      `${this.#called(names)}(${gap}${a})`,
    ]);
  }

  /** A text made of one name, if there is one. */
  use(names: readonly Bound[]): string {
    const [bound] = this.#random.shuffled(names);
    if (bound === undefined) return this.#literal();
    const { name, kind } = bound;
    if (kind === 'text') return name;
    if (kind === 'list') return this.#random.pick([`${name}.length`, `${name}[0]`, `String(${name}.at(-1))`]);
    if (kind === 'map') return this.#random.pick([`${name}.size`, `${name}.get('k')`]);
    if (kind === 'record') return this.#random.pick([`${name}.label`, `${name}?.label`, `${name}['label']`]);
    if (kind === 'helper') return `${name}(${this.#literal()})`;
    if (kind === 'say') return `${name}(${this.label()})`;
    const library = kind === 'interop' ? `${name}.default` : name;
    return this.#random.pick([
      `${library}.value`,
      `${library}.nested.value`,
      `${library}.say(${this.label()})`,
      `(0, ${library}.say)(${this.label()})`,
    ]);
  }

  #literal(): string {
    return this.#random.pick(["'l'", '1', 'null', 'true', '`m`', '2n.toString()', 'undefined', '__filename']);
  }

  #called(names: readonly Bound[]): string {
    const [bound] = this.#random.shuffled(names.filter(({ kind }) => kind === 'helper' || kind === 'say'));
    return bound?.name ?? 'String';
  }

  #library(names: readonly Bound[]): string {
    const [bound] = this.#random.shuffled(names.filter(({ kind }) => kind === 'library' || kind === 'interop'));
    if (bound === undefined) return `require('lib')`;
    return bound.kind === 'interop' ? `${bound.name}.default` : bound.name;
  }

  #list(names: readonly Bound[], depth: number): string {
    const [other] = this.#random.shuffled(names.filter(({ kind }) => kind === 'list'));
    const a = this.text(names, depth - 1);
    return this.#random.pick([
      '[]',
      `[${a}, ${this.text(names, depth - 1)}]`,
      `[...${other?.name ?? '[]'}, ${a}]`,
      `${this.#library(names)}.list(${a})`,
      `Array.of(${a})`,
      `new Array(${a}, 2)`,
    ]);
  }

  #map(names: readonly Bound[], depth: number): string {
    const [other] = this.#random.shuffled(names.filter(({ kind }) => kind === 'map'));
    const a = this.text(names, depth - 1);
    return this.#random.pick(['new Map()', `new Map([['k', ${a}]])`, `new Map(${other?.name ?? '[]'})`]);
  }

  #record(names: readonly Bound[], depth: number): string {
    const library = this.#library(names);
    const a = this.text(names, depth - 1);
    return this.#random.pick([
      '{}',
      `${library}.make(${a})`,
      `new (${library}.Made)(${a})`,
      `require('other').make(${a})`,
      'Object.create(null)',
    ]);
  }
}
