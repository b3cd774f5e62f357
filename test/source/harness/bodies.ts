// Random bodies of kept code: every form in which a name of the module can be used, within functions and without.
import type { Bound, Expressions } from './expressions.js';
import type { Random } from './random.js';

export class Bodies {
  readonly #random: Random;
  readonly #expressions: Expressions;

  constructor(random: Random, expressions: Expressions) {
    this.#random = random;
    this.#expressions = expressions;
  }

  /** Statements, the last of which returns. No line of them begins with what could continue the line before. */
  of(names: readonly Bound[]): string[] {
    const before = Array.from({ length: this.#random.below(3) }, () => this.#statement(names)).flat();
    return [
      ...before,
      this.#random.chance(40) ? `return probe(${this.#label()}, ${this.#text(names)})` : this.#last(names),
    ];
  }

  /** Something that changes what names hold, where there are such names. */
  change(names: readonly Bound[]): string[] {
    const [bound] = this.#random.shuffled(names.filter(({ kind }) => ['list', 'map', 'record'].includes(kind)));
    if (bound === undefined) return [];
    const { name, kind } = bound;
    const text = this.#text(names);
    if (kind === 'list')
      return [this.#random.pick([`${name}.push(${text})`, `${name}[0] = ${text}`, `${name}.length = 0`])];
    if (kind === 'map') return [this.#random.pick([`${name}.set('k', ${text})`, `${name}.clear()`])];
    return [
      this.#random.pick([
        `${name}.label = ${text}`,
        `delete ${name}.label`,
        `Object.assign(${name}, { label: ${text} })`,
        `({ value: ${name}.label } = { value: ${text} });`,
        `for (${name}.label of ['a', 'b']) ;`,
      ]),
    ].map((line) => (line.startsWith('(') ? `;${line}` : line));
  }

  #label(): string {
    return this.#expressions.label();
  }

  #text(names: readonly Bound[]): string {
    return this.#expressions.text(names, 1);
  }

  /** For a declaration in an inner scope: mostly its own, as a name that is declared twice cannot wait. */
  shadow(names: readonly Bound[]): string {
    const [bound] = this.#random.shuffled(names);
    return bound !== undefined && this.#random.chance(10) ? bound.name : this.#own('s');
  }

  /** A name that nothing else has. */
  #own(prefix: string): string {
    return `${prefix}${this.#label().slice(2, -1)}`;
  }

  #statement(names: readonly Bound[]): string[] {
    const use = this.#expressions.use(names);
    const text = this.#text(names);
    const label = this.#label();
    const name = this.#random.shuffled(names)[0]?.name ?? 'exports';
    const shadow = this.shadow(names);
    const set = this.#own('z');
    const local = this.#own('L');
    return this.#random.pick<string[]>([
      this.change(names),
      this.change(names),
      [`probe(${label}, ${text})`],
      [`if (typeof ${name} !== 'undefined') probe(${label}, ${use})`, `else probe(${label})`],
      ['try {', `  throw new Error(${use})`, `} catch (error) { probe(${label}, error.message) }`],
      [`{ const ${shadow} = 'inner'; probe(${label}, ${shadow}) }`],
      [`for (const item of [${use}, ${text}]) probe(${label}, item)`],
      [`switch (${use}) { case ${text}: probe(${label}); break; default: probe(${label}, 1) }`],
      [`out: for (;;) { for (;;) { probe(${label}, ${use}); break out } }`],
      [`const { ${set} = ${text} } = {}`, `probe(${label}, ${set})`],
      [`let ${set}`, `void ({ ${set} = ${text} } = {})`, `probe(${label}, ${set})`],
      [`let ${set}`, `for ({ ${set} = ${name} } of [{}]) probe(${label}, typeof ${set})`],
      [
        `class ${local} {`,
        `  field = ${use}`,
        `  static fixed = ${text}`,
        `}`,
        `probe(${label}, new ${local}().field)`,
      ],
      [name],
      [`void ${name}`],
      [`typeof ${name}`],
      [`while (!${use} && false) ${name}`],
    ]);
  }

  #last(names: readonly Bound[]): string {
    const use = this.#expressions.use(names);
    const text = this.#text(names);
    const label = this.#label();
    const name = this.#random.shuffled(names)[0]?.name ?? 'exports';
    const shadow = this.shadow(names);
    return this.#random.pick([
      `return { ${name}, other: ${use} }`,
      `return { [${use}]: ${text}, get own() { return ${use} } }.own`,
      `return (() => ${text})()`,
      `return (() => ({ ${name} }))()`,
      `return (function (a = ${use}, { b = ${text} } = {}) { return [a, b] })()`,
      `return (function ${shadow}() { return typeof ${shadow} })()`,
      `return ((${shadow}) => ${shadow})(${label})`,
      `return (function () { var ${shadow} = ${label}; return ${shadow} })()`,
      `return [...(function* () { yield ${use}; yield* [${text}] })()]`,
      `return new (class { #p = ${use}; read() { return this.#p } })().read()`,
      `return new (class extends (class { m(a = ${text}) { return a } }) { get g() { return super.m() } })().g`,
      `return String.raw\`\${${use}} x\``,
      `return [${name}] instanceof Array && ${use}`,
      `return ${name}`,
      `return (${text}, ${use})`,
      `return attempt(() => { throw new RangeError(${use}) })`,
    ]);
  }
}
