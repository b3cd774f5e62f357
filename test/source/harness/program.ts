// Random CommonJS modules: statements that may wait among others that use, change and shadow what these set.
import { Bodies } from './bodies.js';
import { type Bound, Expressions, type Kind } from './expressions.js';
import { Random } from './random.js';

export interface Program {
  readonly source: string;
  /** Members of its exports. */
  readonly exported: readonly string[];
}

/** Written when all names are known: functions use names that are declared after them. */
type Late = () => string[];

const HELPERS = {
  typescript: [
    'var __importDefault = (this && this.__importDefault) || function (mod) {',
    '  return (mod && mod.__esModule) ? mod : { "default": mod };',
    '};',
  ],
  babel: ['function __importDefault(e) { return e && e.__esModule ? e : { default: e }; }'],
  /** The only one whose calls may wait: it is no function of the module. */
  library: ["const { __importDefault } = require('helpers')"],
};

class Writer {
  readonly #random: Random;
  readonly #expressions: Expressions;
  readonly #bodies: Bodies;
  readonly #isStrict: boolean;
  readonly #end: string;
  readonly #parts: Late[] = [];
  readonly #exported: string[] = ['value'];
  /** Declared so far. */
  readonly #names: Bound[] = [];
  readonly #functions: string[] = [];
  #count = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
    this.#expressions = new Expressions(this.#random);
    this.#bodies = new Bodies(this.#random, this.#expressions);
    this.#isStrict = this.#random.chance(40);
    this.#end = this.#random.chance(60) ? ';' : '';
  }

  write(): Program {
    this.#begin();
    const length = 6 + this.#random.below(12);
    for (let i = 0; i < length; i++) this.#random.chance(55) ? this.#waiting() : this.#kept();
    this.#exportFunction();
    const blocks = this.#parts.map((part) => part());
    return { source: this.#join(blocks), exported: this.#exported };
  }

  #begin(): void {
    if (!this.#isStrict && this.#random.chance(25)) this.#waiting();
    else if (this.#random.chance(25)) this.#put(() => ['#!/usr/bin/env node']);
    if (this.#isStrict) this.#put(() => [`'use strict'${this.#end}`]);
    if (this.#random.chance(30)) return;
    const helper = this.#random.pick([HELPERS.typescript, HELPERS.babel, HELPERS.library]);
    this.#put(() => helper);
    this.#interop();
  }

  #join(blocks: readonly (readonly string[])[]): string {
    const lines = blocks.flatMap((block) => {
      if (block.length === 0) return [];
      const comment = this.#random.pick([[], [], [], ['// c'], [''], ['/*', ' c */ void 0;'], ['/* c */']]);
      return [...(this.#parts.length > 0 && blocks[0] !== block ? comment : []), ...block];
    });
    const ending = this.#random.pick(['\n', '\n', '\n', '\r\n']);
    return lines.join('\n').replaceAll('\n', ending) + this.#random.pick(['', ending]);
  }

  #put(part: Late): void {
    this.#parts.push(part);
  }

  #fresh(prefix: string): string {
    this.#count++;
    return `${prefix}${this.#count}`;
  }

  #declare(prefix: string, kind: Kind): string {
    const name = this.#fresh(prefix);
    this.#names.push({ name, kind });
    return name;
  }

  #keyword(): string {
    return this.#random.pick(['const', 'const', 'var', 'let']);
  }

  /** A statement that may wait; mostly without the module's own functions, next to which none can. */
  #waiting(names: readonly Bound[] = this.#usable()): void {
    const shared = `${this.#end === '' ? ';' : ''} probe('tail')${this.#end}`;
    const trailing = this.#random.pick(['', '', '', '', '', ' // c', ' // c', ' /* c */', shared]);
    const lines = this.#random.pick([
      () => [`${this.#keyword()} ${this.#value(names)}${this.#end}${trailing}`],
      () => [`${this.#keyword()} ${this.#value(names)}${this.#end}${trailing}`],
      () => [`${this.#keyword()} ${this.#value(names)},`, `  ${this.#value(names)}${this.#end}${trailing}`],
      () => [`${this.#keyword()} ${this.#required()}${this.#end}${trailing}`],
      () => [`${this.#keyword()} ${this.#pattern(names)}${this.#end}${trailing}`],
    ])();
    this.#put(() => lines);
  }

  #usable(): Bound[] {
    return this.#names.filter(({ kind }) => kind !== 'helper' || this.#random.chance(10));
  }

  #value(names: readonly Bound[]): string {
    const kind = this.#random.pick(['text', 'text', 'list', 'map', 'record'] as const);
    const value = this.#expressions.of(kind, names);
    return `${this.#declare(kind[0] ?? 'v', kind)} = ${value}`;
  }

  #required(): string {
    const request = this.#random.pick(['lib', './other', 'node-ish']);
    if (this.#random.chance(30)) return `${this.#declare('v', 'text')} = require('${request}').nested.value`;
    return `${this.#declare('lib', 'library')} = require('${request}')`;
  }

  #interop(): void {
    const request = this.#random.pick(['lib', 'lib-esm']);
    const line = `${this.#keyword()} ${this.#declare('x_', 'interop')} = __importDefault(require('${request}'))${this.#end}`;
    this.#put(() => [line]);
  }

  #pattern(names: readonly Bound[]): string {
    const source = this.#random.pick(["require('lib')", "require('./other').nested"]);
    const text = this.#expressions.text(names, 1);
    return this.#random.pick([
      () => `{ value: ${this.#declare('v', 'text')}, say: ${this.#declare('say', 'say')} } = ${source}`,
      () => `{ ${this.#declare('value', 'text')}, ${this.#declare('say', 'say')} } = require('lib')`,
      () => `{ value: ${this.#declare('v', 'text')}, ...${this.#declare('r', 'record')} } = ${source}`,
      () => `[${this.#declare('v', 'text')}, , ...${this.#declare('l', 'list')}] = [${text}, 2, ${text}]`,
      () =>
        `{ label: ${this.#declare('v', 'text')}, nested: [${this.#declare('v', 'text')}] } = Object.assign({}, { __proto__: null, nested: [1] })`,
      () => `[${this.#declare('v', 'text')}, [${this.#declare('v', 'text')}]] = [${text}, [${text}]]`,
    ])();
  }

  #kept(): void {
    this.#random.pick([
      () => this.#helper(),
      () => this.#exportFunction(),
      () => this.#exportFunction(),
      () => this.#exportGetter(),
      () => this.#state(),
      () => this.#functionWithState(),
      () => this.#class(),
      () => this.#object(),
      () => this.#atLoad(),
      () => this.#atLoad(),
      () => this.#changed(),
    ])();
  }

  /** A function without state, which initialisers call. It uses what is declared before it. */
  #helper(): void {
    const fixed = this.#names.filter(({ kind }) => ['library', 'interop', 'say', 'helper'].includes(kind));
    const argument = { name: 'input', kind: 'text' } as const;
    const text = this.#expressions.text([argument, argument, ...fixed], 2);
    const name = this.#declare('help', 'helper');
    const lines = this.#random.pick([
      [`function ${name}(input) {`, `  return ${text}`, '}'],
      [`const ${name} = (input) => ${text}${this.#end}`],
      [`var ${name} = function (input) {`, `  let local = 0`, `  local++`, `  return ${text} + local`, `}${this.#end}`],
    ]);
    this.#put(() => lines);
  }

  #body(isLate = true): () => string[] {
    const names = isLate && this.#random.chance(60) ? this.#names : [...this.#names];
    return () => this.#bodies.of(names).map((line) => `  ${line}`);
  }

  #exportFunction(): void {
    const name = this.#fresh('f');
    this.#exported.push(name);
    this.#functions.push(name);
    const body = this.#body();
    const head = this.#random.pick([
      `exports.${name} = function () {`,
      `exports.${name} = () => {`,
      `exports.${name} = ${name}\nfunction ${name}() {`,
      `module.exports.${name} = function ${name}(first, ...rest) {`,
    ]);
    const end = head.includes('\n') ? '}' : `}${this.#end}`;
    const hasTail = this.#random.chance(25);
    this.#put(() => [
      ...head.split('\n'),
      ...body(),
      hasTail ? `${end}${end.endsWith(';') ? '' : ';'} probe('tail')` : end,
    ]);
  }

  #exportGetter(): void {
    const name = this.#fresh('g');
    this.#exported.push(name);
    const body = this.#body();
    this.#put(() => [
      `Object.defineProperty(exports, '${name}', { enumerable: true, get: function () {`,
      ...body(),
      `} })${this.#end}`,
    ]);
  }

  #state(): void {
    const name = this.#fresh('state');
    this.#exported.push(`${name}up`);
    const change = this.#random.pick([`${name}++`, `${name} += 1`, `${name} = ${name} ? 0 : 1`]);
    const text = this.#expressions.use(this.#names);
    this.#names.push({ name, kind: 'text' });
    const reader = this.#declare('reads', 'helper');
    const other = this.#fresh('reads');
    const readers = this.#random.pick([
      [`function ${reader}(input) { return \`\${${name}} \${input}\` }`],
      [`const ${reader} = (input) => [this.${name}now, input].join()${this.#end}`],
      [
        `function ${reader}(input) { ${other}; return \`\${${name}} \${input}\` }`,
        `function ${other}(input) { return ${reader}(input) }`,
      ],
    ]);
    this.#put(() => [
      `let ${name} = 0${this.#end}`,
      ...readers,
      `Object.defineProperty(exports, '${name}now', { get: () => ${name} })${this.#end}`,
      `exports.${name}up = function () { ${change}; return [${name}, ${text}] }${this.#end}`,
    ]);
    if (readers.length > 1) this.#names.push({ name: other, kind: 'helper' });
    this.#waiting([...this.#names]);
    this.#put(() => [this.#random.chance(50) ? `${change}${this.#end}` : `exports.${name}up()${this.#end}`]);
  }

  /** Its members change between two statements that may read them. */
  #functionWithState(): void {
    const name = this.#declare('fn', 'record');
    const label = this.#expressions.label();
    this.#put(() => [`function ${name}() {}`, `${name}.label = 'before'${this.#end}`]);
    this.#waiting([{ name, kind: 'record' }]);
    const reader = this.#declare('v', 'text');
    this.#put(() => [
      `const ${reader} = probe(${label}, ${name}.label)${this.#end}`,
      `${name}.label = 'after'${this.#end}`,
    ]);
  }

  /** What a statement made is read by another, then changed by kept code. */
  #changed(): void {
    const name = this.#declare('l', 'list');
    const made = this.#expressions.of('list', this.#names.slice(0, -1));
    const label = this.#expressions.label();
    const reader = this.#declare('v', 'text');
    const change = this.#bodies.change([{ name, kind: 'list' }]);
    this.#put(() => [`const ${name} = ${made}${this.#end}`]);
    this.#put(() => [`var ${reader} = probe(${label}, ${name})${this.#end}`]);
    this.#put(() => change.map((line) => `${line}${this.#end}`));
  }

  #anyName(): string {
    return this.#random.shuffled(this.#names)[0]?.name ?? 'exports';
  }

  #class(): void {
    const name = this.#fresh('K');
    this.#exported.push(`${name}m`);
    const body = this.#body();
    // Nothing that calls: V8 gives the frame of a class that runs its static code the place of the last call before it.
    const atLoad = this.#random.chance(15) ? `[${this.#anyName()}]` : "'s'";
    const field = this.#expressions.use(this.#names);
    this.#put(() => [
      `class ${name} {`,
      `  static s = ${atLoad};`,
      `  field = ${field};`,
      '  m() {',
      ...body(),
      '  }',
      '}',
      `exports.${name}m = () => new ${name}().m()${this.#end}`,
    ]);
  }

  #object(): void {
    const name = this.#fresh('o');
    this.#exported.push(`${name}m`);
    const body = this.#body();
    const atLoad = this.#random.chance(15) ? this.#expressions.use([...this.#names]) : '1';
    this.#put(() => [
      `${this.#random.pick(['const', 'var'])} ${name} = { at: ${atLoad}, m() {`,
      ...body(),
      `}, get g() { return this.m() } }${this.#end}`,
      `exports.${name}m = () => ${name}.g${this.#end}`,
    ]);
  }

  /** Kept code that runs at load. */
  #atLoad(): void {
    const names = this.#random.chance(35) ? [...this.#names] : [];
    const called = this.#random.shuffled(this.#functions)[0];
    const label = this.#expressions.label();
    const text = this.#expressions.text(names, 1);
    const name = this.#anyName();
    const shadow = this.#bodies.shadow(this.#names);
    const body = this.#body(false);
    const lines = this.#random.pick<string[]>([
      [`probe(${label}, ${text})`],
      [`probe(${label}, this === exports, typeof require)`],
      [`exports.value = ${text}`],
      [`exports.value = { ${name} }`],
      [`if (${text}) probe(${label})`, `else probe(${label}, 2)`],
      [`{ let ${shadow} = 1; probe(${label}, ${shadow}) }`],
      [`for (const ${shadow} of [1, 2]) probe(${label}, ${shadow})`],
      [`probe(${label}); probe(${label}, 'two on a line')`],
      called === undefined ? [`probe(${label})`] : [`attempt(() => exports.${called}())`],
      this.#bodies.change(names),
      [`do probe(${label}); while (false)`],
      [`attempt(function () {`, '  BODY', '})'],
      [`probe(${label}, ((${shadow}) => typeof ${shadow})(1), /r/.test('r'))`],
      ["'text in the midst'"],
    ]);
    this.#put(() => {
      const block = lines.flatMap((line) => (line === '  BODY' ? body() : [line]));
      return block.map((line, index) => (index === block.length - 1 ? `${line}${this.#end}` : line));
    });
  }
}

export function programOf(seed: number): Program {
  return new Writer(seed).write();
}
