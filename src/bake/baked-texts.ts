// The texts that are baked instead of the files': without deferred statements, and without comments that nobody can see;
// and where in them the functions are that training runs called.
import { readFile } from 'node:fs/promises';
import type { PlannedModule } from '../../snapshot-entry/shared/bake-plan.cjs';
import type { Graph } from '../graph/types.js';
import type { Plan, PlannedVerdict } from '../plan/types.js';
import { rangesInBaked } from '../source/called-functions.js';
import { rangesIn } from '../source/ranges.js';
import { rewrite } from '../source/rewrite.js';
import { moduleText } from '../source/source-text.js';
import type { StaticFacts } from '../source/static-facts.js';

/** Of one module; `rewritten` and `text` are absent where the file's own text is baked. */
export type BakedText = Pick<PlannedModule, 'rewritten' | 'text' | 'called'>;

/** Worlds of a program that bake the same of a module share what is made of it. */
export class BakedTexts {
  readonly #made = new Map<string, BakedText>();

  /** By module: of all that the plan bakes but JSON. `facts`: by module; they say where its statements stand. */
  async of(
    plan: Plan,
    { modules }: Pick<Graph, 'modules'>,
    facts: ReadonlyMap<string, StaticFacts>,
  ): Promise<Map<string, BakedText>> {
    const called = new Map(modules.map((module) => [module.file, module.called]));
    const scripts = plan.modules.filter(({ file, verdict }) => verdict === 'baked' && !file.endsWith('.json'));
    const texts = new Map<string, BakedText>();
    for (const module of scripts) {
      const contents = await readFile(module.file, 'utf8');
      texts.set(module.file, this.#textOf(module, contents, facts.get(module.file), called.get(module.file)));
    }
    return texts;
  }

  #textOf(
    module: PlannedVerdict,
    contents: string,
    facts: StaticFacts | undefined,
    called: readonly number[] | undefined,
  ): BakedText {
    const statements = module.deferred.map(({ index, loadsFiles, requires }) => [index, loadsFiles, requires]);
    const key = `${module.isLazy}${JSON.stringify(statements)}${contents}`;
    const text = this.#made.get(key) ?? bakedText(module, contents, facts);
    this.#made.set(key, text);
    return called === undefined ? text : { ...text, called: calledIn(text, withoutMark(contents), called) };
  }
}

function calledIn({ rewritten, text }: BakedText, source: string, called: readonly number[]): number[] {
  return rangesInBaked(source, called, rewritten?.text ?? text ?? source, rewritten?.columnOffset);
}

/** As Node's loader strips it. */
function withoutMark(contents: string): string {
  return contents.replace(/^\uFEFF/, '');
}

/** A lazy module is evaluated as a whole. */
function bakedText({ deferred, isLazy }: PlannedVerdict, contents: string, facts: StaticFacts | undefined): BakedText {
  const source = withoutMark(contents);
  const compiled = moduleText(source);
  const ranges = rangesIn(compiled, facts);
  if (deferred.length === 0 || isLazy) {
    const { text } = rewrite(source, ranges, new Set());
    return text === source ? {} : { text };
  }
  const loading = deferred.filter(({ loadsFiles }) => loadsFiles).map(({ index, requires }) => ({ index, requires }));
  const rewritten = rewrite(compiled, ranges, new Set(deferred.map(({ index }) => index)));
  return { rewritten: { ...rewritten, loading } };
}
