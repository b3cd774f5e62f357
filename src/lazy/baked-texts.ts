// The texts that are baked instead of the files': without deferred statements, and without comments that nobody can see.
import { readFile } from 'node:fs/promises';
import type { PlannedModule } from '../../snapshot-entry/bake-plan.cjs';
import { withoutOuterComments } from '../bake/outer-comments.js';
import type { Plan, PlannedVerdict } from '../plan/types.js';
import { rewrite } from './rewrite.js';

/** Of one module; both absent where the file's own text is baked. */
export type BakedText = Pick<PlannedModule, 'rewritten' | 'text'>;

/** Worlds of a program that bake the same of a module share what is made of it. */
export class BakedTexts {
  readonly #made = new Map<string, BakedText>();

  /** By module: of all that the plan bakes but JSON. */
  async of(plan: Plan): Promise<Map<string, BakedText>> {
    const scripts = plan.modules.filter(({ file, verdict }) => verdict === 'baked' && !file.endsWith('.json'));
    const texts = new Map<string, BakedText>();
    for (const module of scripts) texts.set(module.file, this.#textOf(module, await readFile(module.file, 'utf8')));
    return texts;
  }

  #textOf(module: PlannedVerdict, contents: string): BakedText {
    const statements = module.deferred.map(({ index, loadsFiles, requires }) => [index, loadsFiles, requires]);
    const key = `${JSON.stringify(statements)}${contents}`;
    const text = this.#made.get(key) ?? bakedText(module, contents);
    this.#made.set(key, text);
    return text;
  }
}

function bakedText({ deferred }: PlannedVerdict, contents: string): BakedText {
  const source = contents.replace(/^\uFEFF/, '');
  if (deferred.length === 0) {
    const text = withoutOuterComments(source);
    return text === source ? {} : { text };
  }
  const loading = deferred.filter(({ loadsFiles }) => loadsFiles).map(({ index, requires }) => ({ index, requires }));
  const { text, columnOffset } = rewrite(source, new Set(deferred.map(({ index }) => index)));
  return { rewritten: { text: withoutOuterComments(text), columnOffset, loading } };
}
