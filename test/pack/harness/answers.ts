// Everything that a reader can be asked about an input, as a flat map: for comparing a damaged pack with a whole one.
import { PackError } from '../../../snapshot-entry/launch/pack-errors.cjs';
import type { PackExpectation } from '../../../snapshot-entry/launch/pack-header.cjs';
import { openPack, type PackReader } from '../../../snapshot-entry/launch/pack-reader.cjs';
import type { PackInput } from '../../../src/pack/types.js';

/** Question to answer; an answer that was a PackError is `!CODE`. Anything else thrown is a defect and passes on. */
export type Answers = Map<string, string>;

export function askAll(path: string, expected: PackExpectation, input: PackInput): Answers {
  const answers: Answers = new Map();
  let reader: PackReader;
  try {
    reader = openPack(path, expected);
  } catch (error) {
    return answers.set('open', codeOf(error));
  }
  try {
    askReader(reader, input, answers);
  } finally {
    reader.close();
  }
  return answers;
}

export function askReader(reader: PackReader, input: PackInput, answers: Answers = new Map()): Answers {
  for (const { file } of input.modules) {
    ask(answers, `read ${file}`, () => contentOf(reader, reader.indexOf(file)));
  }
  for (const { from, request } of input.resolutions) {
    ask(answers, `resolve ${request} from ${from}`, () => targetOf(reader, from, request));
  }
  return answers;
}

function contentOf(reader: PackReader, index: number): unknown {
  if (index === -1) return 'absent';
  const { wrapped, cache, format, usesDynamicImport } = reader.read(index);
  const held = cache === undefined ? null : cache.toString('hex');
  const hash = reader.sourceHash(index).toString('hex');
  return [reader.fileOf(index), reader.isPacked(index), wrapped, held, format, usesDynamicImport, hash];
}

function targetOf(reader: PackReader, from: string, request: string): unknown {
  const target = reader.resolve(reader.indexOf(from), request);
  return typeof target === 'number' ? [reader.fileOf(target), reader.isPacked(target)] : target;
}

function ask(answers: Answers, question: string, answer: () => unknown): void {
  try {
    answers.set(question, JSON.stringify(answer()) ?? 'undefined');
  } catch (error) {
    answers.set(question, codeOf(error));
  }
}

export function codeOf(error: unknown): string {
  if (error instanceof PackError) return `!${error.code}`;
  throw error;
}

/** The error codes among the answers, and the answers that are neither an error nor the truth. */
export function judge(answers: Answers, truth: Answers): { codes: Set<string>; wrong: string[] } {
  const codes = new Set<string>();
  const wrong: string[] = [];
  for (const [question, answer] of answers) {
    if (answer.startsWith('!')) codes.add(answer.slice(1));
    else if (answer !== truth.get(question)) wrong.push(`${question}: ${answer}`);
  }
  return { codes, wrong };
}
